package io.vertask.app.run;

import io.vertask.app.job.Mask;
import io.vertask.app.ledger.Entry;
import io.vertask.app.ledger.FileTrouble;
import io.vertask.app.ledger.Ledger;
import io.vertask.app.output.Results;
import io.vertask.app.output.Row;
import io.vertask.app.workload.CallFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where finished items go: to the output first, and when they are out, into the ledger.
 *
 * <p><b>Failure.</b> {@link Broken}; nothing may be added then.
 *
 * <p><b>Threads.</b> One at a time; all methods block.
 */
final class Recording {
    private final Results results;
    private final Optional<Ledger> ledger;
    private final Mask mask;
    private final boolean onlyRows;
    private final List<Entry> out = new ArrayList<>();

    /** {@code onlyRows}: an item's results are its rows, and its good end says nothing more. */
    Recording(Results results, Optional<Ledger> ledger, Mask mask, boolean onlyRows) {
        this.results = results;
        this.ledger = ledger;
        this.mask = mask;
        this.onlyRows = onlyRows;
    }

    /** Nothing can be written any more; without words when there is only nobody who reads. */
    static final class Broken extends Exception {
        private static final long serialVersionUID = 1L;

        private Broken(String words, @Nullable Throwable bug) {
            super(words, bug, false, false);
        }

        /** By what nobody foresaw. */
        static Broken of(Throwable bug) {
            return new Broken("results can't be written: " + bug, bug);
        }

        Optional<Throwable> bug() {
            return Optional.ofNullable(getCause());
        }

        Optional<String> words() {
            return Optional.ofNullable(getMessage()).filter(words -> !words.isEmpty());
        }
    }

    void add(ItemResult result) throws Broken {
        if (result.end() == ItemResult.End.CANCELLED) {
            return;
        }
        if (result.part().isPresent()) {
            add(result, result.part().get());
            return;
        }
        Entry entry = entry(result);
        Optional<String> line = entry.ok() ? result.line() : result.line().map(mask::message);
        if (!(onlyRows && entry.ok())) {
            add(new Row(entry, line, result.value()));
        }
        out.add(entry);
    }

    /** Rows are in no ledger: their item is when it has ended. */
    private void add(ItemResult result, ItemResult.Part part) throws Broken {
        Entry entry = entry(result);
        for (ItemResult.Part.One row : part.rows()) {
            add(new Row(entry, row.line(), row.value()));
        }
    }

    private void add(Row row) throws Broken {
        try {
            results.add(row);
        } catch (IOException failed) {
            throw broken(failed);
        }
    }

    private Entry entry(ItemResult result) {
        return new Entry(
                result.n(),
                mask.message(result.key()),
                result.end() == ItemResult.End.OK || result.isPart(),
                result.attempts(),
                result.took().toMillis(),
                result.failure().map(this::error),
                result.again());
    }

    private Entry.Failure error(CallFailure why) {
        CallFailure.Detail detail = why.detail();
        return new Entry.Failure(
                detail.kind(),
                detail.status(),
                detail.phase().map(phase -> phase.name().toLowerCase(Locale.ROOT)),
                mask.message(why.getMessage()),
                why.effect() == CallFailure.Effect.RETRYABLE);
    }

    /** Writes what was added, unless the format still holds it back. */
    void flush() throws Broken {
        boolean all;
        try {
            all = results.flush();
        } catch (IOException failed) {
            throw broken(failed);
        }
        record(all ? out : List.of());
        if (all) {
            out.clear();
        }
    }

    /** Nothing came for a while. */
    void idle() throws Broken {
        record(List.of());
    }

    /** Writes everything. */
    void end() throws Broken {
        try {
            results.end();
        } catch (IOException failed) {
            throw broken(failed);
        }
        flush();
    }

    private void record(List<Entry> entries) throws Broken {
        if (ledger.isEmpty()) {
            return;
        }
        try {
            ledger.get().append(entries);
            ledger.get().syncIfDue();
        } catch (IOException failed) {
            throw new Broken(ledger.get().file() + " can't be written: " + FileTrouble.reason(failed), null);
        }
    }

    private Broken broken(IOException failed) {
        return new Broken(results.isReaderGone(failed) ? "" : results.words(failed), null);
    }
}
