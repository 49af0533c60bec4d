package io.vertask.task;

import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The block behind {@link Tasks#finallyDo}: a shield with a deadline of its own. Cancels from outside do not come in,
 * and a cleanup that the deadline cuts is reported.
 */
final class CleanupBlock<T> extends TimeoutBlock<T> {
    CleanupBlock(Scope outer, Duration limit) {
        super(outer, limit);
        this.shielded = true;
        // a cleanup hands on a result that was decided before it, so this is decided before it too
        this.cancelledFirst = outer.requestInTime() != null;
    }

    /** Runs {@code body}, and {@code cleanup} after it, however it ended: {@code try/finally}. */
    static <T> Future<T> after(Scope scope, Coroutine<T> body, Duration limit, Coroutine<?> cleanup) {
        return scope.call(body, null)
                .transform(end -> new CleanupBlock<>(scope, limit).open(cleanup).transform(cleaned -> {
                    Throwable failure = worse(end.cause(), cleaned.cause(), scope.context);
                    return failure == null
                            ? scope.context.succeededFuture(end.result())
                            : scope.context.failedFuture(failure);
                }));
    }

    /**
     * The body's error, or the cleanup's when the body was only cancelled and the cleanup failed; the other one is
     * suppressed in it.
     */
    private static @Nullable Throwable worse(
            @Nullable Throwable body, @Nullable Throwable cleanup, ContextInternal context) {
        if (body == null || cleanup == null) {
            return body == null ? cleanup : body;
        }
        boolean failedWhileStopping = body instanceof CancelledException
                && !(cleanup instanceof CancelledException || cleanup instanceof TaskTimeoutException);
        Throwable first = failedWhileStopping ? cleanup : body;
        FailureRules.suppress(first, first == body ? cleanup : body, context);
        return first;
    }

    @Override
    String kind() {
        return "cleanup";
    }

    @Override
    void decided() {}

    @Override
    void conclude() {
        super.conclude();
        if (error instanceof TaskTimeoutException cut && raised(cut)) {
            context.reportException(cut);
        }
    }
}
