package io.vertask.sync;

import io.vertask.task.Coroutine;
import io.vertask.task.Tasks;
import io.vertask.task.Waiter;
import io.vertx.core.Future;
import java.util.Iterator;
import java.util.LinkedHashSet;

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
public final class AsyncSemaphore {
    private final String name;
    private final String waitText;

    // guarded by this
    private final LinkedHashSet<Waiter<Void>> queue = new LinkedHashSet<>();
    private int free;
    /** Permits handed to waiters that have not resumed yet. */
    private int onTheWay;

    private AsyncSemaphore(String name, int permits) {
        if (permits < 0) {
            throw new IllegalArgumentException(
                    "semaphore '" + name + "' with " + permits + " permits: it takes 0 or more");
        }
        this.name = name;
        this.waitText = "a permit of semaphore '" + name + "'";
        this.free = permits;
    }

    /** A semaphore with {@code permits} free permits; 0 is allowed. */
    public static AsyncSemaphore of(int permits) {
        return named("semaphore", permits);
    }

    /** {@link #of} with a name for messages and for people who look at the running tasks. */
    public static AsyncSemaphore named(String name, int permits) {
        return new AsyncSemaphore(name, permits);
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
        Future<Void> permit = Waiter.await(waitText, this::takeOrQueue);
        // the first listener, so that it comes before any code which is waiting for the permit
        return permit.isComplete() ? permit : permit.onSuccess(resumed -> arrived());
    }

    private synchronized void takeOrQueue(Waiter<Void> waiter) {
        boolean mayTake = free > 0;
        if (mayTake) {
            free--;
            if (onTheWay == 0) {
                waiter.completeAtOnce(null);
                return;
            }
        }
        waiter.onCancel(cause -> leave(waiter)).onUndelivered(late -> passOn());
        if (mayTake) {
            // a permit is free, but somebody else's turn to resume comes first: wait behind that one
            send(waiter);
        } else {
            queue.add(waiter);
        }
    }

    private synchronized boolean leave(Waiter<Void> waiter) {
        // not in the queue any more: its permit is on the way, and comes back through passOn
        return queue.remove(waiter);
    }

    private synchronized void arrived() {
        onTheWay--;
    }

    private synchronized void passOn() {
        onTheWay--;
        release();
    }

    /** Takes a permit if one is free and nobody is waiting for it. */
    public synchronized boolean tryAcquire() {
        if (isLocked()) {
            return false;
        }
        free--;
        return true;
    }

    /**
     * Gives a permit back: to the longest waiter, if there is one.
     *
     * <p>Like asyncio's, it does not ask who took the permit; one that was never taken is one more.
     */
    public synchronized void release() {
        Iterator<Waiter<Void>> waiters = queue.iterator();
        if (waiters.hasNext()) {
            Waiter<Void> longest = waiters.next();
            waiters.remove();
            send(longest);
        } else if (free == Integer.MAX_VALUE) {
            throw new IllegalStateException(
                    "semaphore '" + name + "' has " + free + " free permits and can't take one more");
        } else {
            free++;
        }
    }

    private void send(Waiter<Void> waiter) {
        onTheWay++;
        waiter.resume(null);
    }

    /**
     * Runs {@code body} while holding a permit, which is given back exactly once when the body has ended: with a value,
     * with an error, by throwing, or cancelled. Without a permit {@code body} is not called.
     */
    public <T> Future<T> withPermit(Coroutine<T> body) {
        return acquire()
                .compose(taken -> Tasks.finallyDo(body, () -> {
                    release();
                    return Future.succeededFuture();
                }));
    }

    /** How many permits are neither taken nor on their way to a waiter. */
    public synchronized int available() {
        return free;
    }

    /** How many acquires are queued. */
    public synchronized int waiting() {
        return queue.size();
    }

    /** Whether an {@link #acquire} would have to wait now. */
    public synchronized boolean isLocked() {
        return free == 0 || onTheWay > 0;
    }

    @Override
    public synchronized String toString() {
        return "semaphore '" + name + "': " + free + " free, " + queue.size() + " waiting";
    }
}
