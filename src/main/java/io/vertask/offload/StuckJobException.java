package io.vertask.offload;

import java.util.List;

/**
 * Reports jobs whose threads did not stop when asked. The message names each thread and the line it is at.
 *
 * <p>It carries no stack trace.
 */
public final class StuckJobException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> jobs;

    StuckJobException(String message, List<String> jobs) {
        super(message, null, false, false);
        this.jobs = List.copyOf(jobs);
    }

    /** The names of the jobs. */
    public List<String> jobs() {
        return jobs;
    }
}
