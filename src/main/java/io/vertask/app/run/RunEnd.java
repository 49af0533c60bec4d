package io.vertask.app.run;

import io.vertask.app.job.Job;
import io.vertask.app.workload.Threads;
import io.vertask.client.Reached;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a run ended, for the summary and the exit code.
 *
 * @param run its short name
 * @param items how many items the input has; empty when that was never known
 * @param isResumable whether a later run can go on from it
 * @param took from the first item to the end
 * @param reached what cancels and timeouts reached
 * @param threads what they reached on threads of the workload's own
 * @param stalls how often the event loop was blocked
 * @param results where its ledger is; empty when it leaves none
 * @param why why it ended before its input did; empty otherwise
 */
record RunEnd(
        Job job,
        String run,
        OptionalLong items,
        boolean isResumable,
        Tally tally,
        Times times,
        Pause pause,
        Duration took,
        Reached.Counts reached,
        Threads threads,
        long stalls,
        Optional<Path> results,
        Optional<Cut> why) {

    /**
     * A run that ended before its input did.
     *
     * @param words why, to be followed by a colon
     * @param fix what to do before it is gone on with; empty: nothing
     */
    record Cut(ExitCode code, String words, Optional<String> fix) {}

    long allowed() {
        return job.limits().allowFailures().of(items.orElse(tally.begun() + tally.skipped()));
    }

    /** Items that have failed and were not done again, in this process or an earlier one. */
    long failed() {
        return tally.failed() + tally.skippedFailed();
    }

    ExitCode code() {
        if (why.isPresent()) {
            return why.get().code();
        }
        return failed() > allowed() ? ExitCode.FAILURES : ExitCode.OK;
    }

    /** Items of the input that no attempt was made for. */
    long notStarted() {
        return Math.max(0, items.orElse(0) - tally.begun() - tally.skipped());
    }
}
