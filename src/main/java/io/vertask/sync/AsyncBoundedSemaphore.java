package io.vertask.sync;

import io.vertask.task.Coroutine;
import io.vertx.core.Future;

/**
 * An {@link AsyncSemaphore} that never has more permits than it began with: a release too many is an error.
 *
 * <p><b>Failure.</b> {@link #release} is an {@link IllegalStateException} when no permit is taken, and changes nothing;
 * so is {@link #acquire} outside any task.
 *
 * <p><b>Cancellation.</b> A cancelled {@link #acquire} leaves the queue at once and never holds a permit.
 *
 * <p><b>Threads.</b> Any thread may call all but {@link #acquire} and {@link #withPermit}, which are for tasks, on any
 * event loop; a waiter resumes on the context it called from.
 */
public final class AsyncBoundedSemaphore {
    private final String name;
    private final int bound;
    private final Permits permits;

    private AsyncBoundedSemaphore(String name, int bound) {
        if (bound < 0) {
            throw new IllegalArgumentException(
                    "bounded semaphore '" + name + "' with " + bound + " permits: it takes 0 or more");
        }
        this.name = name;
        this.bound = bound;
        this.permits = new Permits("bounded semaphore '" + name + "'", bound);
    }

    /** A semaphore with {@code bound} free permits, and never more; 0 is allowed. */
    public static AsyncBoundedSemaphore of(int bound) {
        return named("semaphore", bound);
    }

    /** {@link #of} with a name for messages and for people who look at the running tasks. */
    public static AsyncBoundedSemaphore named(String name, int bound) {
        return new AsyncBoundedSemaphore(name, bound);
    }

    /** The name, for messages. */
    public String name() {
        return name;
    }

    /** How many permits there are. */
    public int bound() {
        return bound;
    }

    /** Takes a permit, waiting for one if need be; see {@link AsyncSemaphore#acquire}. */
    public Future<Void> acquire() {
        return permits.acquire();
    }

    /** Takes a permit if one is free and nobody is waiting for it. */
    public boolean tryAcquire() {
        return permits.tryAcquire();
    }

    /** Gives a permit back: to the longest waiter, if there is one. */
    public void release() {
        permits.releaseOf(bound);
    }

    /** Runs {@code body} while holding a permit, which is given back once, however the body ended. */
    public <T> Future<T> withPermit(Coroutine<T> body) {
        return Permits.with(acquire(), body, this::release);
    }

    /** How many permits are neither taken nor on their way to a waiter. */
    public int available() {
        return permits.available();
    }

    /** How many acquires are queued. */
    public int waiting() {
        return permits.waiting();
    }

    /** Whether an {@link #acquire} would have to wait now. */
    public boolean isLocked() {
        return permits.isLocked();
    }

    @Override
    public String toString() {
        return permits + ", of " + bound;
    }
}
