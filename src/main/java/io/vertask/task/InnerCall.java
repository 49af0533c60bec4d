package io.vertask.task;

import io.vertx.core.Completable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The listener to the future of a body that runs inside another one of the same scope, so that what has to follow it,
 * such as a cleanup, does follow when the future is given up.
 */
final class InnerCall<T> extends BodyEnd<T> {
    private final Completable<? super T> then;
    private final @Nullable Consumer<? super T> undelivered;

    /** The calls of one scope form a list, from the newest to the oldest. */
    @Nullable
    InnerCall<?> older;

    @Nullable
    InnerCall<?> newer;

    private InnerCall(Scope scope, Completable<? super T> then, @Nullable Consumer<? super T> undelivered) {
        super(scope);
        this.then = then;
        this.undelivered = undelivered;
    }

    /**
     * Calls {@code body} in {@code scope}, and completes {@code then} with its result, or with the cancellation of the
     * scope.
     */
    static <T> void of(
            Scope scope, Coroutine<T> body, Completable<? super T> then, @Nullable Consumer<? super T> undelivered) {
        InnerCall<T> call = new InnerCall<>(scope, then, undelivered);
        // before the calls that the body makes
        scope.extras().enter(call);
        call.listenTo(scope.begin(body));
        scope.lookForForeignWait();
    }

    @Override
    void end(Scope scope, @Nullable T value, @Nullable Throwable error) {
        Ready ready = scope.ready;
        if (ready.enter()) {
            try {
                handOut(scope, value, error);
            } finally {
                ready.leave();
            }
        } else {
            ready.post(() -> handOut(scope, value, error));
        }
    }

    private void handOut(Scope scope, @Nullable T value, @Nullable Throwable error) {
        scope.extras().leave(this);
        then.complete(value, error);
        scope.lookForForeignWait();
    }

    @Override
    @Nullable
    Consumer<? super T> undelivered(Scope scope) {
        return undelivered;
    }
}
