package io.vertask.stream;

import io.vertask.task.CancelReason;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertask.task.Waiter;
import io.vertx.core.Future;
import io.vertx.core.streams.WriteStream;
import org.jspecify.annotations.Nullable;

/**
 * A pipe from a stream into a Vert.x write stream. It waits for room and not for each write, so a write that fails
 * later stops the walk, which may be waiting for an element.
 */
final class ToWriteStream<T> {
    private static final CancelReason WRITE_FAILED = new CancelReason(CancelReason.Kind.CLIENT_GONE, "a write failed");

    private final WriteStream<T> target;

    private Future<Void> lastWrite = Future.succeededFuture();

    // guarded by this
    private boolean over;
    private @Nullable Throwable failed;
    private @Nullable Task<Void> walk;

    ToWriteStream(WriteStream<T> target) {
        this.target = target;
    }

    Future<Void> all(AsyncIterator<T> source) {
        return Tasks.finallyDo(() -> walk(source), source::close).compose(v -> Tasks.await(target.end()));
    }

    private Future<Void> walk(AsyncIterator<T> source) {
        Task<Void> walking = Tasks.start(
                "pipe",
                () -> Streams.forEach(source, this::write)
                        .compose(v -> Tasks.await(lastWrite))
                        .onComplete(end -> walked()));
        synchronized (this) {
            walk = walking;
        }
        return walking.future().transform(end -> {
            target.drainHandler(null);
            Throwable why = failure() != null ? failure() : end.cause();
            return why != null ? Future.failedFuture(why) : Future.succeededFuture();
        });
    }

    private Future<Void> write(T element) {
        lastWrite = target.write(element).onFailure(this::writeFailed);
        return target.writeQueueFull()
                ? Waiter.await("room in a write stream", this::drained)
                : Future.succeededFuture();
    }

    private void drained(Waiter<Void> wait) {
        target.drainHandler(room -> wait.resume(null));
        if (!target.writeQueueFull()) {
            // on another loop: the queue drained before the handler was set
            wait.resume(null);
        }
    }

    private synchronized void walked() {
        over = true;
    }

    private synchronized @Nullable Throwable failure() {
        return failed;
    }

    private void writeFailed(Throwable error) {
        Task<Void> walking;
        synchronized (this) {
            if (over) {
                // the last write has reported the outcome; the end of the walk ends the rest
                return;
            }
            failed = failed == null ? error : failed;
            walking = walk;
        }
        if (walking != null) {
            walking.cancel(WRITE_FAILED);
        }
    }
}
