package io.vertask.task;

import java.time.Duration;

/**
 * A limit passed.
 *
 * <p>It is not a kind of cancellation: code that handles {@link CancelledException} never swallows it. It carries no
 * stack trace but the path of the task whose block ran too long. Its cause is the cancellation that the block ended
 * with.
 */
public final class TaskTimeoutException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Duration limit;
    private final String task;

    TaskTimeoutException(Duration limit, String task, Throwable cause) {
        super("timed out after " + text(limit) + " in task '" + task + "'", cause, true, false);
        this.limit = limit;
        this.task = task;
    }

    /** The limit that passed. */
    public Duration limit() {
        return limit;
    }

    /** The path of the task that the block ran in. */
    public String task() {
        return task;
    }

    /** {@code 1.5s}, {@code 200ms}: the shortest exact text in seconds, or in milliseconds below one second. */
    static String text(Duration d) {
        long ms = d.toMillis();
        if (ms < 1000) {
            return ms + "ms";
        }
        return java.math.BigDecimal.valueOf(ms, 3).stripTrailingZeros().toPlainString() + "s";
    }
}
