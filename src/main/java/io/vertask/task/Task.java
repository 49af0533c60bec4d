package io.vertask.task;

import io.vertx.core.Future;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A coroutine that has been started: its name, its state, its result, and the handle to stop it.
 *
 * <table>
 * <caption>States</caption>
 * <tr><th>state</th><th>means</th><th>next</th></tr>
 * <tr><td>QUEUED</td><td>started, its body has not run yet</td><td>RUNNING, or CANCELLED without the body ever running</td></tr>
 * <tr><td>RUNNING</td><td>the body runs or waits</td><td>CANCELLING, CLOSING</td></tr>
 * <tr><td>CANCELLING</td><td>asked to stop; the body is on its way out</td><td>CLOSING</td></tr>
 * <tr><td>CLOSING</td><td>the body has ended, something started in it has not</td><td>SUCCEEDED, FAILED, CANCELLED</td></tr>
 * <tr><td>SUCCEEDED, FAILED, CANCELLED</td><td>over; nothing of it is left</td><td>none</td></tr>
 * </table>
 *
 * <p>A task belongs to the scope in which it was started (the innermost task, timeout, group …). When the body of that
 * scope ends, a task left over in it is cancelled and awaited, so no task outlives its scope.
 *
 * <p><b>Cancellation.</b> A task counts as cancelled only after its body and everything in it have ended. A body that
 * catches the cancellation and returns a value succeeds; one that fails with something else fails with that.
 *
 * <p><b>Threads.</b> All methods may be called from any thread.
 *
 * @param <T> the type of the result
 */
public sealed interface Task<T> permits RunningTask {
    /** The state of a task; see the table above. */
    enum State {
        QUEUED,
        RUNNING,
        CANCELLING,
        CLOSING,
        SUCCEEDED,
        FAILED,
        CANCELLED;

        /** Whether the task is over. */
        public boolean isDone() {
            return this == SUCCEEDED || this == FAILED || this == CANCELLED;
        }
    }

    /** A number that no other task of this JVM has. */
    long id();

    /** The name given at the start, or {@code task-} and the id. */
    String name();

    /** The names from the root to this task, such as {@code main/crawl/page-7}. */
    String path();

    /** The task in which this one was started; empty for a root, and after the end. */
    Optional<Task<?>> parent();

    /** The state it is in. */
    State state();

    /**
     * The result, delivered on the caller's context. asyncio's {@code await task}.
     *
     * <p><b>Failure.</b> The body's own exception, unwrapped; {@link CancelledException} when this task was cancelled.
     *
     * <p><b>Cancellation.</b> Cancelling the caller ends its wait at once; it cancels this task only when this task was
     * started in the caller's scope.
     */
    Future<T> future();

    /**
     * Like {@link #future}, with the end of this task as a value: it fails only when the caller itself is cancelled.
     */
    Future<Outcome<T>> settled();

    /**
     * Calls {@code action} once when the task is over: on its event loop, or at once when it is over already. It does
     * not look at the end: a failure stays one that nobody has looked at. asyncio's {@code add_done_callback}.
     */
    void whenOver(Runnable action);

    /** The outcome; empty while the task is not over. */
    Optional<Outcome<T>> tryOutcome();

    /**
     * The value of a task that has succeeded, without waiting. asyncio's {@code task.result()}.
     *
     * <p><b>Failure.</b> {@link IllegalStateException} while the task is not over; {@link NoSuchElementException} with
     * the error as its cause when it did not succeed.
     */
    default @Nullable T resultNow() {
        return tryOutcome()
                .orElseThrow(() -> new IllegalStateException("task '" + path() + "' is not over: it is " + state()))
                .orElseThrow();
    }

    /**
     * Asks the task to stop. Only the first request counts, and it can't be taken back.
     *
     * @return false when the task was over already; true when it was asked, but has not stopped yet
     */
    boolean cancel(CancelReason reason);

    /** {@link #cancel(CancelReason)} with {@link CancelReason#USER}. */
    default boolean cancel() {
        return cancel(CancelReason.USER);
    }

    /** Asks the task to stop and waits until it has, cleanup included. A cancel of the caller is not swallowed. */
    default Future<Outcome<T>> cancelAndJoin(CancelReason reason) {
        Objects.requireNonNull(reason, "Task.cancelAndJoin: reason is null");
        cancel(reason);
        return settled();
    }

    /** {@link #cancelAndJoin(CancelReason)} with {@link CancelReason#USER}. */
    default Future<Outcome<T>> cancelAndJoin() {
        return cancelAndJoin(CancelReason.USER);
    }

    /** The task whose code is running now; empty outside any task. */
    static Optional<Task<?>> current() {
        Scope scope = Scope.currentOrNull();
        return scope == null ? Optional.empty() : Optional.ofNullable(scope.task());
    }
}
