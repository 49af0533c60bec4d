package io.vertask.app.feed;

import io.vertask.app.memory.OutOfMemory;
import io.vertask.app.workload.StartFailure;
import io.vertask.stream.AsyncIterator;
import io.vertask.task.Waiter;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads a blocking source on a thread of its own, one batch ahead of the event loop that takes the items.
 *
 * <pre>
 *  thread: open ─▶ read a batch ─▶ put it into the slot, waiting while the slot is full ─▶ read the next …
 *  loop:   take from the slot when the last batch is used up, waiting while the slot is empty
 * </pre>
 *
 * <p>The slot, the waiting taker and the end are guarded by this. Only the thread opens and closes the source. A read
 * that can't be interrupted (standard input) keeps its thread until the process ends, and delays nothing else.
 */
final class Producer implements AsyncIterator<Raw> {
    private final BatchReader batches;
    private final String what;
    private final Thread thread;

    /** The rest of the last batch; the event loop's own. */
    private Iterator<Raw> now = Collections.emptyIterator();

    // guarded by this; an empty batch is the end
    private @Nullable List<Raw> slot;
    private @Nullable Throwable error;
    private @Nullable Waiter<List<Raw>> waiting;
    private boolean closed;

    Producer(BatchReader batches, String what) {
        this.batches = batches;
        this.what = what;
        this.thread = new Thread(this::produce, "vertask-in");
        this.thread.setDaemon(true);
    }

    // ---- on the event loop

    private @Nullable Waiter<OptionalLong> opening;

    /** Starts reading; completes when the source is open. */
    Future<OptionalLong> open() {
        return Waiter.await("the beginning of " + batches.name(), wait -> {
            wait.outside()
                    .onCancel(cause -> {
                        shut();
                        return true;
                    })
                    .onUndelivered(late -> shut());
            opening = wait;
            thread.start();
        });
    }

    @Override
    public Future<Optional<Raw>> next() {
        if (now.hasNext()) {
            return Waiter.await(what, wait -> wait.completeAtOnce(Optional.of(now.next())));
        }
        return Waiter.<List<Raw>>await(what, this::take).map(batch -> {
            now = batch.iterator();
            return now.hasNext() ? Optional.of(now.next()) : Optional.empty();
        });
    }

    private synchronized void take(Waiter<List<Raw>> wait) {
        if (closed) {
            wait.completeAtOnce(List.of());
        } else if (slot != null) {
            List<Raw> batch = slot;
            if (!batch.isEmpty()) {
                slot = null;
                notifyAll();
            }
            wait.completeAtOnce(batch);
        } else if (error != null) {
            closed = true;
            wait.fail(error);
        } else {
            waiting = wait;
            wait.outside().onCancel(cause -> forget(wait)).onUndelivered(this::putBack);
        }
    }

    private synchronized boolean forget(Waiter<List<Raw>> wait) {
        if (waiting == wait) {
            waiting = null;
        }
        return true;
    }

    /** The batch came when its taker had been cancelled: the next take gets it. */
    private void putBack(List<Raw> batch) {
        if (!batch.isEmpty()) {
            now = batch.iterator();
        }
    }

    @Override
    public Future<Void> close() {
        now = Collections.emptyIterator();
        shut();
        return Future.succeededFuture();
    }

    private synchronized void shut() {
        closed = true;
        slot = null;
        notifyAll();
        thread.interrupt();
    }

    // ---- on the thread

    private void produce() {
        try (batches) {
            OptionalLong count = batches.open();
            if (opening != null) {
                opening.resume(count);
            }
            for (List<Raw> batch = batches.next(); batch != null; batch = batches.next()) {
                if (!batch.isEmpty() && !put(batch)) {
                    return;
                }
            }
            put(List.of());
        } catch (StartFailure failure) {
            fail(failure);
        } catch (IOException | RuntimeException | OutOfMemoryError broken) {
            OutOfMemory.check(broken);
            fail(new StartFailure(batches.name() + " can't be read: " + broken.getMessage()));
        }
    }

    /** Waits until the batch fits; false when the stream has been closed. */
    private synchronized boolean put(List<Raw> batch) {
        while (!closed) {
            Waiter<List<Raw>> taker = waiting;
            waiting = null;
            boolean given = taker != null && taker.resume(batch);
            if (slot == null && (!given || batch.isEmpty())) {
                slot = batch; // every later pull finds the end
                given = true;
            }
            if (given) {
                return true;
            }
            try {
                wait();
            } catch (InterruptedException shut) {
                return false;
            }
        }
        return false;
    }

    private synchronized void fail(Throwable why) {
        if (opening != null && opening.fail(why)) {
            closed = true;
            return;
        }
        if (waiting != null && waiting.fail(why)) {
            waiting = null;
            closed = true;
            return;
        }
        error = why;
    }

    @Override
    public String toString() {
        return batches.name();
    }
}
