package io.vertask.task;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The body of a child that is started again when it fails. Each try is a scope of its own: what a failed one has left
 * is cancelled and awaited before the next.
 */
final class Restarting<C> {
    private final RunningTask<?> child;
    private final Supervision how;
    private final Coroutine<C> body;
    /** When the last restarts were; no more than are allowed. */
    private final ArrayDeque<Long> restarts = new ArrayDeque<>();

    private @Nullable C value;

    private Restarting(RunningTask<?> child, Supervision how, Coroutine<C> body) {
        this.child = child;
        this.how = how;
        this.body = body;
    }

    /** {@code body}, for a child of a group supervised like that. */
    static <C> Coroutine<C> body(Supervision how, Coroutine<C> body) {
        return () -> {
            Scope scope = Scope.current("a supervised task");
            Restarting<C> restarting = new Restarting<>(Objects.requireNonNull(scope.task()), how, body);
            return Looping.whileTrue(scope, restarting::step).map(over -> restarting.value);
        };
    }

    private Future<Boolean> step() {
        return new TimeoutBlock<C>(child, null).open(body).transform(end -> {
            value = end.result();
            if (end.succeeded()) {
                return child.context.succeededFuture(false);
            }
            try {
                return after(end.cause());
            } catch (RuntimeException | Error thrown) {
                // of a listener, say
                Secondary.add(thrown, end.cause(), child.context);
                throw thrown;
            }
        });
    }

    private Future<Boolean> after(Throwable error) {
        if (error instanceof CancelledException || isFatal(error)) {
            return child.context.failedFuture(error);
        }
        long now = child.ready.timers.nanoTime();
        long window = Nanos.of(how.within());
        restarts.removeIf(at -> now - at >= window);
        if (restarts.size() >= how.restarts()) {
            return child.context.failedFuture(new ChildFailedException(
                    child.path(),
                    "and has been restarted " + restarts.size() + " times in " + TaskTimeoutException.text(how.within())
                            + " already",
                    error));
        }
        restarts.add(now);
        ChildFailedException failed =
                new ChildFailedException(child.path(), "restart " + restarts.size() + " of " + how.restarts(), error);
        if (how.onFailure() == null) {
            child.context.reportException(failed);
        } else {
            how.onFailure().accept(failed);
        }
        return Tasks.sleep(how.backoff().pause(restarts.size(), error, child.ready.random()))
                .map(true);
    }

    static boolean isFatal(Throwable error) {
        return error instanceof VirtualMachineError || error instanceof LinkageError;
    }
}
