package io.vertask.sync;

import io.vertask.task.Coroutine;
import io.vertask.task.Task;
import io.vertx.core.Future;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A mutual-exclusion lock for tasks, granted in arrival order.
 *
 * <p>{@code lock.withLock(() -> read().compose(this::write))} keeps other tasks out while the body waits. The owner is
 * the task: code in its timeouts, groups and cleanups holds the lock too, but tasks started there do not.
 *
 * <p><b>Failure.</b> {@link IllegalStateException} when a task acquires the lock while it holds it or waits for it (the
 * lock is not reentrant, so that wait would never end), when a task releases a lock that it does not hold, and outside
 * any task. When a task has ended without releasing the lock, every acquire fails, also those that wait: what the lock
 * guards may be half changed.
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
    /** The tasks in the queue. */
    private final Set<Task<?>> asking = ConcurrentHashMap.newKeySet();
    /** The tasks that have held the lock while others waited, and that have not ended. */
    private final Set<Task<?>> watched = ConcurrentHashMap.newKeySet();

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
        Objects.requireNonNull(name, "AsyncLock.named: name is null");
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
        checkFreeFor(me);
        if (!asking.isEmpty() && asking.contains(me)) {
            throw notReentrant(me, "waits for it");
        }
        Future<Void> held = permits.acquire();
        if (held.succeeded()) {
            owner = me;
            return held;
        }
        if (held.isComplete()) {
            return held;
        }
        asking.add(me);
        watch(owner);
        // the first listener, so that it runs before any code that waits for the lock
        return held.onComplete(granted -> {
            asking.remove(me);
            if (granted.succeeded()) {
                owner = me;
                if (permits.waiting() > 0) {
                    watch(me);
                }
            }
        });
    }

    /** Learns of the end of {@code holder}, once. */
    private void watch(@Nullable Task<?> holder) {
        if (holder != null && watched.add(holder)) {
            holder.whenOver(() -> {
                watched.remove(holder);
                if (owner == holder) {
                    permits.failWaiters(() -> leftBehindBy(holder));
                }
            });
        }
    }

    /** Acquires the lock if it is free and no task waits for it. */
    public boolean tryAcquire() {
        Task<?> me = me("tryAcquire");
        checkFreeFor(me);
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
        Objects.requireNonNull(body, "AsyncLock.withLock: body is null");
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
                    + (holder == null
                            ? "no task holds it"
                            : "task '" + holder.path() + "' holds it"
                                    + (holder.state().isDone() ? " and has ended" : "")));
        }
    }

    private Task<?> me(String verb) {
        return Task.current()
                .orElseThrow(() -> new IllegalStateException("lock '" + name + "': " + verb
                        + " was called outside any task; start one with Tasks.run(…) or Tasks.start(…)"));
    }

    /** Fails when {@code me}, or a task that has ended, holds the lock. */
    private void checkFreeFor(Task<?> me) {
        Task<?> holder = owner;
        if (holder == me) {
            throw notReentrant(me, "holds it");
        }
        if (holder != null && holder.state().isDone()) {
            throw leftBehindBy(holder);
        }
    }

    private IllegalStateException notReentrant(Task<?> me, String how) {
        return new IllegalStateException("lock '" + name + "' is not reentrant, and task '" + me.path() + "' " + how
                + " already; release it first, or call a method that does not acquire it");
    }

    private IllegalStateException leftBehindBy(Task<?> holder) {
        return new IllegalStateException("lock '" + name + "' is never released: task '" + holder.name()
                + "' ended while it held it; withLock releases it however the body ends");
    }

    @Override
    public String toString() {
        Task<?> holder = owner;
        return "lock '" + name + "': "
                + (holder != null
                        ? "held by task '" + holder.path() + "'"
                                + (holder.state().isDone() ? ", which has ended" : "")
                        : isLocked() ? "being handed over" : "free")
                + ", "
                + waiting() + " waiting";
    }
}
