package io.vertask.task;

import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** {@code try/finally} for asynchronous code: the cleanup runs however the body ended, in a shield with a deadline. */
final class Cleanup {
    private Cleanup() {}

    static <T> Future<T> after(Scope scope, Coroutine<T> body, Duration limit, Coroutine<?> cleanup) {
        return scope.anchored(scope.begin(body))
                .transform(end -> TimeoutBlock.<Object>cleanup(scope, limit)
                        .open(cleanup)
                        .transform(cleaned -> {
                            Throwable failure = worse(end.cause(), cleaned.cause(), scope.context);
                            return failure == null
                                    ? scope.context.succeededFuture(end.result())
                                    : scope.context.failedFuture(failure);
                        }));
    }

    /** The body's error, unless it was only asked to stop and the cleanup failed; the other one is suppressed in it. */
    private static @Nullable Throwable worse(
            @Nullable Throwable body, @Nullable Throwable cleanup, ContextInternal context) {
        if (body == null || cleanup == null) {
            return body == null ? cleanup : body;
        }
        boolean failedWhileStopping = body instanceof CancelledException
                && !(cleanup instanceof CancelledException || cleanup instanceof TaskTimeoutException);
        Throwable first = failedWhileStopping ? cleanup : body;
        Secondary.add(first, first == body ? cleanup : body, context);
        return first;
    }
}
