package io.vertask.sync;

import io.vertask.task.Coroutine;
import io.vertask.task.Tasks;
import io.vertask.task.Waiter;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A lock whose holder can put it down, wait to be signalled, and take it up again: asyncio's {@code Condition}.
 *
 * <p>{@code condition.withLock(() -> condition.waitFor(() -> !list.isEmpty()).map(v -> list.remove(0)))}
 *
 * <p>{@link #signal} is asyncio's {@code notify}, and {@link #await} its {@code wait}: every Java object has methods of
 * those names, which would block the event loop or throw.
 *
 * <p><b>Failure.</b> {@link IllegalStateException} in a task that doesn't hold the lock, and outside any task.
 *
 * <p><b>Cancellation.</b> A cancelled wait takes the lock up again before it fails, however long that takes: the code
 * around it holds what it believes to hold. A signal that reaches a wait which is cancelled before it holds the lock
 * again goes to the next.
 *
 * <p><b>Threads.</b> For tasks, on any event loop.
 */
public final class AsyncCondition {
    /** Taking the lock up again must not be given up, and a shield wants a limit. */
    private static final Duration NO_LIMIT = Duration.ofDays(36_500);

    private final AsyncLock lock;
    private final String waitText;
    private final Line<Void> line = new Line<>();

    private AsyncCondition(AsyncLock lock) {
        this.lock = lock;
        this.waitText = "a signal of condition '" + lock.name() + "'";
    }

    /** A condition with a lock of its own. */
    public static AsyncCondition create() {
        return named("condition");
    }

    /** {@link #create} with a name for messages and for people who look at the running tasks. */
    public static AsyncCondition named(String name) {
        return of(AsyncLock.named(name));
    }

    /** A condition of {@code lock}; several may share it. */
    public static AsyncCondition of(AsyncLock lock) {
        return new AsyncCondition(lock);
    }

    /** Its lock. */
    public AsyncLock lock() {
        return lock;
    }

    /** Runs {@code body} while holding the lock: {@code async with condition}. */
    public <T> Future<T> withLock(Coroutine<T> body) {
        return lock.withLock(body);
    }

    /**
     * Puts the lock down, waits for a signal, and takes the lock up again. A signal doesn't say that what one waits for
     * is still true by then: see {@link #waitFor}.
     */
    public Future<Void> await() {
        lock.checkHeld("await");
        Wait wait = new Wait();
        return Tasks.finallyDo(wait::signalled, NO_LIMIT, wait::lockAgain)
                // a cancel that came while the lock was taken up again
                .compose(locked -> Waiter.<Void>await(waitText, stillWanted -> stillWanted.completeAtOnce(null)))
                .onFailure(wait::passOn);
    }

    /** Waits until {@code condition} is true, which is asked while holding the lock: asyncio's {@code wait_for}. */
    public Future<Void> waitFor(BooleanSupplier condition) {
        lock.checkHeld("waitFor");
        return Tasks.loopWhile(() -> condition.getAsBoolean() ? Future.succeededFuture(false) : await().map(true));
    }

    /** Wakes the longest waiter, if there is one. */
    public void signal() {
        signal(1);
    }

    /** Wakes the {@code n} longest waiters, or as many as there are. */
    public void signal(int n) {
        lock.checkHeld("signal");
        wake(n);
    }

    /** Wakes all. */
    public void signalAll() {
        signal(Integer.MAX_VALUE);
    }

    private void wake(int n) {
        synchronized (line) {
            for (int i = 0; i < n; i++) {
                Waiter<Void> longest = line.poll();
                if (longest == null) {
                    return;
                }
                longest.resume(null);
            }
        }
    }

    /** How many wait for a signal. */
    public int waiting() {
        synchronized (line) {
            return line.size();
        }
    }

    @Override
    public String toString() {
        return "condition '" + lock.name() + "': " + waiting() + " waiting; " + lock;
    }

    /** One call of {@link #await}. */
    private final class Wait {
        private boolean putDown;
        private boolean signalled;

        Future<Void> signalled() {
            return Waiter.<Void>await(waitText, waiter -> {
                        synchronized (line) {
                            line.enter(waiter.onUndelivered(late -> wake(1)));
                        }
                        lock.release();
                        putDown = true;
                    })
                    .onSuccess(woken -> signalled = true);
        }

        Future<Void> lockAgain() {
            return putDown ? lock.acquire() : Future.succeededFuture();
        }

        void passOn(@Nullable Throwable failure) {
            if (signalled) {
                wake(1);
            }
        }
    }
}
