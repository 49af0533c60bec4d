package io.vertask.app.journal;

import io.vertask.app.memory.OutOfMemory;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The thread of a journal's slow listeners, behind a bounded queue.
 *
 * <p><b>Threads.</b> {@link #offer} never blocks. The listeners are called on the writer's own thread.
 */
final class JournalWriter {
    private static final int MOST_WAITING = 10_000;

    /** A marker in the queue that ends the thread; it is passed to no listener. */
    private static final RunEvent END = new RunEvent.Retrying(0, -1);

    /** A queue without locks, because an event loop adds to it. */
    private final LinkedTransferQueue<RunEvent> queue = new LinkedTransferQueue<>();

    private final Semaphore room = new Semaphore(MOST_WAITING);
    private final AtomicLong dropped = new AtomicLong();
    private final List<Consumer<RunEvent>> listeners = new CopyOnWriteArrayList<>();
    private final Consumer<String> report;
    private final Promise<Void> over = Promise.promise();
    private final Thread thread = new Thread(this::serve, "vertask-journal");

    JournalWriter(Consumer<String> report) {
        this.report = report;
        thread.setDaemon(true);
        thread.start();
    }

    void add(Consumer<RunEvent> listener) {
        listeners.add(listener);
    }

    void offer(RunEvent event) {
        if (room.tryAcquire()) {
            queue.add(event);
        } else {
            dropped.incrementAndGet();
        }
    }

    long dropped() {
        return dropped.get();
    }

    private void serve() {
        try {
            for (RunEvent event = queue.take(); event != END; event = queue.take()) {
                room.release();
                tell(event);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            over.complete();
        }
    }

    private void tell(RunEvent event) {
        listeners.removeIf(listener -> {
            try {
                listener.accept(event);
                return false;
            } catch (RuntimeException | Error broken) {
                OutOfMemory.check(broken);
                report.accept("a listener of the run was removed, because it failed: " + broken);
                return true;
            }
        });
    }

    /** Ends the thread when it has passed on all events in the queue. */
    Future<Void> close() {
        queue.add(END);
        return over.future();
    }
}
