package io.vertask.sync;

import io.vertask.task.Coroutine;
import io.vertask.task.Tasks;
import io.vertask.task.Waiter;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A condition variable: the holder of its lock can release the lock, wait for a signal, and acquire the lock again.
 * asyncio's {@code Condition}.
 *
 * <p>{@code condition.withLock(() -> condition.waitFor(() -> !list.isEmpty()).map(v -> list.remove(0)))}
 *
 * <p>{@link #signal} is asyncio's {@code notify}, and {@link #await} its {@code wait}: every Java object has blocking
 * methods of those names.
 *
 * <p><b>Failure.</b> {@link IllegalStateException} in a task that doesn't hold the lock, and outside any task.
 *
 * <p><b>Cancellation.</b> A cancelled wait acquires the lock again before it fails, however long that takes, so that
 * the code around it still holds the lock. If a wait is signalled and then cancelled before it holds the lock again,
 * the signal passes to the next waiter.
 *
 * <p><b>Threads.</b> For tasks, on any event loop.
 */
public final class AsyncCondition {
    /** Acquiring the lock again must not be given up, and a shield needs a limit. */
    private static final Duration NO_LIMIT = Duration.ofDays(36_500);

    private final AsyncLock lock;
    private final String waitText;
    private final WaitQueue<Void> queue = new WaitQueue<>();

    private AsyncCondition(AsyncLock lock) {
        this.lock = lock;
        this.waitText = "a signal of condition '" + lock.name() + "'";
    }

    /** A condition with a lock of its own. */
    public static AsyncCondition create() {
        return named("condition");
    }

    /** {@link #create} with a name, shown in messages and in the task tree. */
    public static AsyncCondition named(String name) {
        Objects.requireNonNull(name, "AsyncCondition.named: name is null");
        return of(AsyncLock.named(name));
    }

    /** A condition on {@code lock}; several conditions may share one lock. */
    public static AsyncCondition of(AsyncLock lock) {
        Objects.requireNonNull(lock, "AsyncCondition.of: lock is null");
        return new AsyncCondition(lock);
    }

    /** The lock of this condition. */
    public AsyncLock lock() {
        return lock;
    }

    /** Runs {@code body} while holding the lock: {@code async with condition}. */
    public <T> Future<T> withLock(Coroutine<T> body) {
        Objects.requireNonNull(body, "AsyncCondition.withLock: body is null");
        return lock.withLock(body);
    }

    /**
     * Releases the lock, waits for a signal, and acquires the lock again. By then, the state that was signalled may
     * have changed: see {@link #waitFor}.
     */
    public Future<Void> await() {
        lock.checkHeld("await");
        Wait wait = new Wait();
        return Tasks.finallyDo(wait::signalled, NO_LIMIT, wait::lockAgain)
                // a cancel that came while the lock was being acquired again
                .compose(locked -> Waiter.<Void>await(waitText, stillWanted -> stillWanted.completeAtOnce(null)))
                .onFailure(wait::passOn);
    }

    /** Waits until {@code condition}, evaluated while holding the lock, is true: asyncio's {@code wait_for}. */
    public Future<Void> waitFor(BooleanSupplier condition) {
        Objects.requireNonNull(condition, "AsyncCondition.waitFor: condition is null");
        lock.checkHeld("waitFor");
        return Tasks.loopWhile(() -> condition.getAsBoolean() ? Future.succeededFuture(false) : await().map(true));
    }

    /** Wakes the longest-waiting task, if any. */
    public void signal() {
        signal(1);
    }

    /** Wakes up to {@code n} tasks, those that have waited longest. */
    public void signal(int n) {
        lock.checkHeld("signal");
        wake(n);
    }

    /** Wakes all waiting tasks. */
    public void signalAll() {
        signal(Integer.MAX_VALUE);
    }

    private void wake(int n) {
        synchronized (queue) {
            for (int i = 0; i < n; i++) {
                Waiter<Void> longest = queue.poll();
                if (longest == null) {
                    return;
                }
                longest.resume(null);
            }
        }
    }

    /** The number of tasks that wait for a signal. */
    public int waiting() {
        synchronized (queue) {
            return queue.size();
        }
    }

    @Override
    public String toString() {
        return "condition '" + lock.name() + "': " + waiting() + " waiting; " + lock;
    }

    /** One call of {@link #await}. */
    private final class Wait {
        private boolean released;
        private boolean signalled;

        Future<Void> signalled() {
            return Waiter.<Void>await(waitText, waiter -> {
                        synchronized (queue) {
                            queue.enter(waiter.onUndelivered(late -> wake(1)));
                        }
                        lock.release();
                        released = true;
                    })
                    .onSuccess(woken -> signalled = true);
        }

        Future<Void> lockAgain() {
            return released ? lock.acquire() : Future.succeededFuture();
        }

        void passOn(@Nullable Throwable failure) {
            if (signalled) {
                wake(1);
            }
        }
    }
}
