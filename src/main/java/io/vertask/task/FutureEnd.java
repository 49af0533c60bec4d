package io.vertask.task;

import io.vertx.core.Completable;
import io.vertx.core.Future;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The listener to a future that may not be of this library, for the code that waits for it.
 *
 * <p>No cancel reaches such a future, but the wait for it can end: then the future is given up. It is listed as left
 * running until it is complete; a late value is disposed of, a late failure is reported. A listener of a Vert.x future
 * can't be taken back, so this object stays there, and keeps nothing else alive.
 *
 * <p><b>Threads.</b> {@link #complete} from any thread, everything else on the event loop.
 *
 * @param <W> the type of what waits
 */
abstract class FutureEnd<T, W> implements Completable<T> {
    /** What is left of a wait that was given up. */
    private record Late<T>(LeftFuture left, @Nullable Consumer<? super T> undelivered) {}

    private @Nullable Future<T> future;
    /** The one that waits, then null; or a {@link Late} when the future was given up. */
    private volatile @Nullable Object waiting;

    FutureEnd(W waiting) {
        this.waiting = waiting;
    }

    /** Begins to listen; called once. */
    final void listenTo(Future<T> source) {
        future = source;
        source.onComplete(this);
    }

    /** The event loop of what waits. */
    abstract Ready ready(W waiting);

    /** Gives the result to the one that waits; on the loop. */
    abstract void end(W waiting, @Nullable T value, @Nullable Throwable error);

    @Override
    @SuppressWarnings("unchecked")
    public final void complete(@Nullable T value, @Nullable Throwable error) {
        Object to = waiting;
        if (to == null) {
            return;
        }
        Ready ready = to instanceof Late<?> late ? late.left.ready : ready((W) to);
        if (ready.isHere()) {
            ended(value, error);
        } else if (!ready.execute(() -> ended(value, error))) {
            // the loop has ended, and with it everything that waited there
            lost(value, error);
        }
    }

    @SuppressWarnings("unchecked")
    private void ended(@Nullable T value, @Nullable Throwable error) {
        Object to = waiting;
        if (to instanceof Late<?>) {
            lost(value, error);
        } else if (to != null) {
            waiting = null;
            ready((W) to).homes.left.seen(future);
            end((W) to, value, error);
        }
    }

    private void lost(@Nullable T value, @Nullable Throwable error) {
        Object to = waiting;
        waiting = null;
        if (to instanceof Late<?> late) {
            late.left.ended(value, error, late.undelivered);
        }
    }

    /** The one that waits; null when none does any more. */
    @SuppressWarnings("unchecked")
    final @Nullable W waiting() {
        return waiting instanceof Late ? null : (W) waiting;
    }

    /**
     * Ends the wait in {@code scope} without the result.
     *
     * @param undelivered the hook for a late value; without one, a connection is closed, and other values are dropped
     */
    final void giveUp(Scope scope, CancelRequest told, @Nullable Consumer<? super T> undelivered) {
        told.left++;
        waiting = new Late<T>(scope.ready.homes.left.add(Objects.requireNonNull(future), scope), undelivered);
    }

    /** {@link #giveUp} for an operation that was stopped: its failure is no news, and nothing is left running. */
    final void stopped(Scope scope, @Nullable Consumer<? super T> undelivered) {
        LeftFuture left = new LeftFuture(scope);
        left.seen();
        waiting = new Late<T>(left, undelivered);
    }
}
