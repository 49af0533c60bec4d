package io.vertask.stream;

import io.vertask.task.Coroutine;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;
import java.util.concurrent.Flow;
import java.util.function.Supplier;

/**
 * The ways to and from the streams of others: Vert.x's, and {@code Flow.Publisher}. All of them carry the consumer's
 * pace back to the source, and its end.
 */
public final class Bridges {
    private Bridges() {}

    /**
     * The elements of {@code source}, of which {@code most} are asked for ahead of the pulls, and so kept at most.
     *
     * <p>{@code source} is paused at once, and gets its handlers at the first pull.
     *
     * <p><b>Failure.</b> What the stream reports, after the elements before it.
     *
     * <p><b>Cancellation.</b> {@code closer} is called once, however this ends: after the end, an error, or when it is
     * closed before; then the handlers have been taken away. The reset of the request, say, or the close of the file.
     *
     * <p><b>Threads.</b> {@code source} may call its handlers on any thread.
     */
    public static <T> AsyncIterator<T> from(ReadStream<T> source, int most, Coroutine<Void> closer) {
        source.pause();
        return FromReadStream.of(source, checked(most), closer);
    }

    /**
     * The elements of {@code source}, of which {@code most} are asked for ahead of the pulls, and so kept at most; it
     * is subscribed to at the first pull.
     *
     * <p><b>Cancellation.</b> Closing this cancels the subscription.
     *
     * <p><b>Threads.</b> {@code source} may signal on any thread.
     */
    public static <T> AsyncIterator<T> from(Flow.Publisher<T> source, int most) {
        return FromPublisher.of(source, checked(most));
    }

    private static int checked(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("at most " + most + " elements ahead: it takes 1 or more");
        }
        return most;
    }

    /**
     * The elements as a Vert.x stream, which calls its handlers on the context of the current task. It flows as soon as
     * it has a handler, unless it was paused before; an element is pulled when one is asked for.
     *
     * <p><b>Failure.</b> Goes to the stream's exception handler, and without one to that of the context.
     *
     * <p><b>Cancellation.</b> The end of the current task closes {@code source}, and fails the stream with the
     * cancellation. A stream that gets no handler until then never pulls.
     */
    public static <T> ReadStream<T> toReadStream(AsyncIterator<T> source) {
        return new ToReadStream<>(source);
    }

    /**
     * Writes each element to {@code target}, which is waited for when it is full, then ends it.
     *
     * <p><b>Failure.</b> That of the source or of a write; {@code target} is not ended then, and its owner resets or
     * closes it.
     *
     * <p><b>Cancellation.</b> Closes {@code source}, and does not end {@code target}.
     */
    public static <T> Future<Void> pipeTo(AsyncIterator<T> source, WriteStream<T> target) {
        return new ToWriteStream<>(target).all(source);
    }

    /**
     * A publisher that makes a stream for each subscriber and pulls it as the subscriber asks, on {@code context}.
     *
     * <p><b>Failure.</b> Becomes the subscriber's {@code onError}. A subscriber that throws is cancelled, and what it
     * threw goes to the exception handler of {@code context}.
     *
     * <p><b>Cancellation.</b> A subscriber that cancels closes its stream; one whose {@code context} ends (its verticle
     * is undeployed, say) gets that as an error.
     *
     * <p><b>Threads.</b> Any thread may subscribe, request and cancel.
     */
    public static <T> Flow.Publisher<T> toPublisher(Context context, Supplier<? extends AsyncIterator<T>> streams) {
        return new ToPublisher<>(context, streams);
    }
}
