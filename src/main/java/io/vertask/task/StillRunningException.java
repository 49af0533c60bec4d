package io.vertask.task;

import java.time.Duration;
import java.util.List;

/**
 * The report that a cancelled group still waits for some of its tasks after its grace period. The exception handler of
 * the context gets it, once for each group. The group goes on waiting.
 */
public final class StillRunningException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> tasks;

    StillRunningException(String group, Duration grace, List<String> tasks) {
        super(
                "task group '" + group + "' was cancelled " + Durations.text(grace) + " ago and still waits for "
                        + String.join(", ", tasks),
                null,
                false,
                false);
        this.tasks = List.copyOf(tasks);
    }

    /** The tasks that still run, with their paths and states, and the group's own body if it does. */
    public List<String> tasks() {
        return tasks;
    }
}
