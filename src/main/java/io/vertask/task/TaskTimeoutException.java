package io.vertask.task;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A limit passed.
 *
 * <p>It is not a kind of cancellation: code that handles {@link CancelledException} never swallows it. It carries no
 * stack trace but the path of the task whose block ran too long, and the identity of the block: {@link Timeout#raised}
 * tells my limit from one of a library inside. Its cause is the cancellation that the block ended with.
 */
public final class TaskTimeoutException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Duration limit;
    private final String task;
    /** The identity of the scope, which it does not keep alive. */
    private final transient CancelRequest request;

    /** {@code request}: with which the scope asked its body to stop. */
    TaskTimeoutException(Duration limit, String task, CancelRequest request, @Nullable Throwable cause) {
        super("timed out after " + text(limit) + " in task '" + task + "'", cause, true, false);
        this.limit = limit;
        this.task = task;
        this.request = request;
    }

    /** The limit that passed. */
    public Duration limit() {
        return limit;
    }

    /** The path of the task that the block ran in. */
    public String task() {
        return task;
    }

    /** Whether it was the scope that asked with {@code other} which timed out, and not another one. */
    boolean answers(@Nullable CancelRequest other) {
        return request == other;
    }

    /** {@code 1.5s}, {@code 200ms}: the shortest exact text in seconds, or in milliseconds below one second. */
    static String text(Duration d) {
        long ms = Nanos.of(d) / 1_000_000;
        if (ms < 1000) {
            return ms + "ms";
        }
        return java.math.BigDecimal.valueOf(ms, 3).stripTrailingZeros().toPlainString() + "s";
    }
}
