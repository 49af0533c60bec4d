package io.vertask.sync;

import io.vertask.task.Coroutine;
import io.vertask.task.Task;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A limit on how many may do something at a time, which knows who they are and can be changed while it is in use.
 *
 * <p>A borrower holds one permit at most. It is the current task, or whatever {@link #acquireFor} names, told apart by
 * {@code equals}: a client's address, say, or a job that goes on after the task which began it.
 *
 * <p><b>Failure.</b> {@link IllegalStateException} when a borrower asks again while it holds a permit or waits for one,
 * when one that holds none releases, and when a task is needed and there is none.
 *
 * <p><b>Cancellation.</b> A cancelled {@link #acquire} leaves the queue at once and never holds a permit.
 *
 * <p><b>Threads.</b> Any thread may call all but what waits, which is for tasks, on any event loop; a waiter resumes on
 * the context it called from.
 */
public final class CapacityLimiter {
    private final String name;
    private final Permits permits;

    // guarded by this
    private int limit;
    private final Set<Object> waiting = new HashSet<>();
    private final Set<Object> borrowers = new LinkedHashSet<>();

    private CapacityLimiter(String name, int limit) {
        this.name = name;
        this.limit = checked(limit);
        this.permits = new Permits("limiter '" + name + "'", limit);
    }

    /** A limiter that lets {@code limit} borrowers in at a time; 0 lets nobody in until it is raised. */
    public static CapacityLimiter of(int limit) {
        return named("limiter", limit);
    }

    /** {@link #of} with a name for messages and for people who look at the running tasks. */
    public static CapacityLimiter named(String name, int limit) {
        return new CapacityLimiter(name, limit);
    }

    /** The name, for messages. */
    public String name() {
        return name;
    }

    /** Takes a permit for the current task, waiting for one if need be. */
    public Future<Void> acquire() {
        return acquireFor(currentTask("acquire"));
    }

    /** Takes a permit for {@code borrower}, waiting for one if need be. */
    public Future<Void> acquireFor(Object borrower) {
        synchronized (this) {
            if (borrowers.contains(borrower) || !waiting.add(borrower)) {
                throw asksAgain(borrower);
            }
        }
        boolean waits = false;
        try {
            Future<Void> permit = permits.acquire();
            waits = !permit.isComplete();
            if (permit.succeeded()) {
                lent(borrower);
            }
            return waits ? permit.onComplete(taken -> lent(borrower), failure -> gone(borrower)) : permit;
        } finally {
            if (!waits) {
                gone(borrower);
            }
        }
    }

    private synchronized void lent(Object borrower) {
        waiting.remove(borrower);
        borrowers.add(borrower);
    }

    private synchronized void gone(Object borrower) {
        waiting.remove(borrower);
    }

    /** Takes a permit for the current task if one is free and nobody is waiting for it. */
    public boolean tryAcquire() {
        return tryAcquireFor(currentTask("tryAcquire"));
    }

    /** Takes a permit for {@code borrower} if one is free and nobody is waiting for it. */
    public synchronized boolean tryAcquireFor(Object borrower) {
        if (waiting.contains(borrower) || borrowers.contains(borrower)) {
            throw asksAgain(borrower);
        }
        boolean free = permits.tryAcquire();
        if (free) {
            borrowers.add(borrower);
        }
        return free;
    }

    /** Gives the current task's permit back. */
    public void release() {
        releaseFor(currentTask("release"));
    }

    /** Gives the permit of {@code borrower} back. */
    public synchronized void releaseFor(Object borrower) {
        if (!borrowers.remove(borrower)) {
            throw new IllegalStateException(
                    "limiter '" + name + "': " + borrower + " releases a permit that it does not hold");
        }
        permits.release();
    }

    /** Runs {@code body} while the current task holds a permit, which is given back once, however the body ended. */
    public <T> Future<T> withPermit(Coroutine<T> body) {
        Task<?> me = currentTask("withPermit");
        return Permits.with(acquireFor(me), body, () -> releaseFor(me));
    }

    /** How many may be in at a time. */
    public synchronized int limit() {
        return limit;
    }

    /**
     * Changes the limit. Raising it lets those in who wait; lowering it sends nobody out, but lets nobody in either
     * before there is room.
     */
    public synchronized void resize(int newLimit) {
        int more = checked(newLimit) - limit;
        limit = newLimit;
        permits.add(more);
    }

    /** Who holds a permit, longest first: a copy. */
    public synchronized Set<Object> borrowers() {
        return new LinkedHashSet<>(borrowers);
    }

    /** How many permits are neither taken nor on their way to a waiter. */
    public int available() {
        return permits.available();
    }

    /** How many acquires are queued. */
    public int waiting() {
        return permits.waiting();
    }

    private int checked(int asked) {
        if (asked < 0) {
            throw new IllegalArgumentException(
                    "limiter '" + name + "' with a limit of " + asked + ": it takes 0 or more");
        }
        return asked;
    }

    private Task<?> currentTask(String verb) {
        return Task.current()
                .orElseThrow(() -> new IllegalStateException("limiter '" + name + "': " + verb
                        + " was called outside any task; name the borrower with " + verb + "For, or start a task"));
    }

    private IllegalStateException asksAgain(Object borrower) {
        return new IllegalStateException("limiter '" + name + "': " + borrower
                + (borrowers.contains(borrower) ? " holds a permit already" : " is waiting for a permit already")
                + "; a borrower gets one at a time");
    }

    @Override
    public synchronized String toString() {
        return "limiter '" + name + "': " + borrowers.size() + " of " + limit + " lent, " + waiting() + " waiting";
    }
}
