package io.vertask.client;

import io.vertask.sync.AsyncSemaphore;
import io.vertask.task.CancelledException;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import org.jspecify.annotations.Nullable;

/**
 * The semaphore that stands before the pool: one permit per connection, waiters served in arrival order, and an end.
 *
 * <p><b>Failure.</b> The reason given to {@link #close}, for whoever waits or comes later.
 *
 * <p><b>Cancellation.</b> A cancelled wait leaves the queue at once and never holds a permit.
 *
 * <p><b>Threads.</b> Any; waiters resume on the context they called from.
 */
final class SqlPermits {
    private final int max;
    private final Reached reached;
    private final AsyncSemaphore permits;
    private volatile @Nullable RuntimeException closed;

    SqlPermits(String name, int max, Reached reached) {
        this.max = max;
        this.reached = reached;
        permits = AsyncSemaphore.named(name, max);
    }

    /** Takes a permit; {@code listener} is told when none is free and the call has to wait. */
    Future<Void> acquire(ContextInternal here, PhaseListener listener) {
        RuntimeException refusal = closed;
        if (refusal != null) {
            return Future.failedFuture(refusal);
        }
        if (permits.tryAcquire()) {
            return Future.succeededFuture();
        }
        Future<Void> permit = permits.acquire();
        if (permit.isComplete()) {
            return permit;
        }
        Listening.phase(here, listener, Phase.QUEUED);
        if (closed != null) {
            // closed between the first look and the queue: nobody else wakes this one
            permits.release();
        }
        return permit.transform((taken, error) -> {
            if (error instanceof CancelledException) {
                reached.count(Reached.What.WAITER_REMOVED);
                Listening.reached(here, listener, Reached.What.WAITER_REMOVED);
            }
            RuntimeException why = closed;
            if (error == null && why != null) {
                permits.release();
                return Future.failedFuture(why);
            }
            return permit;
        });
    }

    void release() {
        permits.release();
    }

    /** Refuses every later call with {@code why}, and every waiting one by letting it in to find the end. */
    void close(RuntimeException why) {
        closed = why;
        for (int waiting = permits.waiting(); waiting > 0; waiting--) {
            permits.release();
        }
    }

    boolean isClosed() {
        return closed != null;
    }

    int taken() {
        return Math.max(0, max - permits.available());
    }

    int waiting() {
        return permits.waiting();
    }
}
