package io.vertask.sync;

import io.vertask.task.Coroutine;
import io.vertask.task.Task;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;

/**
 * A resizable limit on concurrent work that knows its borrowers: a semaphore whose permits have holders.
 *
 * <p>A borrower holds at most one permit. It is the current task, or the object given to {@link #acquireFor}, compared
 * by {@code equals}: a client's address, for example, or a job that outlives the task that began it. Permits and
 * waiters are the semaphore's machinery; this type adds the borrowers.
 *
 * <p><b>Failure.</b> {@link IllegalStateException} when a borrower acquires while it holds a permit or waits for one,
 * when a borrower without a permit releases, and when a method that needs a current task is called outside any task.
 *
 * <p><b>Cancellation.</b> A cancelled {@link #acquire} leaves the queue at once and never holds a permit.
 *
 * <p><b>Threads.</b> Waiting methods are for tasks, on any event loop; any thread may call the rest. A waiter resumes
 * on the context it called from.
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

    /** A limiter for {@code limit} borrowers at a time; with 0, none until the limit is raised. */
    public static CapacityLimiter of(int limit) {
        return named("limiter", limit);
    }

    /** {@link #of} with a name, shown in messages and in the task tree. */
    public static CapacityLimiter named(String name, int limit) {
        Objects.requireNonNull(name, "CapacityLimiter.named: name is null");
        return new CapacityLimiter(name, limit);
    }

    /** The name, for messages. */
    public String name() {
        return name;
    }

    /** Takes a permit for the current task, waiting for one if necessary. */
    public Future<Void> acquire() {
        return acquireFor(currentTask("acquire"));
    }

    /** Takes a permit for {@code borrower}, waiting for one if necessary. */
    public Future<Void> acquireFor(Object borrower) {
        Objects.requireNonNull(borrower, "CapacityLimiter.acquireFor: borrower is null");
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

    /** Takes a permit for the current task if one is free and no borrower waits for it. */
    public boolean tryAcquire() {
        return tryAcquireFor(currentTask("tryAcquire"));
    }

    /** Takes a permit for {@code borrower} if one is free and no borrower waits for it. */
    public synchronized boolean tryAcquireFor(Object borrower) {
        Objects.requireNonNull(borrower, "CapacityLimiter.tryAcquireFor: borrower is null");
        if (waiting.contains(borrower) || borrowers.contains(borrower)) {
            throw asksAgain(borrower);
        }
        boolean free = permits.tryAcquire();
        if (free) {
            borrowers.add(borrower);
        }
        return free;
    }

    /** Returns the current task's permit. */
    public void release() {
        releaseFor(currentTask("release"));
    }

    /** Returns the permit of {@code borrower}. */
    public synchronized void releaseFor(Object borrower) {
        Objects.requireNonNull(borrower, "CapacityLimiter.releaseFor: borrower is null");
        if (!borrowers.remove(borrower)) {
            throw new IllegalStateException(
                    "limiter '" + name + "': " + borrower + " releases a permit that it does not hold");
        }
        permits.release();
    }

    /** Runs {@code body} while the current task holds a permit, and returns the permit once, however the body ends. */
    public <T> Future<T> withPermit(Coroutine<T> body) {
        Objects.requireNonNull(body, "CapacityLimiter.withPermit: body is null");
        Task<?> me = currentTask("withPermit");
        return Permits.with(acquireFor(me), body, () -> releaseFor(me));
    }

    /** The number of borrowers that may hold a permit at a time. */
    public synchronized int limit() {
        return limit;
    }

    /**
     * Changes the limit. Raising it admits waiting borrowers. Lowering it revokes no permit: new ones are granted when
     * fewer than the new limit are held.
     */
    public synchronized void resize(int newLimit) {
        int more = checked(newLimit) - limit;
        limit = newLimit;
        permits.add(more);
    }

    /** A copy of the borrowers that hold a permit, the longest holder first. */
    public synchronized Set<Object> borrowers() {
        return new LinkedHashSet<>(borrowers);
    }

    /** The number of permits that are neither taken nor being handed to a waiter. */
    public int available() {
        return permits.available();
    }

    /** The number of queued acquires. */
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
