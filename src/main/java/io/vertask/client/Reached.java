package io.vertask.client;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counters for the effects of cancelling outside of the event loop; the clients of a program share one.
 *
 * <p>Give one to every client, and print {@link #snapshot} at the end: {@code 3 sockets closed, 1 statement cancelled}.
 *
 * <p>An effect is counted when it has happened, not when it was requested.
 *
 * <p><b>Threads.</b> All methods may be called from any thread.
 */
public final class Reached {
    private static final What[] ALL = What.values();

    /** The kinds of things that a cancel reaches. */
    public enum What {
        /** A connection was closed because its call was cancelled. */
        SOCKET_CLOSED("socket", "closed"),
        /** A stream of a shared HTTP/2 connection was reset because its call was cancelled. */
        STREAM_RESET("stream", "reset"),
        /** The database server stopped a statement because its call was cancelled. */
        STATEMENT_CANCELLED("statement", "cancelled"),
        /** A call was cancelled while it waited for a connection, and left the queue. */
        WAITER_REMOVED("waiting call", "removed"),
        /** A thread was interrupted in the middle of a call, because that was cancelled. */
        THREAD_INTERRUPTED("thread", "interrupted"),
        /** An interrupted thread has not left its call within the limit, and was left behind. */
        THREAD_LEFT("thread", "left running");

        private final String noun;
        private final String verb;

        What(String noun, String verb) {
            this.noun = noun;
            this.verb = verb;
        }
    }

    /** Never changed after construction. */
    private final Map<What, AtomicLong> counts = new EnumMap<>(What.class);

    /** All counts are zero. */
    public Reached() {
        for (What what : ALL) {
            counts.put(what, new AtomicLong());
        }
    }

    /** Counts one. */
    public void count(What what) {
        Objects.requireNonNull(what, "Reached.count: what is null");
        counter(what).incrementAndGet();
    }

    private AtomicLong counter(What what) {
        return Objects.requireNonNull(counts.get(what));
    }

    /** The counts as they are now. */
    public Counts snapshot() {
        return new Counts(
                counter(What.SOCKET_CLOSED).get(),
                counter(What.STREAM_RESET).get(),
                counter(What.STATEMENT_CANCELLED).get(),
                counter(What.WAITER_REMOVED).get(),
                counter(What.THREAD_INTERRUPTED).get(),
                counter(What.THREAD_LEFT).get());
    }

    /**
     * The counts at one moment.
     *
     * @param socketsClosed connections closed under a cancelled call
     * @param streamsReset HTTP/2 streams reset
     * @param statementsCancelled statements stopped by the database server
     * @param waitersRemoved calls that left the queue for a connection
     * @param threadsInterrupted threads interrupted in the middle of a call
     * @param threadsLeft threads that ignored their interrupt and were left behind
     */
    public record Counts(
            long socketsClosed,
            long streamsReset,
            long statementsCancelled,
            long waitersRemoved,
            long threadsInterrupted,
            long threadsLeft) {

        /** Nothing was reached. */
        public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0);

        /** The sums of these counts and {@code others}. */
        public Counts plus(Counts others) {
            Objects.requireNonNull(others, "Reached.Counts.plus: others is null");
            if (others.equals(NONE)) {
                return this;
            }
            return new Counts(
                    socketsClosed + others.socketsClosed,
                    streamsReset + others.streamsReset,
                    statementsCancelled + others.statementsCancelled,
                    waitersRemoved + others.waitersRemoved,
                    threadsInterrupted + others.threadsInterrupted,
                    threadsLeft + others.threadsLeft);
        }

        /** The differences between these counts and {@code others}. */
        public Counts minus(Counts others) {
            Objects.requireNonNull(others, "Reached.Counts.minus: others is null");
            return new Counts(
                    socketsClosed - others.socketsClosed,
                    streamsReset - others.streamsReset,
                    statementsCancelled - others.statementsCancelled,
                    waitersRemoved - others.waitersRemoved,
                    threadsInterrupted - others.threadsInterrupted,
                    threadsLeft - others.threadsLeft);
        }

        /**
         * {@code 3 sockets closed, 1 statement cancelled}: the counts that are not zero, or {@code nothing}. Threads
         * that were left behind were not reached, and are not in it.
         */
        @Override
        public String toString() {
            List<String> parts = new ArrayList<>(ALL.length);
            add(parts, socketsClosed, What.SOCKET_CLOSED);
            add(parts, streamsReset, What.STREAM_RESET);
            add(parts, statementsCancelled, What.STATEMENT_CANCELLED);
            add(parts, waitersRemoved, What.WAITER_REMOVED);
            add(parts, threadsInterrupted, What.THREAD_INTERRUPTED);
            return parts.isEmpty() ? "nothing" : String.join(", ", parts);
        }

        private static void add(List<String> parts, long count, What what) {
            if (count > 0) {
                parts.add(count + " " + what.noun + (count == 1 ? " " : "s ") + what.verb);
            }
        }
    }
}
