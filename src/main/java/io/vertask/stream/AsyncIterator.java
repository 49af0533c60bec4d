package io.vertask.stream;

import io.vertask.task.CancelledException;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * A sequence of which each element is asked for, and may take its time: what asyncio's {@code async for} walks.
 *
 * <p>{@link Streams#forEach} walks one and closes it. Whoever pulls by hand closes by hand, too; one that is never
 * closed is closed with the task in which it was made.
 *
 * <p><b>Threads.</b> One consumer at a time: the next pull after the end of the last one, on any event loop.
 *
 * @param <T> the type of the elements, which are never null
 */
public interface AsyncIterator<T> {
    /**
     * The next element, or empty at the end; nothing happens before it is asked for.
     *
     * <p><b>Failure.</b> The error that came instead of an element; the sequence is over then. Every pull after the
     * end, an error or {@link #close} gives empty. A pull while another one waits is an {@link IllegalStateException},
     * as is one outside any task.
     *
     * <p><b>Cancellation.</b> Fails with {@link CancelledException} and takes nothing: the element comes with the next
     * pull.
     */
    Future<Optional<T>> next();

    /**
     * Ends the sequence and waits until its cleanup is over; without effect once it has ended.
     *
     * <p><b>Failure.</b> That of the cleanup, or one that no pull has met.
     *
     * <p><b>Cancellation.</b> Cancelling the caller ends its wait; the closing goes on.
     */
    Future<Void> close();
}
