package io.vertask.app.run;

import io.vertask.app.job.Job;
import io.vertask.app.workload.Threads;
import io.vertask.client.Reached;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a run ended, for the summary and the exit code.
 *
 * @param run its short name
 * @param items how many items the input has; empty when that was never known
 * @param took from the first item to the end
 * @param reached what cancels and timeouts reached
 * @param threads what they reached on threads of the workload's own
 * @param stalls how often the event loop was blocked
 * @param why why it ended before its input did; empty otherwise
 */
record RunEnd(
        Job job,
        String run,
        OptionalLong items,
        Tally tally,
        Times times,
        Pause pause,
        Duration took,
        Reached.Counts reached,
        Threads threads,
        long stalls,
        Optional<Cut> why) {

    /** A run that ended before its input did. */
    record Cut(ExitCode code, String words) {}

    long allowed() {
        return job.limits().allowFailures().of(items.orElse(tally.begun()));
    }

    ExitCode code() {
        if (why.isPresent()) {
            return why.get().code();
        }
        return tally.failed() > allowed() ? ExitCode.FAILURES : ExitCode.OK;
    }

    /** Items of the input that no attempt was made for. */
    long notStarted() {
        return Math.max(0, items.orElse(tally.begun()) - tally.begun());
    }
}
