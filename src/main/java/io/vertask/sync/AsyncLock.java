package io.vertask.sync;

import io.vertask.task.Coroutine;
import io.vertask.task.Task;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A mutual-exclusion lock for tasks, granted in arrival order.
 *
 * <p>{@code lock.withLock(() -> read().compose(this::write))} keeps other tasks out while the body waits. The owner is
 * the task: code in its timeouts, groups and cleanups holds the lock too, but tasks started there do not.
 *
 * <p><b>Failure.</b> {@link IllegalStateException} when a task acquires the lock while it holds it (the lock is not
 * reentrant, so that wait would never end), when a task releases a lock that it does not hold, and outside any task.
 *
 * <p><b>Cancellation.</b> A cancelled {@link #acquire} leaves the queue at once and never holds the lock.
 *
 * <p><b>Threads.</b> For tasks, on any event loop; {@link #isLocked}, {@link #owner} and {@link #waiting} from any
 * thread.
 */
public final class AsyncLock {
    private final String name;
    private final Permits permits;
    /** Null while the lock is being handed to the next waiter. */
    private volatile @Nullable Task<?> owner;

    private AsyncLock(String name) {
        this.name = name;
        this.permits = new Permits("lock '" + name + "'", 1);
    }

    /** A free lock. */
    public static AsyncLock create() {
        return named("lock");
    }

    /** {@link #create} with a name, shown in messages and in the task tree. */
    public static AsyncLock named(String name) {
        return new AsyncLock(name);
    }

    /** The name, for messages. */
    public String name() {
        return name;
    }

    /**
     * Acquires the lock, waiting for it if necessary. When the lock is free and no task waits, the returned future is
     * already complete.
     */
    public Future<Void> acquire() {
        Task<?> me = me("acquire");
        if (owner == me) {
            throw alreadyHeldBy(me);
        }
        Future<Void> held = permits.acquire();
        if (held.succeeded()) {
            owner = me;
            return held;
        }
        return held.onSuccess(mine -> owner = me);
    }

    /** Acquires the lock if it is free and no task waits for it. */
    public boolean tryAcquire() {
        Task<?> me = me("tryAcquire");
        if (owner == me) {
            throw alreadyHeldBy(me);
        }
        if (!permits.tryAcquire()) {
            return false;
        }
        owner = me;
        return true;
    }

    /** Releases the lock, or hands it to the longest-waiting task. */
    public void release() {
        checkHeld("release");
        owner = null;
        permits.release();
    }

    /** Runs {@code body} while holding the lock, and releases the lock once, however the body ends. */
    public <T> Future<T> withLock(Coroutine<T> body) {
        return Permits.with(acquire(), body, this::release);
    }

    /** The task that holds the lock; empty when it is free, or being handed to the next waiter. */
    public Optional<Task<?>> owner() {
        return Optional.ofNullable(owner);
    }

    /** The number of queued acquires. */
    public int waiting() {
        return permits.waiting();
    }

    /** Whether an {@link #acquire} would have to wait now. */
    public boolean isLocked() {
        return permits.isLocked();
    }

    /** Fails unless the current task holds the lock. */
    void checkHeld(String verb) {
        Task<?> me = me(verb);
        Task<?> holder = owner;
        if (holder != me) {
            throw new IllegalStateException("lock '" + name + "': " + verb + " in task '" + me.path() + "', but "
                    + (holder == null ? "no task holds it" : "task '" + holder.path() + "' holds it"));
        }
    }

    private Task<?> me(String verb) {
        return Task.current()
                .orElseThrow(() -> new IllegalStateException("lock '" + name + "': " + verb
                        + " was called outside any task; start one with Tasks.run(…) or Tasks.start(…)"));
    }

    private IllegalStateException alreadyHeldBy(Task<?> me) {
        return new IllegalStateException("lock '" + name + "' is not reentrant, and task '" + me.path()
                + "' holds it already; release it first, or call a method that does not acquire it");
    }

    @Override
    public String toString() {
        Task<?> holder = owner;
        return "lock '" + name + "': "
                + (holder != null ? "held by task '" + holder.path() + "'" : isLocked() ? "being handed over" : "free")
                + ", "
                + waiting() + " waiting";
    }
}
