package io.vertask.client;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import io.vertx.ext.web.codec.BodyCodec;
import io.vertx.ext.web.codec.spi.BodyStream;
import org.jspecify.annotations.Nullable;

/**
 * A body codec that counts: the chunk that goes past the limit is not passed on, and fails the response.
 *
 * @param call told when the body has ended or its connection has broken, but not when the body was refused
 */
record HttpBodyLimit<T>(BodyCodec<T> codec, long limit, HttpCall call) implements BodyCodec<T> {
    @Override
    public BodyStream<T> stream() throws Exception {
        return new Counting<>(codec.stream(), this);
    }

    private static final class Counting<T> implements BodyStream<T> {
        private final BodyStream<T> inner;
        private final HttpBodyLimit<T> limit;
        private long count;
        private boolean refused;

        Counting(BodyStream<T> inner, HttpBodyLimit<T> limit) {
            this.inner = inner;
            this.limit = limit;
        }

        @Override
        public Future<Void> write(Buffer chunk) {
            count += chunk.length();
            if (count > limit.limit) {
                refused = true;
                return Future.failedFuture(limit.call.tooLarge());
            }
            Future<Void> written = inner.write(chunk);
            if (!written.succeeded()) {
                written.onFailure(error -> refused = true);
            }
            return written;
        }

        @Override
        public Future<Void> end() {
            if (!refused) {
                limit.call.bodyOver();
            }
            return inner.end();
        }

        @Override
        public Future<T> result() {
            return inner.result();
        }

        @Override
        public void handle(Throwable error) {
            inner.handle(error);
        }

        @Override
        public WriteStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> handler) {
            inner.exceptionHandler(handler);
            return this;
        }

        @Override
        public WriteStream<Buffer> setWriteQueueMaxSize(int maxSize) {
            inner.setWriteQueueMaxSize(maxSize);
            return this;
        }

        @Override
        public boolean writeQueueFull() {
            return inner.writeQueueFull();
        }

        @Override
        public WriteStream<Buffer> drainHandler(@Nullable Handler<Void> handler) {
            inner.drainHandler(handler);
            return this;
        }
    }
}
