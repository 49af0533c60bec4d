package io.vertask.task;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The loop behind {@link Supervision}: it runs the body of a child again when it fails. Each run is a block of its own:
 * tasks that a failed one has left over are cancelled and awaited before the next.
 */
final class RestartLoop<C> {
    private final RunningTask<?> child;
    private final Supervision how;
    private final Coroutine<C> body;
    /** The times of the latest restarts, no more than are allowed. */
    private final ArrayDeque<Long> restarts = new ArrayDeque<>();

    private @Nullable C value;

    private RestartLoop(RunningTask<?> child, Supervision how, Coroutine<C> body) {
        this.child = child;
        this.how = how;
        this.body = body;
    }

    /** {@code body} in such a loop, for a child of a group supervised by {@code how}. */
    static <C> Coroutine<C> body(Supervision how, Coroutine<C> body) {
        return () -> {
            Scope scope = Scope.current("a supervised task");
            RestartLoop<C> restarting = new RestartLoop<>(Objects.requireNonNull(scope.task()), how, body);
            return StepLoop.whileTrue(scope, restarting::step).map(over -> restarting.value);
        };
    }

    private Future<Boolean> step() {
        return new BodyBlock<C>(child).open(body).transform(end -> {
            value = end.result();
            if (end.succeeded()) {
                return child.context.succeededFuture(false);
            }
            try {
                return after(end.cause());
            } catch (RuntimeException | Error thrown) {
                // by a listener, say
                FailureRules.suppress(thrown, end.cause(), child.context);
                throw thrown;
            }
        });
    }

    private Future<Boolean> after(Throwable error) {
        if (error instanceof CancelledException || isFatal(error)) {
            return child.context.failedFuture(error);
        }
        long now = child.ready.timers.nanoTime();
        long window = Durations.nanos(how.within());
        restarts.removeIf(at -> now - at >= window);
        if (restarts.size() >= how.restarts()) {
            return child.context.failedFuture(new ChildFailedException(
                    child.path(),
                    "and has been restarted " + restarts.size() + " times in " + Durations.text(how.within())
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
        return Sleep.in(child, how.backoff().pause(restarts.size(), error, child.ready.random()))
                .map(true);
    }

    static boolean isFatal(Throwable error) {
        return error instanceof VirtualMachineError || error instanceof LinkageError;
    }
}
