package io.vertask.app.journal;

import io.vertask.app.memory.OutOfMemory;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The stream of a run's events.
 *
 * <p>An event goes into the {@link Totals} first, then to the listeners in the order in which they were added.
 *
 * <p><b>Failure.</b> A listener that throws is removed and reported; the run goes on.
 *
 * <p><b>Threads.</b> Listeners are added before the run begins. {@link #publish} and {@link #totals}: the run's event
 * loop. {@link #close}: any thread.
 */
public final class Journal {
    private final Tally tally = new Tally();
    private final List<Consumer<RunEvent>> listeners = new ArrayList<>();
    private final Consumer<String> report;
    private @Nullable JournalWriter writer;

    /** A journal without listeners; {@code report} gets a message when a listener is removed, and must not block. */
    public Journal(Consumer<String> report) {
        this.report = report;
    }

    /** Adds a listener that is called on the run's event loop. It must not block. */
    public void listen(Consumer<RunEvent> listener) {
        listeners.add(listener);
    }

    /**
     * Adds a listener that may block. It is called on the journal's writer thread, which all such listeners share.
     *
     * <p>Events are dropped when it is too slow; {@link #dropped} counts them.
     */
    public void listenAside(Consumer<RunEvent> listener) {
        JournalWriter known = writer;
        if (known == null) {
            known = new JournalWriter(report);
            writer = known;
            listeners.add(known::offer);
        }
        known.add(listener);
    }

    /** Counts an event and passes it to the listeners. */
    public void publish(RunEvent event) {
        tally.add(event);
        for (int i = 0; i < listeners.size(); i++) {
            try {
                listeners.get(i).accept(event);
            } catch (RuntimeException | Error broken) {
                OutOfMemory.check(broken);
                report.accept("a listener of the run was removed, because it failed: " + broken);
                listeners.remove(i--);
            }
        }
    }

    /** The totals of all events so far. */
    public Totals totals() {
        return tally.snapshot(dropped());
    }

    /** {@link Totals#begun} alone, without the cost of the other totals. */
    public long begun() {
        return tally.begun();
    }

    /** {@link Totals#done} alone, without the cost of the other totals. */
    public long done() {
        return tally.done();
    }

    /** {@link Totals#failed} alone, without the cost of the other totals. */
    public long failed() {
        return tally.failed();
    }

    /** {@link Totals#inFlight} alone, without the cost of the other totals. */
    public int inFlight() {
        return tally.inFlight();
    }

    /** The longest pause that a server has asked for; zero when there was none. */
    public Duration longestPause() {
        return tally.longestPause();
    }

    /** The number of events that were dropped for listeners on the writer thread. */
    public long dropped() {
        return writer == null ? 0 : writer.dropped();
    }

    /** Ends the writer thread; completes when its listeners have read all earlier events. */
    public Future<Void> close() {
        return writer == null ? Future.succeededFuture() : writer.close();
    }
}
