package io.vertask.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The effects of cancelling outside the JVM: counters that the clients share.
 *
 * <p>Give one to every client of a program, and print {@link #snapshot} at its end: {@code 3 sockets closed, 1
 * statement cancelled}.
 *
 * <p>Each effect is counted when it has happened, not when it was asked for.
 *
 * <p><b>Threads.</b> All methods may be called from any thread.
 */
public final class Reached {
    private final AtomicLong socketsClosed = new AtomicLong();
    private final AtomicLong streamsReset = new AtomicLong();
    private final AtomicLong statementsCancelled = new AtomicLong();
    private final AtomicLong waitersRemoved = new AtomicLong();

    /** A connection was closed because its call was cancelled. */
    public void socketClosed() {
        socketsClosed.incrementAndGet();
    }

    /** A stream of a shared HTTP/2 connection was reset because its call was cancelled. */
    public void streamReset() {
        streamsReset.incrementAndGet();
    }

    /** The database server stopped a statement because its call was cancelled. */
    public void statementCancelled() {
        statementsCancelled.incrementAndGet();
    }

    /** A call was cancelled while it waited for a connection, and left the queue. */
    public void waiterRemoved() {
        waitersRemoved.incrementAndGet();
    }

    /** The counts as they are now. */
    public Counts snapshot() {
        return new Counts(socketsClosed.get(), streamsReset.get(), statementsCancelled.get(), waitersRemoved.get());
    }

    /**
     * The counts at one moment.
     *
     * @param socketsClosed connections closed under a cancelled call
     * @param streamsReset HTTP/2 streams reset
     * @param statementsCancelled statements stopped by the database server
     * @param waitersRemoved calls that left the queue for a connection
     */
    public record Counts(long socketsClosed, long streamsReset, long statementsCancelled, long waitersRemoved) {
        /** {@code 3 sockets closed, 1 statement cancelled}: what is not zero, or {@code nothing}. */
        @Override
        public String toString() {
            List<String> parts = new ArrayList<>(4);
            add(parts, socketsClosed, "socket", "closed");
            add(parts, streamsReset, "stream", "reset");
            add(parts, statementsCancelled, "statement", "cancelled");
            add(parts, waitersRemoved, "waiting call", "removed");
            return parts.isEmpty() ? "nothing" : String.join(", ", parts);
        }

        private static void add(List<String> parts, long count, String noun, String verb) {
            if (count > 0) {
                parts.add(count + " " + noun + (count == 1 ? " " : "s ") + verb);
            }
        }
    }
}
