package io.vertask.task;

import io.vertx.core.Future;
import java.time.Duration;

/** {@code try/finally} for asynchronous code: the cleanup runs however the body ended, in a shield with a deadline. */
final class Cleanup {
    private Cleanup() {}

    static <T> Future<T> after(Scope scope, Coroutine<T> body, Duration limit, Coroutine<?> cleanup) {
        return scope.anchored(scope.begin(body))
                .transform(end -> TimeoutBlock.<Object>cleanup(scope, limit)
                        .open(cleanup)
                        .transform(cleaned -> {
                            Throwable primary = end.cause();
                            Throwable secondary = cleaned.cause();
                            if (primary == null) {
                                return secondary == null
                                        ? scope.context.succeededFuture(end.result())
                                        : scope.context.failedFuture(secondary);
                            }
                            if (secondary != null && secondary != primary) {
                                primary.addSuppressed(secondary);
                            }
                            return scope.context.failedFuture(primary);
                        }));
    }
}
