package io.vertask.task;

import org.jspecify.annotations.Nullable;

/**
 * The report that a task failed and nobody looked at it. The exception handler of the context gets it, once.
 *
 * <p>Looking means calling {@link Task#future}, {@link Task#settled} or {@link Task#tryOutcome}. The cause is the
 * failure.
 */
public final class UnobservedFailureException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnobservedFailureException(String task, @Nullable String site, Throwable cause) {
        super(
                "task '" + task + "'" + (site == null ? "" : ", started at " + site + ",")
                        + " failed and nobody looked at it: " + cause,
                cause,
                false,
                false);
    }
}
