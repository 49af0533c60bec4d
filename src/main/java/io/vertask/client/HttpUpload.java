package io.vertask.client;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The stream that a request's body is read from, for as long as the call lasts: afterwards it is left paused, without
 * handlers, as it was before. Vert.x's pipe would let it run out into nothing.
 *
 * <p><b>Threads.</b> Those of the source; {@link #leave} on the call's event loop.
 */
final class HttpUpload implements ReadStream<Buffer> {
    private final ReadStream<Buffer> source;
    private volatile boolean left;
    private volatile boolean finished;
    private Consumer<Throwable> onFailure = error -> {};

    HttpUpload(ReadStream<Buffer> source) {
        this.source = source;
    }

    /** Sets the handler of the source's own error, with which the call fails instead of the error of its request. */
    void onFailure(Consumer<Throwable> call) {
        onFailure = call;
    }

    /** Whether the whole source has been read. */
    boolean isFinished() {
        return finished;
    }

    /** Leaves the source paused and without handlers, because the call is over. */
    void leave() {
        if (!left) {
            left = true;
            if (!finished) {
                quietly(source::pause);
                quietly(() -> source.handler(null));
                quietly(() -> source.endHandler(null));
                quietly(() -> source.exceptionHandler(null));
            }
        }
    }

    /** Runs {@code step} and ignores its exception, which a source that has ended or is closed may throw. */
    private static void quietly(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException refused) {
            return;
        }
    }

    @Override
    public ReadStream<Buffer> handler(@Nullable Handler<Buffer> handler) {
        return unlessLeft(() -> source.handler(handler));
    }

    @Override
    public ReadStream<Buffer> pause() {
        return unlessLeft(source::pause);
    }

    @Override
    public ReadStream<Buffer> resume() {
        return unlessLeft(source::resume);
    }

    @Override
    public ReadStream<Buffer> fetch(long amount) {
        return unlessLeft(() -> source.fetch(amount));
    }

    @Override
    public ReadStream<Buffer> endHandler(@Nullable Handler<Void> handler) {
        return unlessLeft(() -> source.endHandler(
                handler == null
                        ? null
                        : end -> {
                            finished = true;
                            handler.handle(null);
                        }));
    }

    @Override
    public ReadStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> handler) {
        return unlessLeft(() -> source.exceptionHandler(
                handler == null
                        ? null
                        : error -> {
                            onFailure.accept(error);
                            handler.handle(error);
                        }));
    }

    private ReadStream<Buffer> unlessLeft(Runnable step) {
        if (!left) {
            step.run();
        }
        return this;
    }
}
