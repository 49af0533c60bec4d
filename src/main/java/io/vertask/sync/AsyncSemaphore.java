package io.vertask.sync;

import io.vertask.task.Coroutine;
import io.vertx.core.Future;

/**
 * A counting semaphore whose waiters are served in arrival order.
 *
 * <p>{@code limit.withPermit(() -> client.get(url))} runs the call when a permit is free and gives the permit back when
 * the call has ended, however it ended.
 *
 * <p>As in asyncio, {@link #release} hands the permit to the longest waiter; until that one has resumed, nobody
 * overtakes it: {@link #tryAcquire} fails and {@link #acquire} queues, even while other permits are free.
 *
 * <p><b>Failure.</b> {@link #acquire} outside any task is an {@link IllegalStateException}.
 *
 * <p><b>Cancellation.</b> A cancelled {@link #acquire} leaves the queue at once and never holds a permit: one that was
 * on its way goes to the next waiter.
 *
 * <p><b>Threads.</b> Any thread may call all but {@link #acquire} and {@link #withPermit}, which are for tasks, on any
 * event loop; a waiter resumes on the context it called from.
 */
public sealed class AsyncSemaphore permits AsyncBoundedSemaphore {
    private final String name;
    final Permits permits;

    /** {@code kind}: the word for it in messages. */
    AsyncSemaphore(String kind, String name, int permits) {
        if (permits < 0) {
            throw new IllegalArgumentException(
                    kind + " '" + name + "' with " + permits + " permits: it takes 0 or more");
        }
        this.name = name;
        this.permits = new Permits(kind + " '" + name + "'", permits);
    }

    /** A semaphore with {@code permits} free permits; 0 is allowed. */
    public static AsyncSemaphore of(int permits) {
        return named("semaphore", permits);
    }

    /** {@link #of} with a name for messages and for people who look at the running tasks. */
    public static AsyncSemaphore named(String name, int permits) {
        return new AsyncSemaphore("semaphore", name, permits);
    }

    /** The name, for messages. */
    public String name() {
        return name;
    }

    /**
     * Takes a permit, waiting for one if need be. With a free permit and nobody waiting, the future is complete when it
     * is returned.
     *
     * <p><b>Cancellation.</b> In a cancelled scope it fails and takes nothing.
     */
    public Future<Void> acquire() {
        return permits.acquire();
    }

    /** Takes a permit if one is free and nobody is waiting for it. */
    public boolean tryAcquire() {
        return permits.tryAcquire();
    }

    /**
     * Gives a permit back: to the longest waiter, if there is one.
     *
     * <p>Like asyncio's, it does not ask who took the permit; one that was never taken is one more. A
     * {@link AsyncBoundedSemaphore} refuses that.
     */
    public void release() {
        permits.release();
    }

    /**
     * Runs {@code body} while holding a permit, which is given back exactly once when the body has ended: with a value,
     * with an error, by throwing, or cancelled. Without a permit {@code body} is not called.
     */
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
        return permits.toString();
    }
}
