package io.vertask.task;

import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A future that is not of this library and for which a task no longer waits, because a cancel ended the wait. */
final class LeftFuture {
    final Ready ready;
    private final ContextInternal context;
    private final String task;
    private final long since;
    /** Whether somebody has got the failure, or has been told of it. */
    private boolean seen;

    /** {@code scope}: the one that waited. */
    LeftFuture(Scope scope) {
        this.ready = scope.ready;
        this.context = scope.context;
        this.task = scope.path();
        this.since = ready.timers.recentNanoTime();
    }

    /** Disposes of the result; called once for each wait that was given up. */
    void ended(@Nullable Object value, @Nullable Throwable error, @Nullable Consumer<?> undelivered) {
        if (error == null) {
            LateValues.dispose(value, undelivered, context);
        } else if (!ready.isHere()) {
            report(error);
        } else {
            // others may wait for the same future, and get the failure in this turn
            ready.post(() -> report(error));
        }
    }

    void seen() {
        seen = true;
    }

    private void report(Throwable error) {
        if (!seen && FailureRules.isLost(error)) {
            seen = true;
            context.reportException(new UnobservedFailureException(task, null, error));
        }
    }

    Survey.LeftRunning info() {
        return new Survey.LeftRunning(task, Duration.ofNanos(Math.max(0, ready.timers.nanoTime() - since)));
    }
}
