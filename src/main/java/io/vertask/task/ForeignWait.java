package io.vertask.task;

import io.vertx.core.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The wait for a future that is not of this library: {@link Tasks#await}. */
final class ForeignWait<T> extends FutureEnd<T, Waiter<T>> {
    private ForeignWait(Waiter<T> wait) {
        super(wait);
    }

    static <T> Future<T> await(
            Future<T> future,
            @Nullable Function<? super CancelReason, ? extends @Nullable Future<?>> cancel,
            @Nullable Consumer<? super T> undelivered) {
        Scope scope = Scope.current("Tasks.await");
        return Waiter.await("a future", wait -> {
            if (future.succeeded()) {
                wait.completeAtOnce(future.result());
                return;
            }
            ForeignWait<T> end = new ForeignWait<>(wait);
            wait.onUndelivered(late -> LateValues.dispose(late, undelivered, scope.context));
            wait.onCancel(cause -> {
                if (cancel == null) {
                    end.giveUp(scope, cause.request(), undelivered);
                    return true;
                }
                end.stop(scope, cause, cancel, undelivered);
                return false;
            });
            end.listenTo(future);
        });
    }

    /** Stops the operation in a shield, and ends the wait when it has been stopped. */
    private void stop(
            Scope scope,
            CancelledException cause,
            Function<? super CancelReason, ? extends @Nullable Future<?>> cancel,
            @Nullable Consumer<? super T> undelivered) {
        new CleanupBlock<Void>(scope, Tasks.CLEANUP_LIMIT)
                .open(() -> {
                    Future<?> stopped = cancel.apply(cause.reason());
                    return stopped == null ? Future.succeededFuture() : stopped.mapEmpty();
                })
                .onComplete((stopped, failure) -> {
                    if (failure != null && !(failure instanceof TaskTimeoutException)) {
                        scope.context.reportException(failure);
                    }
                    Waiter<T> wait = waiting();
                    if (wait == null) {
                        return;
                    }
                    if (failure == null) {
                        stopped(scope, undelivered);
                    } else {
                        giveUp(scope, cause.request(), undelivered);
                    }
                    wait.fail(cause);
                });
    }

    @Override
    Ready ready(Waiter<T> wait) {
        return wait.ready();
    }

    @Override
    void end(Waiter<T> wait, @Nullable T value, @Nullable Throwable error) {
        if (error == null) {
            wait.resume(value);
        } else {
            wait.fail(error);
        }
    }
}
