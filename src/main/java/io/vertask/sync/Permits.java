package io.vertask.sync;

import io.vertask.task.Coroutine;
import io.vertask.task.Tasks;
import io.vertask.task.Waiter;
import io.vertx.core.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A number of permits and the line of those who wait for one: what semaphores, locks and limiters are made of.
 *
 * <pre>
 *  free ──acquire, nobody waits──▶ taken ──release──▶ free, or on the way to the longest waiter
 *  on the way ──its turn──▶ taken
 *             ──cancelled before its turn──▶ free, or on the way to the next
 * </pre>
 *
 * <p>While one is on the way, nobody overtakes its receiver, even if others are free.
 *
 * <p><b>Threads.</b> Any; the monitor of {@link #line} guards the counts.
 */
final class Permits {
    /** Whose they are, such as {@code semaphore 'db'}. */
    private final String owner;

    private final String waitText;
    private final Line<Void> line = new Line<>();

    /** Below zero: so many have to come back before one is free again. */
    private int free;

    private int onTheWay;

    // one for all: an acquire makes no objects but its wait and its place
    private final Consumer<Waiter<Void>> takeOrQueue = this::takeOrQueue;
    private final Waiter.Receipt<Void> onTheWayTo = new Waiter.Receipt<>() {
        @Override
        public void delivered() {
            synchronized (line) {
                onTheWay--;
            }
        }

        @Override
        public void accept(@Nullable Void late) {
            synchronized (line) {
                onTheWay--;
                add(1);
            }
        }
    };

    Permits(String owner, int free) {
        this.owner = owner;
        this.waitText = "a permit of " + owner;
        this.free = free;
    }

    /** At once with a free permit and nobody waiting; a cancelled wait never holds one. */
    Future<Void> acquire() {
        return Waiter.await(waitText, takeOrQueue);
    }

    private void takeOrQueue(Waiter<Void> waiter) {
        synchronized (line) {
            if (free <= 0) {
                line.enter(waiter.onUndelivered(onTheWayTo));
                return;
            }
            free--;
            if (onTheWay == 0) {
                waiter.completeAtOnce(null);
            } else {
                // one is free, but somebody else's turn to resume comes first: wait behind that one
                send(waiter.onUndelivered(onTheWayTo));
            }
        }
    }

    boolean tryAcquire() {
        synchronized (line) {
            if (isLocked()) {
                return false;
            }
            free--;
            return true;
        }
    }

    void release() {
        synchronized (line) {
            if (free == Integer.MAX_VALUE) {
                throw new IllegalStateException(owner + " has " + free + " free permits and can't take one more");
            }
            add(1);
        }
    }

    /** As {@link #release}, unless nobody can have taken one of {@code bound} permits. */
    void releaseOf(int bound) {
        synchronized (line) {
            if (free + onTheWay >= bound) {
                throw new IllegalStateException(
                        owner + " was released more often than acquired: none of its " + bound + " permits is taken");
            }
            add(1);
        }
    }

    /** So many more, or fewer; nothing that is taken is taken away. */
    void add(int more) {
        synchronized (line) {
            free += more;
            while (free > 0) {
                Waiter<Void> longest = line.poll();
                if (longest == null) {
                    return;
                }
                free--;
                send(longest);
            }
        }
    }

    private void send(Waiter<Void> waiter) {
        onTheWay++;
        waiter.resume(null);
    }

    /** Runs {@code body} with a permit, and then {@code release}, however it ended. */
    static <T> Future<T> with(Future<Void> permit, Coroutine<T> body, Runnable release) {
        return permit.compose(taken -> Tasks.finallyDo(body, () -> {
            release.run();
            return Future.succeededFuture();
        }));
    }

    int available() {
        synchronized (line) {
            return Math.max(0, free);
        }
    }

    int waiting() {
        synchronized (line) {
            return line.size();
        }
    }

    boolean isLocked() {
        synchronized (line) {
            return free <= 0 || onTheWay > 0;
        }
    }

    /** For the {@code toString} of the owner. */
    @Override
    public String toString() {
        synchronized (line) {
            return owner + ": " + available() + " free, " + line.size() + " waiting";
        }
    }
}
