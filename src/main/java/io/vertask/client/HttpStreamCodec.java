package io.vertask.client;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpResponseHead;
import io.vertx.core.streams.WriteStream;
import io.vertx.ext.web.codec.BodyCodec;
import io.vertx.ext.web.codec.spi.BodyStream;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A body codec that keeps nothing: it passes the chunks on to a reader, and holds the connection back while the reader
 * is behind.
 */
final class HttpStreamCodec implements BodyCodec<Void> {
    /** The number of bytes that may wait for the reader before the connection is paused. */
    private static final int WAITING = 64 * 1024;

    private final long limit;
    private final Consumer<HttpResponseHead> onHead;
    private final DemandStream<Buffer> chunks = new DemandStream<>(this::ranDry);
    private long waiting;
    private @Nullable Handler<Void> drainHandler;

    /** With {@code limit} for the length of the body, and {@code onHead}, which is told when the head has come. */
    HttpStreamCodec(long limit, Consumer<HttpResponseHead> onHead) {
        this.limit = limit;
        this.onHead = onHead;
    }

    long limit() {
        return limit;
    }

    void head(HttpResponseHead head) {
        onHead.accept(head);
    }

    /** The stream of the body for its reader. Its end comes from the call, which knows whether it has succeeded. */
    DemandStream<Buffer> chunks() {
        return chunks;
    }

    private void ranDry() {
        waiting = 0;
        Handler<Void> drained = drainHandler;
        drainHandler = null;
        if (drained != null) {
            drained.handle(null);
        }
    }

    @Override
    public BodyStream<Void> stream() {
        return new Sink();
    }

    private final class Sink implements BodyStream<Void> {
        private final Promise<Void> ended = Promise.promise();

        @Override
        public Future<Void> write(Buffer chunk) {
            waiting += chunk.length();
            chunks.offer(chunk);
            return Future.succeededFuture();
        }

        @Override
        public boolean writeQueueFull() {
            return waiting >= WAITING;
        }

        @Override
        public WriteStream<Buffer> drainHandler(@Nullable Handler<Void> handler) {
            drainHandler = handler;
            return this;
        }

        @Override
        public Future<Void> end() {
            ended.tryComplete();
            return Future.succeededFuture();
        }

        @Override
        public Future<Void> result() {
            return ended.future();
        }

        @Override
        public void handle(Throwable error) {}

        @Override
        public WriteStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> handler) {
            return this;
        }

        @Override
        public WriteStream<Buffer> setWriteQueueMaxSize(int maxSize) {
            return this;
        }
    }
}
