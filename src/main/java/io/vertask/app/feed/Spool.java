package io.vertask.app.feed;

import io.vertask.app.job.template.JsonText;
import io.vertask.task.Tasks;
import io.vertask.task.Waiter;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Values on their way from a source that is read as fast as it goes to a slower reader, in their order: the first
 * megabyte in memory, the rest in a temporary file that nobody else can open and that goes with the process.
 *
 * <p><b>Threads.</b> One event loop; it encodes, writes and reads on worker threads.
 */
final class Spool {
    private static final int IN_MEMORY = 1 << 20;

    /** Some values: their bytes, or the place of those in the file. */
    private record Batch(@Nullable Buffer bytes, long at, int length) {}

    private final Deque<Batch> batches = new ArrayDeque<>();
    private long inMemory;
    private volatile @Nullable FileChannel file;
    private long end;
    private boolean ended;
    private @Nullable Throwable failure;
    private @Nullable Waiter<Void> waiting;

    /** Adds values, which belong to the spool from now on; one call at a time. */
    Future<Void> add(List<@Nullable Object> values) {
        boolean fits = inMemory < IN_MEMORY;
        long at = end;
        return blocking(() -> {
                    Buffer bytes = new JsonArray(values).toBuffer();
                    if (fits) {
                        return new Batch(bytes, 0, bytes.length());
                    }
                    write(bytes.getBytes(), at);
                    return new Batch(null, at, bytes.length());
                })
                .map(batch -> {
                    if (batch.bytes() == null) {
                        end += batch.length();
                    } else {
                        inMemory += batch.length();
                    }
                    batches.add(batch);
                    wake();
                    return null;
                });
    }

    /** Whether the reader waits for more. */
    boolean isAwaited() {
        return waiting != null;
    }

    /** No more values come; {@code why} is the reason when the source has failed. */
    void end(@Nullable Throwable why) {
        ended = true;
        failure = why;
        wake();
    }

    /** The next values; empty at the end. <b>Failure.</b> That of the source, after all that it gave. */
    Future<Optional<List<@Nullable Object>>> next() {
        Batch batch = batches.poll();
        if (batch != null) {
            inMemory -= batch.bytes() == null ? 0 : batch.length();
            return blocking(() -> Optional.of(values(batch)));
        }
        if (failure != null) {
            return Future.failedFuture(failure);
        }
        if (ended) {
            return Future.succeededFuture(Optional.empty());
        }
        return Waiter.<Void>await("the rows of each.sql", wait -> {
                    waiting = wait;
                    wait.onCancel(cause -> {
                        waiting = null;
                        return true;
                    });
                })
                .compose(woken -> next());
    }

    private void wake() {
        Waiter<Void> reader = waiting;
        waiting = null;
        if (reader != null) {
            reader.resume(null);
        }
    }

    private static <T> Future<T> blocking(Callable<T> work) {
        return Tasks.await(Vertx.currentContext().executeBlocking(work, false));
    }

    private void write(byte[] bytes, long at) throws IOException {
        FileChannel out = file;
        if (out == null) {
            Path path = Files.createTempFile("vertask-", ".rows");
            out = FileChannel.open(
                    path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
            file = out;
        }
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
            out.write(rest, at + rest.position());
        }
    }

    private List<@Nullable Object> values(Batch batch) throws IOException {
        Buffer bytes = batch.bytes();
        if (bytes == null) {
            ByteBuffer read = ByteBuffer.allocate(batch.length());
            FileChannel in = Objects.requireNonNull(file);
            while (read.hasRemaining() && in.read(read, batch.at() + read.position()) >= 0) {
                // until it is whole
            }
            bytes = Buffer.buffer(read.array());
        }
        return ((JsonArray) Objects.requireNonNull(JsonText.value(bytes)))
                .stream().toList();
    }

    /** Closes the file, which deletes it. */
    Future<Void> close() {
        batches.clear();
        FileChannel open = file;
        return open == null
                ? Future.succeededFuture()
                : Vertx.currentContext()
                        .executeBlocking(
                                () -> {
                                    open.close();
                                    return null;
                                },
                                false);
    }
}
