package io.vertask.task;

import java.time.Duration;
import java.util.List;

/**
 * A cancelled group is still waiting for some of its tasks after its grace period: what the exception handler of the
 * context is told, once for each group. The group goes on waiting.
 */
public final class StillRunningException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> tasks;

    StillRunningException(String group, Duration grace, List<String> tasks) {
        super(
                "task group '" + group + "' was cancelled " + TaskTimeoutException.text(grace)
                        + " ago and still waits for " + String.join(", ", tasks),
                null,
                false,
                false);
        this.tasks = List.copyOf(tasks);
    }

    /** Who holds it up: tasks with their paths and states, or the group's own body. */
    public List<String> tasks() {
        return tasks;
    }
}
