package io.vertask.app.run;

import io.vertask.app.job.Item;
import io.vertask.app.workload.Answer;
import io.vertask.app.workload.CallFailure;
import io.vertask.app.workload.ItemCall;
import io.vertask.app.workload.Workload;
import io.vertask.client.PhaseListener;
import io.vertask.task.CancelledException;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The call of an item that goes on from a kept answer: it gives that answer instead of making the call, and does the
 * rest as the workload does.
 */
final class KeptCall implements ItemCall {
    /** The part of an item whose kept answer can't be read. */
    static final String ANSWER = "answer";

    private final Workload workload;
    private final Item item;
    private final boolean repeatable;
    private final KeptAnswer kept;
    private @Nullable ItemCall next;

    /** {@code repeatable}: the call may be made again if the answer can't be read. */
    KeptCall(Workload workload, Item item, boolean repeatable, KeptAnswer kept) {
        this.workload = workload;
        this.item = item;
        this.repeatable = repeatable;
        this.kept = kept;
    }

    @Override
    public Future<Answer> attempt(PhaseListener phases) {
        ItemCall known = next;
        return known != null
                ? known.attempt(phases)
                : Tasks.await(kept.read())
                        .transform(
                                read -> read.succeeded() ? goOn(read.result(), phases) : unread(read.cause(), phases));
    }

    private Future<Answer> goOn(KeptAnswer.Rest rest, PhaseListener phases) {
        if (rest.part().equals(KeptAnswer.INTO)) {
            ItemCall recording = workload.recording(item, none -> Future.succeededFuture(rest.answer()));
            next = recording;
            return recording.attempt(phases);
        }
        // after a page come the others
        next = rest.answer().more() ? workload.call(item) : null;
        return Future.succeededFuture(rest.answer());
    }

    private Future<Answer> unread(Throwable why, PhaseListener phases) {
        if (why instanceof CancelledException) {
            return Future.failedFuture(why);
        }
        if (!repeatable) {
            return Future.failedFuture(
                    CallFailure.lasting("unknown", "the kept answer of its call can't be read: " + why.getMessage()));
        }
        ItemCall call = workload.call(item);
        next = call;
        return call.attempt(phases);
    }

    @Override
    public Optional<Answer> answered() {
        return next == null ? Optional.empty() : next.answered();
    }
}
