package io.vertask.task;

import io.vertx.core.Future;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;

/**
 * Concurrently running coroutines whose results are taken one by one, in the order in which they end. asyncio's
 * {@code as_completed}.
 *
 * <p>{@code Tasks.asCompleted(fetches, completed -> completed.forEach(page -> print(page)))}, or {@link #hasNext} and
 * {@link #next} by hand. A failure comes in its own place in that order, and the body decides what it means; one that
 * the body has not looked at is reported to the exception handler. Leaving the body cancels the tasks that still run
 * and waits for them.
 *
 * <p><b>Threads.</b> The event loop of its task.
 */
public sealed interface Completed<T> permits CompletedBlock {
    /** The tasks, one for each coroutine, in the order of the coroutines. */
    List<Task<T>> tasks();

    /** Whether {@link #next} has been called less often than there are tasks. */
    boolean hasNext();

    /**
     * The value of the next task that ends.
     *
     * <p><b>Failure.</b> That of the task; {@link NoSuchElementException} when none is left.
     *
     * <p><b>Cancellation.</b> Cancels the waiting only: the task stays the next one. So {@code Tasks.timeout(limit,
     * completed::next)} may be tried again.
     */
    Future<T> next();

    /** {@link #next} as the task itself, which is over: it shows which one it is, and has a failure as a value. */
    Future<Task<T>> nextTask();

    /** Calls {@code step} with each value, and waits for its future; the first failure of a task or a step ends it. */
    Future<Void> forEach(Function<? super T, ? extends Future<?>> step);
}
