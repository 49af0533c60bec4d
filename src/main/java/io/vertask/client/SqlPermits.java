package io.vertask.client;

import io.vertask.task.Waiter;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The limit that stands before the pool: one permit per connection, waiters served in arrival order.
 *
 * <p><b>Cancellation.</b> A cancelled wait leaves the queue at once and never holds a permit.
 *
 * <p><b>Threads.</b> Any; waiters resume on the context they called from.
 */
final class SqlPermits {
    private final int max;
    private final Reached reached;
    private final Set<Waiter<Void>> queue = new LinkedHashSet<>();
    private int taken;
    private @Nullable RuntimeException closed;

    SqlPermits(int max, Reached reached) {
        this.max = max;
        this.reached = reached;
    }

    /** {@code onQueued} is called when there is none free and the call has to wait. */
    Future<Void> acquire(Runnable onQueued) {
        synchronized (this) {
            if (closed != null) {
                return Future.failedFuture(closed);
            }
            if (taken < max) {
                taken++;
                return Future.succeededFuture();
            }
        }
        return Waiter.await("a database connection", wait -> {
            onQueued.run();
            wait.onCancel(cause -> leave(wait));
            wait.onUndelivered(nothing -> release());
            enter(wait);
        });
    }

    private void enter(Waiter<Void> wait) {
        RuntimeException refusal;
        synchronized (this) {
            refusal = closed;
            if (refusal == null && taken >= max) {
                queue.add(wait);
                return;
            }
            if (refusal == null) {
                taken++;
            }
        }
        if (refusal != null) {
            wait.fail(refusal);
        } else {
            wait.resume(null);
        }
    }

    private boolean leave(Waiter<Void> wait) {
        synchronized (this) {
            queue.remove(wait);
        }
        reached.count(Reached.What.WAITER_REMOVED);
        // not there any more: another thread is handing it a permit right now, which comes back as undelivered
        return true;
    }

    void release() {
        while (true) {
            Waiter<Void> next;
            synchronized (this) {
                Iterator<Waiter<Void>> first = queue.iterator();
                if (!first.hasNext()) {
                    taken--;
                    return;
                }
                next = first.next();
                first.remove();
            }
            if (next.resume(null)) {
                return;
            }
        }
    }

    /** Refuses every later call with {@code why}, and those that wait now. */
    void close(RuntimeException why) {
        List<Waiter<Void>> left;
        synchronized (this) {
            closed = why;
            left = new ArrayList<>(queue);
            queue.clear();
        }
        left.forEach(wait -> wait.fail(why));
    }

    synchronized boolean isClosed() {
        return closed != null;
    }

    synchronized int taken() {
        return taken;
    }

    synchronized int waiting() {
        return queue.size();
    }
}
