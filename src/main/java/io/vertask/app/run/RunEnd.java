package io.vertask.app.run;

import io.vertask.app.job.Job;
import io.vertask.app.journal.Totals;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The end of a run.
 *
 * @param id the run's short name
 * @param took the time from the first item to the end of the output; zero when the run did not start
 * @param words the reason why it ended before its input, for people, without a full stop; empty when it did not, or
 *     when its caller stopped it
 * @param fix the thing to do before a later run goes on; empty when there is nothing to do
 * @param bug an error that is a bug of the program
 * @param written whether all results were written
 * @param unwritten the number of done items whose results were neither written nor recorded
 * @param remarks the remarks on odd answers, one line each
 */
public record RunEnd(
        Job job,
        String id,
        Totals totals,
        Duration took,
        Cause cause,
        Optional<String> words,
        Optional<Fix> fix,
        Optional<Throwable> bug,
        boolean written,
        long unwritten,
        List<String> remarks) {

    public RunEnd {
        remarks = List.copyOf(remarks);
    }

    /**
     * The thing to do before a later run goes on.
     *
     * @param what in words like: Fix the token
     * @param ofFailed whether items have failed for the reason that is removed then, so that they have to be retried
     */
    public record Fix(String what, boolean ofFailed) {}

    /** The ways in which a run ends. */
    public enum Cause {
        /** It reached the end of its input. */
        FINISHED,
        /** Its caller drained or cancelled it. */
        ASKED,
        /** It stopped itself: a deadline, {@code stop_after}, a refused login, an output that can't be written. */
        STOPPED,
        /** The reader of its results has gone. */
        READER_GONE,
        /** A client, the input or the output could not be opened; nothing was sent. */
        NOT_STARTED,
        /** Its verticle did not deploy; nothing was sent. */
        NOT_DEPLOYED
    }

    /** The number of items that may fail. */
    public long allowed() {
        return job.limits().allowFailures().of(totals.items().orElse(totals.begun() + totals.skipped()));
    }

    /** Whether no more items have failed than allowed. */
    public boolean isWithinAllowed() {
        return totals.allFailed() <= allowed();
    }
}
