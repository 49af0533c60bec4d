package io.vertask.sync;

import io.vertask.task.Coroutine;
import io.vertx.core.Future;
import java.util.Objects;

/**
 * A counting semaphore whose waiters are served in arrival order.
 *
 * <p>{@code limit.withPermit(() -> client.get(url))} runs the call when a permit is free and returns the permit when
 * the call ends, however it ends.
 *
 * <p>As in asyncio, {@link #release} hands the permit to the longest waiter. Until that waiter has resumed, no other
 * task overtakes it: {@link #tryAcquire} fails and {@link #acquire} queues, even while other permits are free.
 *
 * <p><b>Failure.</b> {@link #acquire} outside any task is an {@link IllegalStateException}.
 *
 * <p><b>Cancellation.</b> A cancelled {@link #acquire} leaves the queue at once and never holds a permit; a permit that
 * was being handed to it goes to the next waiter.
 *
 * <p><b>Threads.</b> {@link #acquire} and {@link #withPermit} are for tasks, on any event loop; any thread may call the
 * rest. A waiter resumes on the context it called from.
 */
public sealed class AsyncSemaphore permits AsyncBoundedSemaphore {
    private final String name;
    final Permits permits;

    /** {@code kind}: the word for this semaphore in messages. */
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

    /** {@link #of} with a name, shown in messages and in the task tree. */
    public static AsyncSemaphore named(String name, int permits) {
        Objects.requireNonNull(name, "AsyncSemaphore.named: name is null");
        return new AsyncSemaphore("semaphore", name, permits);
    }

    /** The name, for messages. */
    public String name() {
        return name;
    }

    /**
     * Takes a permit, waiting for one if necessary. With a free permit and no task waiting, the returned future is
     * already complete.
     *
     * <p><b>Cancellation.</b> In a cancelled scope it fails and takes nothing.
     */
    public Future<Void> acquire() {
        return permits.acquire();
    }

    /** Takes a permit if one is free and no task waits for it. */
    public boolean tryAcquire() {
        return permits.tryAcquire();
    }

    /**
     * Returns a permit, or hands it to the longest waiter.
     *
     * <p>As in asyncio, the caller need not have taken a permit: releasing one that was never taken adds one.
     * {@link AsyncBoundedSemaphore} refuses that.
     */
    public void release() {
        permits.release();
    }

    /**
     * Runs {@code body} while holding a permit, and returns the permit exactly once when the body has ended: with a
     * value, with an error, by throwing, or cancelled. Without a permit {@code body} is not called.
     */
    public <T> Future<T> withPermit(Coroutine<T> body) {
        Objects.requireNonNull(body, "AsyncSemaphore.withPermit: body is null");
        return Permits.with(acquire(), body, this::release);
    }

    /** The number of permits that are neither taken nor being handed to a waiter. */
    public int available() {
        return permits.available();
    }

    /** The number of queued acquires. */
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
