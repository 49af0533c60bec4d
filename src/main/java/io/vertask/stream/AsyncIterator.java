package io.vertask.stream;

import io.vertask.task.CancelledException;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * An asynchronous, pull-based stream: each element is asked for and comes as a future. asyncio's asynchronous iterator.
 *
 * <p>{@link Streams#forEach} iterates over a stream and closes it. Code that calls {@link #next} itself must call
 * {@link #close} too; a stream that is never closed is closed at the end of the task that made it.
 *
 * <p><b>Threads.</b> One consumer at a time, on any event loop: a pull may begin when the previous one has ended.
 *
 * @param <T> the type of the elements, which are never null
 */
public interface AsyncIterator<T> {
    /**
     * Pulls the next element; empty at the end.
     *
     * <p><b>Failure.</b> The error of the source; the stream has then ended. Every pull after the end, an error or
     * {@link #close} gives empty. A pull while another one waits is an {@link IllegalStateException}, as is a pull
     * outside any task.
     *
     * <p><b>Cancellation.</b> Fails with {@link CancelledException} and takes nothing: the next pull gets the element.
     */
    Future<Optional<T>> next();

    /**
     * Ends the stream and waits for its cleanup; without effect once the stream has ended.
     *
     * <p><b>Failure.</b> That of the cleanup, or a failure of the stream that no pull has reported.
     *
     * <p><b>Cancellation.</b> Cancelling the caller ends its wait; the close continues.
     */
    Future<Void> close();
}
