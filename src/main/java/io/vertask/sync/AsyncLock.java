package io.vertask.sync;

import io.vertask.task.Coroutine;
import io.vertask.task.Task;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A lock that one task holds at a time, handed on in arrival order.
 *
 * <p>{@code lock.withLock(() -> read().compose(this::write))} keeps others out between two waits. It belongs to the
 * task, and so to every timeout, group or cleanup inside it, but not to the tasks started there.
 *
 * <p><b>Failure.</b> {@link IllegalStateException} when the task that acquires holds it already (it is not reentrant:
 * the wait would have no end), when one releases it that doesn't hold it, and outside any task.
 *
 * <p><b>Cancellation.</b> A cancelled {@link #acquire} leaves the queue at once and never holds the lock.
 *
 * <p><b>Threads.</b> For tasks, on any event loop; {@link #isLocked}, {@link #owner} and {@link #waiting} from any
 * thread.
 */
public final class AsyncLock {
    private final String name;
    private final Permits permits;
    /** Null while the lock is on its way to the next. */
    private volatile @Nullable Task<?> owner;

    private AsyncLock(String name) {
        this.name = name;
        this.permits = new Permits("lock '" + name + "'", 1);
    }

    /** A lock that nobody holds. */
    public static AsyncLock create() {
        return named("lock");
    }

    /** {@link #create} with a name for messages and for people who look at the running tasks. */
    public static AsyncLock named(String name) {
        return new AsyncLock(name);
    }

    /** The name, for messages. */
    public String name() {
        return name;
    }

    /**
     * Takes the lock, waiting for it if need be. When it is free and nobody is waiting, the future is complete when it
     * is returned.
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

    /** Takes the lock if it is free and nobody is waiting for it. */
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

    /** Gives the lock to the longest waiter, if there is one. */
    public void release() {
        checkHeld("release");
        owner = null;
        permits.release();
    }

    /** Runs {@code body} while holding the lock, which is released once, however the body ended. */
    public <T> Future<T> withLock(Coroutine<T> body) {
        return Permits.with(acquire(), body, this::release);
    }

    /** Who holds it; empty when it is free, or on its way to the next. */
    public Optional<Task<?>> owner() {
        return Optional.ofNullable(owner);
    }

    /** How many acquires are queued. */
    public int waiting() {
        return permits.waiting();
    }

    /** Whether an {@link #acquire} would have to wait now. */
    public boolean isLocked() {
        return permits.isLocked();
    }

    /** The current task must hold it. */
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
                + "' holds it already; release it first, or pass the work what the lock protects");
    }

    @Override
    public String toString() {
        Task<?> holder = owner;
        return "lock '" + name + "': "
                + (holder != null ? "held by task '" + holder.path() + "'" : isLocked() ? "on its way" : "free") + ", "
                + waiting() + " waiting";
    }
}
