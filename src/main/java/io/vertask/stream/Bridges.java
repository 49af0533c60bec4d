package io.vertask.stream;

import io.vertask.task.Coroutine;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.Supplier;

/**
 * Converts streams to and from Vert.x streams and {@code Flow.Publisher}. Every conversion passes the consumer's demand
 * and its cancellation back to the source.
 */
public final class Bridges {
    private Bridges() {}

    /**
     * A stream of the elements of {@code source}; up to {@code most} elements are requested ahead of the pulls and
     * buffered.
     *
     * <p>{@code source} is paused at once, and gets its handlers at the first pull.
     *
     * <p><b>Failure.</b> The failure of {@code source}, after the elements before it.
     *
     * <p><b>Cancellation.</b> {@code closer}, which resets the request or closes the file, for example, is called once:
     * after the end, after an error, or when the stream is closed before either; in that last case the handlers have
     * been removed.
     *
     * <p><b>Threads.</b> {@code source} may call its handlers on any thread.
     */
    public static <T> AsyncIterator<T> from(ReadStream<T> source, int most, Coroutine<Void> closer) {
        Objects.requireNonNull(source, "Bridges.from: source is null");
        Objects.requireNonNull(closer, "Bridges.from: closer is null");
        source.pause();
        return FromReadStream.of(source, checked(most), closer);
    }

    /**
     * A stream of the elements of {@code source}; up to {@code most} elements are requested ahead of the pulls and
     * buffered. It subscribes at the first pull.
     *
     * <p><b>Failure.</b> That of {@code source}, after the elements before it; {@link IllegalStateException} when
     * {@code source} breaks a rule of Reactive Streams, such as giving more elements than requested.
     *
     * <p><b>Cancellation.</b> Closing the stream cancels the subscription.
     *
     * <p><b>Threads.</b> {@code source} may signal on any thread.
     */
    public static <T> AsyncIterator<T> from(Flow.Publisher<T> source, int most) {
        Objects.requireNonNull(source, "Bridges.from: source is null");
        return FromPublisher.of(source, checked(most));
    }

    private static int checked(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("at most " + most + " elements ahead: it takes 1 or more");
        }
        return most;
    }

    /**
     * A Vert.x stream of the elements of {@code source}, which calls its handlers on the context of the current task.
     * It flows as soon as it has a handler, unless it was paused before; an element is pulled when there is demand.
     *
     * <p><b>Failure.</b> Goes to the stream's exception handler, or without one to that of the context.
     *
     * <p><b>Cancellation.</b> The end of the current task closes {@code source} and fails the stream with the
     * cancellation.
     */
    public static <T> ReadStream<T> toReadStream(AsyncIterator<T> source) {
        Objects.requireNonNull(source, "Bridges.toReadStream: source is null");
        return new ToReadStream<>(source);
    }

    /**
     * Writes each element to {@code target}, waiting while its write queue is full, then ends {@code target}.
     *
     * <p><b>Failure.</b> That of the source or of a write; {@code target} is then not ended, and its owner must reset
     * or close it.
     *
     * <p><b>Cancellation.</b> Closes {@code source} and does not end {@code target}.
     */
    public static <T> Future<Void> pipeTo(AsyncIterator<T> source, WriteStream<T> target) {
        Objects.requireNonNull(source, "Bridges.pipeTo: source is null");
        Objects.requireNonNull(target, "Bridges.pipeTo: target is null");
        return new ToWriteStream<>(target).all(source);
    }

    /**
     * A publisher that makes a stream for each subscriber and pulls it on {@code context}, as the subscriber requests.
     *
     * <p><b>Failure.</b> Goes to the subscriber's {@code onError}. A subscriber that throws is cancelled, and its
     * exception goes to the exception handler of {@code context}.
     *
     * <p><b>Cancellation.</b> A subscriber that cancels closes its stream. When {@code context} ends, because its
     * verticle is undeployed, for example, the subscriber gets an error.
     *
     * <p><b>Threads.</b> Any thread may subscribe, request and cancel.
     */
    public static <T> Flow.Publisher<T> toPublisher(Context context, Supplier<? extends AsyncIterator<T>> streams) {
        Objects.requireNonNull(context, "Bridges.toPublisher: context is null");
        Objects.requireNonNull(streams, "Bridges.toPublisher: streams is null");
        return new ToPublisher<>(context, streams);
    }
}
