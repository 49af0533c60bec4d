package io.vertask.task;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The listener to the future of a scope's body. */
class BodyEnd<T> extends FutureEnd<T, Scope> {
    BodyEnd(Scope scope) {
        super(scope);
    }

    @Override
    final Ready ready(Scope scope) {
        return scope.ready;
    }

    @Override
    void end(Scope scope, @Nullable T value, @Nullable Throwable error) {
        scope.bodyOver(value, error);
    }

    /** The hook for a value that comes when the body was given up. */
    @Nullable
    Consumer<? super T> undelivered(Scope scope) {
        return scope.lateValues();
    }

    /** Ends the body, which waits for something that the cancel {@code told} can't reach. */
    final void giveUp(CancelRequest told) {
        Scope scope = waiting();
        if (scope != null) {
            giveUp(scope, told, undelivered(scope));
            scope.bodyWasTold(told);
            end(scope, null, scope.cancelled(told));
        }
    }
}
