package io.vertask.stream;

import io.vertask.task.Waiter;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * A limit on the elements in flight between the pull from the source and the pull by the consumer. It has one taker and
 * no queue, unlike a semaphore; the semaphore of {@code sync} is out of reach here, since this room uses only
 * {@code task}.
 *
 * <p><b>Threads.</b> One task takes; any thread frees.
 */
final class InFlightLimit {
    // guarded by this
    private int free;
    private @Nullable Waiter<Void> waiting;

    InFlightLimit(int slots) {
        this.free = slots;
    }

    /** Takes a slot, waiting for one if necessary. */
    Future<Void> take() {
        return Waiter.await("an element to be taken", this::takeOrWait);
    }

    private synchronized void takeOrWait(Waiter<Void> wait) {
        if (free > 0) {
            free--;
            wait.completeAtOnce(null);
        } else {
            waiting = wait;
            wait.onCancel(cause -> leave(wait)).onUndelivered(late -> free());
        }
    }

    private synchronized boolean leave(Waiter<Void> wait) {
        boolean here = waiting == wait;
        waiting = here ? null : waiting;
        return here;
    }

    /** Returns a slot. */
    synchronized void free() {
        Waiter<Void> first = waiting;
        waiting = null;
        if (first == null) {
            free++;
        } else {
            first.resume(null);
        }
    }
}
