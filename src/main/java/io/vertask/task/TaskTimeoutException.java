package io.vertask.task;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The error of work that ran longer than its limit.
 *
 * <p>It is not a kind of cancellation: code that handles {@link CancelledException} never swallows it. It carries no
 * stack trace. It carries the path of the task whose block ran too long, and the identity of that block, so that
 * {@link Timeout#raised} tells one's own limit from a limit inside a library. Its cause is the cancellation that the
 * block ended with.
 */
public final class TaskTimeoutException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Duration limit;
    private final String task;
    /** The identity of the block, which is not kept alive by it. */
    private final transient CancelRequest request;

    /** {@code request}: the one with which the block asked its body to stop. */
    TaskTimeoutException(Duration limit, String task, CancelRequest request, @Nullable Throwable cause) {
        super(null, cause, true, false);
        this.limit = limit;
        this.task = task;
        this.request = request;
    }

    @Override
    public String getMessage() {
        return "timed out after " + Durations.text(limit) + " in task '" + task + "'"
                + CancelledException.left(request);
    }

    /** The limit that passed. */
    public Duration limit() {
        return limit;
    }

    /** The path of the task that the block ran in. */
    public String task() {
        return task;
    }

    /** Whether the block that asked with {@code other} timed out, and not another one. */
    boolean answers(@Nullable CancelRequest other) {
        return request == other;
    }
}
