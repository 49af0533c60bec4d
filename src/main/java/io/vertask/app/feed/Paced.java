package io.vertask.app.feed;

import io.vertask.stream.AsyncIterator;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The elements of another stream with a least time between them. */
final class Paced<T> implements AsyncIterator<T> {
    private final AsyncIterator<T> source;
    private final long every;
    /** The element that has been pulled and is not yet due. */
    private @Nullable T held;

    private long due;
    private boolean begun;

    Paced(AsyncIterator<T> source, Duration every) {
        this.source = source;
        this.every = every.toNanos();
    }

    @Override
    public Future<Optional<T>> next() {
        return held != null
                ? whenDue()
                : source.next().compose(next -> {
                    held = next.orElse(null);
                    return held == null ? Future.succeededFuture(next) : whenDue();
                });
    }

    private Future<Optional<T>> whenDue() {
        long wait = due - Tasks.nanoTime();
        Future<Void> over = begun && wait > 0 ? Tasks.sleep(Duration.ofNanos(wait)) : Future.succeededFuture();
        return over.map(now -> {
            Optional<T> next = Optional.ofNullable(held);
            held = null;
            begun = true;
            due = Tasks.nanoTime() + every;
            return next;
        });
    }

    @Override
    public Future<Void> close() {
        held = null;
        return source.close();
    }
}
