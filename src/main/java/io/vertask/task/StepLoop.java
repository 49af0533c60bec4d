package io.vertask.task;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

/**
 * A loop of asynchronous steps on a flat stack: a million steps need no more stack than one, whether they wait or not.
 *
 * <p>A chain of {@code compose} overflows the stack at 1,100 to 5,000 steps, and its future then never completes
 * (vert.x#4583, vert.x#5949).
 */
final class StepLoop implements Turn {
    /** The number of steps that never wait after which the loop lets other turns of its event loop run. */
    private static final int YIELD_AFTER = 256;

    private final Scope scope;
    private final Coroutine<Boolean> step;
    private final Promise<Void> done;

    private StepLoop(Scope scope, Coroutine<Boolean> step) {
        this.scope = scope;
        this.step = step;
        this.done = scope.context.promise();
    }

    /** Runs {@code step} again as long as it gives true. */
    static Future<Void> whileTrue(Scope scope, Coroutine<Boolean> step) {
        StepLoop loop = new StepLoop(scope, step);
        loop.go();
        return loop.done.future();
    }

    @Override
    public @Nullable Task<?> whose() {
        return scope.task();
    }

    @Override
    public void turn() {
        scope.context.dispatch(this::go);
    }

    private void go() {
        for (int i = 0; i < YIELD_AFTER; i++) {
            CancelRequest refusal = scope.refusal();
            if (refusal != null) {
                scope.bodyWasTold(refusal);
                done.fail(scope.cancelled(refusal));
                return;
            }
            Future<Boolean> future = scope.begin(step);
            if (!future.isComplete()) {
                scope.anchored(future).onComplete((again, error) -> {
                    if (scope.ready.enter()) {
                        try {
                            next(again, error);
                        } finally {
                            scope.ready.leave();
                        }
                    } else {
                        scope.ready.post(() -> scope.context.dispatch(nothing -> next(again, error)));
                    }
                });
                return;
            }
            if (!goesOn(future.result(), future.cause())) {
                return;
            }
        }
        scope.ready.post(this);
    }

    private void next(@Nullable Boolean again, @Nullable Throwable error) {
        if (goesOn(again, error)) {
            go();
        }
    }

    private boolean goesOn(@Nullable Boolean again, @Nullable Throwable error) {
        if (error != null) {
            done.fail(error);
        } else if (again == null || !again) {
            done.complete();
        } else {
            return true;
        }
        return false;
    }
}
