package io.vertask.app.workload.into;

import io.vertask.app.workload.CallFailure;
import io.vertask.client.PhaseListener;
import io.vertask.task.CancelReason;
import io.vertask.task.CancelledException;
import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.TaskGroup;
import io.vertask.task.Tasks;
import io.vertask.task.Waiter;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Rows of several items in one transaction, one transaction at a time: what comes meanwhile goes into the next one.
 *
 * <p><b>Failure.</b> A batch that can't be recorded is halved until the items that are to blame are alone.
 *
 * <p><b>Cancellation.</b> Before its batch is sent, an item just leaves. After that the transaction is stopped and
 * rolled back, and the others are sent again without it. One that comes when the commit has begun changes nothing.
 */
final class Batches {
    private static final int MOST_ROWS = 500;

    private final TaskGroup group;
    private final Recorder recorder;
    private final Deque<Entry> queue = new ArrayDeque<>();
    private boolean writing;
    private @Nullable Task<?> current;

    Batches(TaskGroup group, Recorder recorder) {
        this.group = group;
        this.recorder = recorder;
    }

    private static final class Entry {
        final List<JsonObject> rows;
        final Waiter<Void> wait;
        final AtomicBoolean committed;

        @Nullable
        CancelledException cancelled;

        Entry(List<JsonObject> rows, Waiter<Void> wait, AtomicBoolean committed) {
            this.rows = rows;
            this.wait = wait;
            this.committed = committed;
        }
    }

    /** Completes when these rows are committed. */
    Future<Void> add(List<JsonObject> rows) {
        AtomicBoolean committed = new AtomicBoolean();
        Future<Void> recorded = Waiter.await("its batch to be recorded", wait -> {
            Entry entry = new Entry(rows, wait, committed);
            queue.add(entry);
            wait.onCancel(cause -> {
                if (queue.remove(entry)) {
                    return true;
                }
                entry.cancelled = cause;
                if (current != null) {
                    current.cancel(CancelReason.SHUTDOWN);
                }
                return false;
            });
            if (!writing) {
                writing = true;
                group.start("batches", this::write);
            }
        });
        // a cancel that comes at the moment of the commit is too late: the item would be recorded a second time
        return recorded.recover(end -> committed.get() ? Future.succeededFuture() : Future.failedFuture(end));
    }

    private Future<Void> write() {
        return Tasks.loopWhile(() -> {
                    List<Entry> batch = take();
                    return batch.isEmpty()
                            ? Future.succeededFuture(false)
                            : write(batch).map(true);
                })
                .onComplete(end -> {
                    writing = false;
                    queue.forEach(entry -> entry.wait.fail(new IllegalStateException("into is closed")));
                    queue.clear();
                });
    }

    private List<Entry> take() {
        List<Entry> batch = new ArrayList<>();
        int rows = 0;
        while (!queue.isEmpty() && (batch.isEmpty() || rows + queue.peek().rows.size() <= MOST_ROWS)) {
            Entry next = queue.remove();
            rows += next.rows.size();
            batch.add(next);
        }
        return batch;
    }

    /** Ends every wait of {@code batch}, or puts it back; fails only when it is cancelled itself. */
    private Future<Void> write(List<Entry> batch) {
        List<JsonObject> rows = new ArrayList<>();
        batch.forEach(entry -> rows.addAll(entry.rows));
        boolean[] committed = {false};
        Task<@Nullable Throwable> task = group.start(
                "batch",
                () -> recorder.inTransaction(
                                rows,
                                PhaseListener.NONE,
                                session -> recorder.insert(session, rows),
                                () -> committed[0] = true)
                        .transform(end -> end.cause() instanceof CancelledException
                                ? Future.failedFuture(end.cause())
                                : Future.succeededFuture(end.cause())));
        current = task;
        return task.settled().compose(end -> {
            current = null;
            if (committed[0]) {
                batch.forEach(entry -> entry.committed.set(true));
                batch.forEach(entry -> entry.wait.resume(null));
                return Future.succeededFuture();
            }
            if (end instanceof Outcome.Success<@Nullable Throwable> success && success.value() != null) {
                return failed(batch, success.value());
            }
            again(batch, end);
            return Future.succeededFuture();
        });
    }

    private Future<Void> failed(List<Entry> batch, Throwable why) {
        boolean ofSomeRow = why instanceof CallFailure failure && failure.effect() != CallFailure.Effect.RETRYABLE;
        if (batch.size() == 1 || !ofSomeRow) {
            batch.forEach(entry -> entry.wait.fail(why));
            return Future.succeededFuture();
        }
        int middle = batch.size() / 2;
        return write(batch.subList(0, middle)).compose(first -> write(batch.subList(middle, batch.size())));
    }

    /** Rolled back because an item of it has gone. */
    private void again(List<Entry> batch, Outcome<?> end) {
        List<Entry> left = new ArrayList<>();
        for (Entry entry : batch) {
            if (entry.cancelled != null) {
                entry.wait.fail(entry.cancelled);
            } else {
                left.add(entry);
            }
        }
        if (left.size() == batch.size()) {
            // not one of ours: the group is being closed
            left.forEach(entry -> entry.wait.fail(new IllegalStateException("into is closed: " + end)));
            return;
        }
        for (int i = left.size() - 1; i >= 0; i--) {
            queue.addFirst(left.get(i));
        }
    }
}
