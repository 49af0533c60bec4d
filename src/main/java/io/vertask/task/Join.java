package io.vertask.task;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import java.util.function.Consumer;

/** The wait of other code for the end of a task: on the context of that code, and in its scope. */
final class Join {
    private Join() {}

    static <T> Future<T> future(RunningTask<T> task) {
        task.markSeen();
        Scope here = Scope.currentOrNull();
        if (here == null || !here.ready.isHere()) {
            ContextInternal context = ContextInternal.current();
            return context == null ? task.result() : context.future(task.result()::onComplete);
        }
        // in the scope that owns the task the plain future will do, since a cancel reaches both
        if (here == task.owner && here.refusal() == null) {
            task.awaitedByOwner = true;
            return AwaitCycle.unlessIn(here, here.anchored(task.result()));
        }
        return settled(task).compose(outcome -> valueOf(here, outcome));
    }

    static <T> Future<Outcome<T>> settled(RunningTask<T> task) {
        task.markSeen();
        Scope here = Scope.currentOrNull();
        if (here == null || !here.ready.isHere()) {
            return future(task).transform(end -> {
                Outcome<T> outcome = task.outcomeOrNull();
                return outcome != null ? Future.succeededFuture(outcome) : Future.failedFuture(end.cause());
            });
        }
        if (here.task() == task) {
            return here.context.failedFuture(
                    new IllegalStateException("task '" + task.path() + "' waits for itself and would never end"));
        }
        return Waiter.await(task, wait -> {
            join(task, wait);
            AwaitCycle.lookLater(here, wait::fail);
        });
    }

    /** {@link #settled} for code that does not look at how the task ended: a failure stays unseen. */
    static <T> Future<Outcome<T>> watched(RunningTask<T> task) {
        return Waiter.await(task, wait -> join(task, wait));
    }

    /**
     * Waits for a shielded task. A cancelled wait ends at once; a later failure is then reported to the exception
     * handler, and a later value goes to {@code undelivered}.
     */
    static <T> Future<T> shielded(Scope here, RunningTask<T> task, Consumer<? super T> undelivered) {
        return Waiter.<Outcome<T>>await(task, wait -> {
                    task.markSeen();
                    task.addJoiner(wait);
                    wait.onUndelivered(late -> {
                        if (late instanceof Outcome.Success<T> success) {
                            undelivered.accept(success.value());
                        }
                    });
                    wait.onCancel(cause -> {
                        // it stays a joiner, so that the hook above gets the end
                        task.markUnseen();
                        return true;
                    });
                })
                .compose(outcome -> valueOf(here, outcome));
    }

    private static <T> Future<T> valueOf(Scope here, Outcome<T> outcome) {
        return outcome instanceof Outcome.Success<T> success
                ? here.context.succeededFuture(success.value())
                : here.context.failedFuture(outcome.errorOrNull());
    }

    private static <T> void join(RunningTask<T> task, Waiter<Outcome<T>> wait) {
        Outcome<T> end = task.outcomeOrNull();
        if (end != null) {
            wait.resume(end);
            return;
        }
        if (!on(task, () -> task.addJoiner(wait))) {
            wait.fail(task.loopHasEnded());
            return;
        }
        wait.onCancel(cause -> {
            on(task, () -> task.removeJoiner(wait));
            return true;
        });
    }

    @CanIgnoreReturnValue
    private static boolean on(RunningTask<?> task, Runnable action) {
        if (task.ready.isHere()) {
            action.run();
            return true;
        }
        return task.ready.execute(action);
    }
}
