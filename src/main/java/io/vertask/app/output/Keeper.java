package io.vertask.app.output;

import io.vertask.app.job.ClientConfig;
import io.vertask.app.job.Job;
import io.vertask.app.job.Step;
import io.vertask.app.job.template.JsonText;
import io.vertask.app.journal.ItemEnd;
import io.vertask.app.journal.ItemFailure;
import io.vertask.app.ledger.FileTrouble;
import io.vertask.app.ledger.Ledger;
import io.vertask.app.run.KeptAnswer;
import io.vertask.app.workload.Answer;
import io.vertask.app.workload.AnswerJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.EncodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.Optional;

/**
 * Keeps the answers of items that failed only after their call in the ledger's folder, so that a later run does again
 * what failed and does not make the call again.
 *
 * <p><b>Threads.</b> One at a time; it blocks.
 */
final class Keeper {
    /** The most bytes of a file besides those of the answer: the item, its key and the names. */
    private static final long AROUND = 64 << 10;

    private final Ledger ledger;
    private final long most;
    private final boolean repeatable;

    Keeper(Ledger ledger, Job job) {
        Step step = job.step();
        Optional<ClientConfig> client = step.client().map(name -> job.clients().get(name));
        this.ledger = ledger;
        this.most = step.mostKept(client) + AROUND;
        this.repeatable = step.isRepeatable();
    }

    /**
     * Keeps the answer of an item that was cancelled before its row was recorded, and returns its end: a failure when
     * that is not possible. A later process finds the answer without a line in the ledger.
     */
    ItemEnd keepCancelled(ItemEnd cancelled, Answer answer) {
        ItemEnd failed = cancelled.failed(
                ItemFailure.after(KeptAnswer.INTO, "stopped", "stopped before its result was recorded"));
        ItemEnd kept = keep(failed, answer);
        return kept.equals(failed) ? cancelled : kept;
    }

    /** Keeps the answer of a failed item and returns the end to record: another one when that is not possible. */
    ItemEnd keep(ItemEnd failed, Answer answer) {
        ItemFailure why = failed.failure().orElseThrow();
        try {
            ledger.keep(failed.n(), bytes(failed, answer, why.part().orElse(KeptAnswer.OUTPUT)));
            return failed;
        } catch (IOException reason) {
            if (ledger.hasKept(failed.n())) {
                return failed; // that of the earlier process stays
            }
            return failed.failed(why.unkept("its answer can't be kept: " + FileTrouble.reason(reason)
                    + (repeatable ? "" : ", so --retry-failed does not call again without do.retry_unsafe")));
        }
    }

    private byte[] bytes(ItemEnd end, Answer answer, String part) throws IOException {
        Buffer bytes;
        try {
            bytes = new JsonObject()
                    .put("n", end.n())
                    .put("key", end.key())
                    .put("part", part)
                    .put("answer", AnswerJson.of(answer))
                    .toBuffer();
            if (bytes.length() <= most) {
                JsonText.value(bytes);
            }
        } catch (EncodeException | DecodeException | IllegalStateException odd) {
            throw new IOException("it can't be written as JSON", odd);
        }
        if (bytes.length() > most) {
            throw new IOException("it takes " + bytes.length() + " bytes, more than max_body");
        }
        return bytes.getBytes();
    }

    /** Reads what {@link #keep} has written. <b>Failure.</b> {@link IOException} when it can't be read. */
    static KeptAnswer.Rest read(Ledger ledger, long number, String key) throws IOException {
        try {
            Object json = JsonText.value(Buffer.buffer(ledger.answer(number)));
            if (json instanceof JsonObject kept && key.equals(kept.getString("key"))) {
                return new KeptAnswer.Rest(
                        kept.getString("part", KeptAnswer.OUTPUT), AnswerJson.read(kept.getJsonObject("answer")));
            }
        } catch (DecodeException | ClassCastException | NullPointerException damaged) {
            throw new IOException("the file is damaged", damaged);
        }
        throw new IOException("the file is of another item");
    }
}
