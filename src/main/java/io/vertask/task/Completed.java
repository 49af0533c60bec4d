package io.vertask.task;

import io.vertx.core.Future;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;

/**
 * Coroutines that run at once, taken one by one in the order in which they end. asyncio's {@code as_completed}.
 *
 * <p>{@code Tasks.asCompleted(fetches, completed -> completed.forEach(page -> print(page)))}, or {@link #hasNext} and
 * {@link #next} by hand. A failure comes at its own turn, and the body decides what it means; one that the body has not
 * looked at is reported to the exception handler. Leaving the body cancels those still running and waits for them.
 *
 * <p><b>Threads.</b> The event loop of its task.
 */
public sealed interface Completed<T> permits CompletedBlock {
    /** The tasks, one for each coroutine and in their order. */
    List<Task<T>> tasks();

    /** Whether one is left that {@link #next} has not been asked for. */
    boolean hasNext();

    /**
     * The value of the next one that ends.
     *
     * <p><b>Failure.</b> That of the one whose turn it is; {@link NoSuchElementException} when none is left.
     *
     * <p><b>Cancellation.</b> Cancels the waiting only: what would have come is the next one still. So
     * {@code Tasks.timeout(limit, completed::next)} may be tried again.
     */
    Future<T> next();

    /** {@link #next} as the task itself, which is over: to know which one it is, and to take a failure as a value. */
    Future<Task<T>> nextTask();

    /** Calls {@code step} with each value in turn, waiting for what it returns; the first failure of either ends it. */
    Future<Void> forEach(Function<? super T, ? extends Future<?>> step);
}
