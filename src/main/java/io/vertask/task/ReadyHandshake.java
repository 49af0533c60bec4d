package io.vertask.task;

import io.vertx.core.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The wait of a starter for its child to be ready; behind {@link TaskGroup#startReady}.
 *
 * <p>Until the child is ready, its end goes to the starter ({@link #ended}) and not to the group. Afterwards it is a
 * child like any other. Cancelling the starter cancels the child.
 */
final class ReadyHandshake<V> implements ReadySignal<V> {
    private final GroupBlock<?> group;
    private final Waiter<V> starter;
    private @Nullable RunningTask<?> child;
    private boolean cancelled;

    private ReadyHandshake(GroupBlock<?> group, Waiter<V> starter) {
        this.group = group;
        this.starter = starter;
    }

    static <V> Future<V> start(
            GroupBlock<?> group, String childName, Function<ReadySignal<V>, ? extends Future<?>> body) {
        return Waiter.await("task '" + childName + "' to be ready", starter -> {
            ReadyHandshake<V> handshake = new ReadyHandshake<>(group, starter);
            RunningTask<?> child =
                    group.start(childName, () -> body.apply(handshake).<Object>mapEmpty());
            handshake.child = child;
            group.starting(child, handshake);
            starter.onCancel(cause -> {
                handshake.cancelled = true;
                child.cancel(cause.reason());
                return false;
            });
            starter.onUndelivered(value -> child.cancel());
        });
    }

    @Override
    public void ready(@Nullable V value) {
        if (!group.ready.isHere()) {
            group.ready.execute(() -> ready(value));
        } else if (!cancelled && child != null && group.started(child)) {
            starter.resume(value);
        }
    }

    /** Ends the starter's wait when the child is over and was never ready. */
    void ended(RunningTask<?> over) {
        Outcome<?> end = over.outcomeOrNull();
        if (end instanceof Outcome.Failure<?> failure) {
            starter.fail(failure.error());
        } else if (!cancelled && end instanceof Outcome.Cancelled<?> stopped) {
            starter.fail(stopped.cause());
        } else if (cancelled) {
            // the starter fails with its own cancellation instead
            starter.resume(null);
        } else {
            starter.fail(new IllegalStateException("task '" + over.path() + "' ended without being ready"));
        }
    }
}
