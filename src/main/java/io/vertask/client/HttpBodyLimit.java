package io.vertask.client;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.streams.WriteStream;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.codec.BodyCodec;
import io.vertx.ext.web.codec.spi.BodyStream;
import org.jspecify.annotations.Nullable;

/**
 * A body codec with a limit: the chunk that exceeds the limit is not passed on and fails the response.
 *
 * <p>It ends when every chunk has been taken: Vert.x's pipe asks after no write that is under way when the body ends,
 * so that the failure of the last ones would be lost.
 *
 * @param coding the coding of the body; the limit counts what comes out of it. Null for none
 * @param call told when the body has ended or its connection has broken, but not when the body was refused
 */
record HttpBodyLimit<T>(
        BodyCodec<T> codec, long limit, @Nullable HttpContentCoding coding, HttpCall call) implements BodyCodec<T> {
    /**
     * Puts the limit of {@code call} on the body of {@code request}, and takes off its coding before that; returns the
     * codec behind it.
     */
    static <T> BodyCodec<T> put(HttpRequest<T> request, long limit, @Nullable HttpContentCoding coding, HttpCall call) {
        BodyCodec<T> codec = request.bodyCodec();
        // a request that is sent again has the codec of its last call
        BodyCodec<T> own = codec instanceof HttpBodyLimit<T> limited ? limited.codec() : codec;
        request.as(new HttpBodyLimit<>(own, limit, coding, call));
        return own;
    }

    /** The length of the body according to the head, or 0. */
    static long announced(HttpClientResponse response) {
        String length = response.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length == null || HttpContentCoding.hasNoBody(response)) {
            return 0;
        }
        try {
            return Long.parseLong(length);
        } catch (NumberFormatException malformed) {
            return 0;
        }
    }

    @Override
    public BodyStream<T> stream() throws Exception {
        Counting<T> counting = new Counting<>(codec.stream(), this);
        return coding == null ? counting : new HttpInflatedBody<>(counting, coding);
    }

    /** The stream that counts. */
    static final class Counting<T> implements BodyStream<T> {
        private final BodyStream<T> inner;
        private final HttpBodyLimit<T> limit;
        private long count;
        private boolean refused;
        /** Completes when all chunks so far have been taken. */
        private Future<Void> taken = Future.succeededFuture();

        Counting(BodyStream<T> inner, HttpBodyLimit<T> limit) {
            this.inner = inner;
            this.limit = limit;
        }

        /** Notes that the rest of the body is not wanted, so that its connection is closed. */
        void refuse() {
            refused = true;
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
                taken = taken.succeeded()
                        ? written
                        : Future.join(taken, written).mapEmpty();
            }
            return written;
        }

        @Override
        public Future<Void> end() {
            if (!refused) {
                limit.call.bodyOver();
            }
            Future<Void> ended = inner.end();
            return taken.succeeded()
                    ? ended
                    : limit.call.anchored(Future.join(taken, ended).mapEmpty());
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
