package io.vertask.app.journal;

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

    /** {@code report} is told of a listener that was removed; it must not block. */
    public Journal(Consumer<String> report) {
        this.report = report;
    }

    /** Adds a listener that is called on the run's event loop. It must not block. */
    public void listen(Consumer<RunEvent> listener) {
        listeners.add(listener);
    }

    /**
     * Adds a listener that may block: it is called on the journal's writer thread, which all such listeners share.
     *
     * <p>When it is too slow, events are dropped; {@link #dropped} counts them.
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

    /** Counts an event and tells the listeners. */
    public void publish(RunEvent event) {
        tally.add(event);
        for (int i = 0; i < listeners.size(); i++) {
            try {
                listeners.get(i).accept(event);
            } catch (RuntimeException | Error broken) {
                report.accept("a listener of the run was removed, because it failed: " + broken);
                listeners.remove(i--);
            }
        }
    }

    /** The account of all events so far. */
    public Totals totals() {
        return tally.snapshot();
    }

    /** {@link Totals#begun}, without the rest. */
    public long begun() {
        return tally.begun();
    }

    /** {@link Totals#done}, without the rest. */
    public long done() {
        return tally.done();
    }

    /** {@link Totals#failed}, without the rest. */
    public long failed() {
        return tally.failed();
    }

    /** {@link Totals#inFlight}, without the rest. */
    public int inFlight() {
        return tally.inFlight();
    }

    /** The longest pause that a server has asked for; zero when none has. */
    public Duration longestPause() {
        return tally.longestPause();
    }

    /** How many events listeners on the writer thread have missed. */
    public long dropped() {
        return writer == null ? 0 : writer.dropped();
    }

    /** Ends the writer thread; completes when its listeners have read what was published before. */
    public Future<Void> close() {
        return writer == null ? Future.succeededFuture() : writer.close();
    }
}
