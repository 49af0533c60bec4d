package io.vertask.client;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import io.vertx.ext.web.codec.spi.BodyStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A body stream that takes packed chunks and passes on what is in them, as fast as the stream behind it takes that: of
 * a chunk that unpacks to a thousand times its length, no more is unpacked than is wanted.
 *
 * <p><b>Failure.</b> {@link HttpContentException}, of the chunk that can't be unpacked, or of the end.
 *
 * <p><b>Threads.</b> The call's event loop.
 */
final class HttpInflatedBody<T> implements BodyStream<T> {
    private static final int PIECE = 16 * 1024;

    private final HttpBodyLimit.Counting<T> inner;
    private final HttpInflater inflater;
    private final byte[] out = new byte[PIECE];
    private final Queue<Chunk> chunks = new ArrayDeque<>();
    private boolean unpacking;
    private @Nullable Throwable failure;
    private @Nullable Handler<Void> drainHandler;
    private @Nullable Promise<Void> ending;

    HttpInflatedBody(HttpBodyLimit.Counting<T> inner, HttpContentCoding coding) {
        this.inner = inner;
        this.inflater = new HttpInflater(coding);
    }

    /** A packed chunk; it is taken when all that is in it has been taken. */
    private static final class Chunk {
        final byte[] packed;
        final Promise<Void> taken = Promise.promise();
        boolean begun;
        Future<Void> written = Future.succeededFuture();

        Chunk(byte[] packed) {
            this.packed = packed;
        }
    }

    @Override
    public Future<Void> write(Buffer packed) {
        if (failure != null) {
            return Future.failedFuture(failure);
        }
        Chunk chunk = new Chunk(packed.getBytes());
        chunks.add(chunk);
        unpack();
        return chunk.taken.future();
    }

    private void unpack() {
        if (unpacking) {
            return;
        }
        unpacking = true;
        try {
            while (failure == null && (!chunks.isEmpty() || drainHandler != null)) {
                if (inner.writeQueueFull()) {
                    inner.drainHandler(drained -> unpack());
                    return;
                }
                Chunk chunk = chunks.peek();
                if (chunk == null) {
                    break;
                }
                unpack(chunk);
            }
        } finally {
            unpacking = false;
        }
        Handler<Void> drained = drainHandler;
        drainHandler = null;
        if (drained != null) {
            drained.handle(null);
        }
        Promise<Void> end = ending;
        if (end != null) {
            ending = null;
            finish().onComplete(end);
        }
    }

    private void unpack(Chunk chunk) {
        try {
            if (!chunk.begun) {
                chunk.begun = true;
                inflater.input(chunk.packed);
            }
            int length = inflater.read(out);
            if (length == 0) {
                chunks.remove();
                chunk.written.onComplete(chunk.taken);
                return;
            }
            Future<Void> written = inner.write(Buffer.buffer(Arrays.copyOf(out, length)));
            if (written.failed()) {
                fail(chunk, written.cause());
            } else if (!written.succeeded()) {
                chunk.written = chunk.written.succeeded()
                        ? written
                        : Future.join(chunk.written, written).mapEmpty();
            }
        } catch (HttpContentException broken) {
            inner.refuse();
            fail(chunk, broken);
        }
    }

    private void fail(Chunk chunk, Throwable error) {
        failure = error;
        chunks.clear();
        chunk.taken.fail(error);
    }

    @Override
    public Future<Void> end() {
        if (chunks.isEmpty()) {
            return finish();
        }
        Promise<Void> end = Promise.promise();
        ending = end;
        return end.future();
    }

    private Future<Void> finish() {
        try {
            if (failure == null) {
                inflater.end();
            }
            return inner.end();
        } catch (HttpContentException cut) {
            return inner.end().transform(ended -> Future.failedFuture(cut));
        } finally {
            inflater.close();
        }
    }

    @Override
    public boolean writeQueueFull() {
        return !chunks.isEmpty() || inner.writeQueueFull();
    }

    @Override
    public WriteStream<Buffer> drainHandler(@Nullable Handler<Void> handler) {
        drainHandler = handler;
        inner.drainHandler(drained -> unpack());
        return this;
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
}
