package io.vertask.direct;

import io.vertask.direct.Direct.LinesWith;
import io.vertask.task.Strand;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A block around straight-line code. Each time the block calls its body, the thread that opened the block runs the code
 * in the body's scope: once for a timeout, several times for a retry.
 *
 * <p><b>Threads.</b> All fields are confined to the event loop.
 */
final class StraightLineBlock<A, T> {
    /** One call of the body: its scope, its argument and its result. */
    private record Entry<A, T>(Strand strand, A given, Promise<T> end) {}

    private final StraightLine<?> line;
    private final Function<Function<A, Future<T>>, Future<T>> block;
    private final ArrayDeque<Entry<A, T>> entered = new ArrayDeque<>();
    private @Nullable Promise<Optional<Entry<A, T>>> next;
    private @Nullable Future<T> result;

    private StraightLineBlock(StraightLine<?> line, Function<Function<A, Future<T>>, Future<T>> block) {
        this.line = line;
        this.block = block;
    }

    static <A, T> T run(StraightLine<?> line, Function<Function<A, Future<T>>, Future<T>> block, LinesWith<A, T> code) {
        StraightLineBlock<A, T> running = new StraightLineBlock<>(line, block);
        Optional<Entry<A, T>> entry = line.await(running::open);
        while (entry.isPresent()) {
            Entry<A, T> now = entry.get();
            Future<T> end = running.runIn(now, code);
            entry = line.await(() -> {
                end.onComplete(now.end());
                return running.nextEntry();
            });
        }
        return line.await(running::result);
    }

    private Future<T> runIn(Entry<A, T> entry, LinesWith<A, T> code) {
        try {
            return Future.succeededFuture(line.in(entry.strand(), () -> code.run(entry.given())));
        } catch (Throwable thrown) {
            return Future.failedFuture(thrown);
        }
    }

    // ---- on the event loop

    private Future<Optional<Entry<A, T>>> open() {
        Future<T> opened = block.apply(this::enter);
        result = opened;
        opened.onComplete(end -> tell());
        return nextEntry();
    }

    private Future<T> enter(A given) {
        Strand strand = Strand.open();
        if (!line.takesTurnsWith(strand)) {
            throw new IllegalStateException("the block runs its body on another event loop than the code in it: "
                    + "give it a body of its own with Direct.body(…)");
        }
        Entry<A, T> entry = new Entry<>(strand, given, strand.context().promise());
        entered.add(entry);
        tell();
        return entry.end().future();
    }

    /** The next call of the body; empty when the block has ended. */
    private Future<Optional<Entry<A, T>>> nextEntry() {
        Entry<A, T> entry = entered.poll();
        if (entry != null || result().isComplete()) {
            return Future.succeededFuture(Optional.ofNullable(entry));
        }
        Promise<Optional<Entry<A, T>>> waiting = Promise.promise();
        next = waiting;
        return waiting.future();
    }

    private void tell() {
        Promise<Optional<Entry<A, T>>> waiting = next;
        if (waiting != null) {
            next = null;
            waiting.complete(Optional.ofNullable(entered.poll()));
        }
    }

    private Future<T> result() {
        return Objects.requireNonNull(result, "not open");
    }
}
