package io.vertask.stream;

import io.vertask.task.Waiter;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * How many elements somebody else still wants, and the task that waits until it is one.
 *
 * <p><b>Threads.</b> One task takes; any thread adds.
 */
final class Demand {
    /** So many that nobody counts any more. */
    static final long ALL = Long.MAX_VALUE;

    // guarded by this
    private long wanted;
    /** Whether there is anybody to give an element to. */
    private boolean open;

    private @Nullable Waiter<Void> waiting;

    Demand(long wanted, boolean open) {
        this.wanted = wanted;
        this.open = open;
    }

    /** Takes one off, waiting for it if need be. */
    Future<Void> takeOne() {
        return Waiter.await("an element to be asked for", wait -> {
            synchronized (this) {
                if (takes()) {
                    wait.completeAtOnce(null);
                    return;
                }
                waiting = wait;
            }
        });
    }

    private boolean takes() {
        boolean takes = open && wanted > 0;
        wanted -= takes && wanted != ALL ? 1 : 0;
        return takes;
    }

    synchronized void add(long more) {
        wanted = wanted + more < 0 ? ALL : wanted + more;
        wake();
    }

    synchronized void none() {
        wanted = 0;
    }

    synchronized void open(boolean anybody) {
        open = anybody;
        wake();
    }

    private void wake() {
        Waiter<Void> first = waiting;
        if (first != null && takes()) {
            waiting = null;
            first.resume(null);
        }
    }
}
