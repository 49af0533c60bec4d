package io.vertask.sync;

import io.vertask.task.Coroutine;
import io.vertask.task.Tasks;
import io.vertask.task.Waiter;
import io.vertx.core.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A count of permits with a queue of waiters: the common core of semaphores, locks and limiters.
 *
 * <pre>
 *  free ──acquire, nobody waits──▶ taken ──release──▶ free, or promised to the longest waiter
 *  promised ──its turn──▶ taken
 *             ──cancelled before its turn──▶ free, or promised to the next
 * </pre>
 *
 * <p>While a permit is promised, no other task overtakes its receiver, even if other permits are free.
 *
 * <p><b>Threads.</b> Any; the monitor of {@link #queue} guards the counts.
 */
final class Permits {
    /** For messages, such as {@code semaphore 'db'}. */
    private final String owner;

    private final String waitText;
    private final WaitQueue<Void> queue = new WaitQueue<>();

    /** Negative after a limit was lowered: that many must be released before one is free again. */
    private int free;

    private int promised;

    // shared by all acquires, which so allocate only their wait and its queue node
    private final Consumer<Waiter<Void>> takeOrQueue = this::takeOrQueue;
    private final Waiter.Receipt<Void> promise = new Waiter.Receipt<>() {
        @Override
        public void delivered() {
            synchronized (queue) {
                promised--;
            }
        }

        @Override
        public void accept(@Nullable Void late) {
            synchronized (queue) {
                promised--;
                add(1);
            }
        }
    };

    Permits(String owner, int free) {
        this.owner = owner;
        this.waitText = "a permit of " + owner;
        this.free = free;
    }

    /** Takes a permit, at once when one is free and no task waits; a cancelled wait never holds one. */
    Future<Void> acquire() {
        return Waiter.await(waitText, takeOrQueue);
    }

    private void takeOrQueue(Waiter<Void> waiter) {
        synchronized (queue) {
            if (free <= 0) {
                queue.enter(waiter.onUndelivered(promise));
                return;
            }
            free--;
            if (promised == 0) {
                waiter.completeAtOnce(null);
            } else {
                // a permit is free, but another task is to resume first: wait behind it
                send(waiter.onUndelivered(promise));
            }
        }
    }

    boolean tryAcquire() {
        synchronized (queue) {
            if (isLocked()) {
                return false;
            }
            free--;
            return true;
        }
    }

    void release() {
        synchronized (queue) {
            if (free == Integer.MAX_VALUE) {
                throw new IllegalStateException(owner + " has " + free + " free permits and can't take one more");
            }
            add(1);
        }
    }

    /** Releases one of {@code bound} permits; fails when none of them is taken. */
    void releaseOf(int bound) {
        synchronized (queue) {
            if (free + promised >= bound) {
                throw new IllegalStateException(
                        owner + " was released more often than acquired: none of its " + bound + " permits is taken");
            }
            add(1);
        }
    }

    /** Adds {@code more} permits, or removes free ones when negative; taken permits stay taken. */
    void add(int more) {
        synchronized (queue) {
            free += more;
            while (free > 0) {
                Waiter<Void> longest = queue.poll();
                if (longest == null) {
                    return;
                }
                free--;
                send(longest);
            }
        }
    }

    private void send(Waiter<Void> waiter) {
        promised++;
        waiter.resume(null);
    }

    /** Runs {@code body} once {@code permit} has come, then {@code release}, however the body ends. */
    static <T> Future<T> with(Future<Void> permit, Coroutine<T> body, Runnable release) {
        return permit.compose(taken -> Tasks.finallyDo(body, () -> {
            release.run();
            return Future.succeededFuture();
        }));
    }

    /** Fails all that wait, each with an error of its own. */
    void failWaiters(Supplier<? extends RuntimeException> error) {
        synchronized (queue) {
            queue.pollAll().forEach(waiter -> waiter.fail(error.get()));
        }
    }

    int available() {
        synchronized (queue) {
            return Math.max(0, free);
        }
    }

    int waiting() {
        synchronized (queue) {
            return queue.size();
        }
    }

    boolean isLocked() {
        synchronized (queue) {
            return free <= 0 || promised > 0;
        }
    }

    @Override
    public String toString() {
        synchronized (queue) {
            return owner + ": " + available() + " free, " + queue.size() + " waiting";
        }
    }
}
