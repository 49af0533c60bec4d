package io.vertask.app.run;

import io.vertask.app.job.Job;
import io.vertask.app.journal.Totals;
import java.time.Duration;
import java.util.Optional;

/**
 * How a run ended.
 *
 * @param id the run's short name
 * @param took from the first item to the end of the output; zero when it did not start
 * @param words why it ended before its input did, for people, without a full stop; empty when it did not, or was asked
 *     to
 * @param fix what to do before a later run goes on; empty when there is nothing to do
 * @param bug an error that is a bug of the program
 * @param written whether all results were written
 */
public record RunEnd(
        Job job,
        String id,
        Totals totals,
        Duration took,
        Cause cause,
        Optional<String> words,
        Optional<String> fix,
        Optional<Throwable> bug,
        boolean written) {

    /** The ways in which a run ends. */
    public enum Cause {
        /** It came to the end of its input. */
        FINISHED,
        /** Its caller drained or cancelled it. */
        ASKED,
        /** It stopped itself: a deadline, {@code stop_after}, a refused login, an output that can't be written. */
        STOPPED,
        /** Nobody reads its results any more. */
        READER_GONE,
        /** A client, the input or the output could not be opened; nothing was sent. */
        NOT_STARTED,
        /** Its verticle did not deploy; nothing was sent. */
        NOT_DEPLOYED
    }

    /** How many items may fail. */
    public long allowed() {
        return job.limits().allowFailures().of(totals.items().orElse(totals.begun() + totals.skipped()));
    }

    /** Whether no more items have failed than may. */
    public boolean isWithinAllowed() {
        return totals.allFailed() <= allowed();
    }
}
