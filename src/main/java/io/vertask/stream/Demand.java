package io.vertask.stream;

import io.vertask.task.Waiter;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * A consumer's outstanding demand, for which one task can wait.
 *
 * <p><b>Threads.</b> One task takes; any thread adds.
 */
final class Demand {
    /** Unbounded demand. */
    static final long ALL = Long.MAX_VALUE;

    // guarded by this
    private long wanted;
    /** Whether there is a consumer. */
    private boolean open;

    private @Nullable Waiter<Void> waiting;

    Demand(long wanted, boolean open) {
        this.wanted = wanted;
        this.open = open;
    }

    /** Waits until there is a consumer with demand. */
    Future<Void> wanted() {
        return Waiter.await("an element to be asked for", wait -> {
            synchronized (this) {
                if (isWanted()) {
                    wait.completeAtOnce(null);
                } else {
                    waiting = wait;
                }
            }
        });
    }

    private boolean isWanted() {
        return open && wanted > 0;
    }

    /** Reduces the demand by one; false when there is none. */
    synchronized boolean takeOne() {
        boolean takes = isWanted();
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
        if (first != null && isWanted()) {
            waiting = null;
            first.resume(null);
        }
    }
}
