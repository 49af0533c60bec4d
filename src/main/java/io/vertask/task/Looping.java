package io.vertask.task;

import io.vertx.core.Future;
import io.vertx.core.Promise;

/**
 * A loop of asynchronous steps on a flat stack: a million steps need no more of it than one, whether they wait or not.
 *
 * <p>A chain of {@code compose} cannot do that: at 1,100 to 5,000 steps it overflows the stack, and its future then
 * never completes (vert.x#4583, vert.x#5949).
 */
final class Looping implements Step {
    /** A loop whose steps never wait lets the others of its event loop run after so many. */
    private static final int YIELD_AFTER = 256;

    final Scope scope;
    private final Coroutine<Boolean> step;
    private final Promise<Void> done;

    private Looping(Scope scope, Coroutine<Boolean> step) {
        this.scope = scope;
        this.step = step;
        this.done = scope.context.promise();
    }

    static Future<Void> whileTrue(Scope scope, Coroutine<Boolean> step) {
        Looping loop = new Looping(scope, step);
        loop.go();
        return loop.done.future();
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
                done.fail(refusal.in(scope));
                return;
            }
            Future<Boolean> future = scope.begin(step);
            if (!future.isComplete()) {
                scope.anchored(future).onComplete((again, error) -> {
                    if (goesOn(again, error)) {
                        go();
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

    private boolean goesOn(
            @org.jspecify.annotations.Nullable Boolean again, @org.jspecify.annotations.Nullable Throwable error) {
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
