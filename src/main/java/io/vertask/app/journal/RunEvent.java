package io.vertask.app.journal;

import io.vertask.client.Phase;
import io.vertask.client.Reached;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Something that happened in a run.
 *
 * <p>{@link #at} is the run's clock in nanoseconds ({@code Tasks.nanoTime}); only differences mean something. {@code n}
 * is an item's place in the input, {@code key} its key without secrets. {@code slot} is a number from 0 to
 * {@code concurrency - 1}; attempts of one slot never overlap.
 *
 * <p>For each item that begins there is one {@link ItemEnded}, for each attempt one {@link AttemptEnded}, unless the
 * run was given up with items still running.
 */
public sealed interface RunEvent {
    /** When it happened. */
    long at();

    /**
     * The input is open.
     *
     * @param items how many items it has; empty when that is not known before its end
     */
    record InputOpened(long at, OptionalLong items) implements RunEvent {}

    /** An item is not done, because an earlier process of the run has done it. */
    record Skipped(long at, long n, String key, boolean hadFailed) implements RunEvent {}

    /** An item has its first slot; or it can't be made, and ends at once. */
    record ItemBegan(long at, long n, String key) implements RunEvent {}

    /**
     * An item has waited.
     *
     * @param begun whether the item had begun; otherwise it waited to begin
     */
    record Waited(long at, long n, Wait why, long nanos, boolean begun) implements RunEvent {}

    /** An attempt begins. {@code attempt} counts from 1 for each item. */
    record AttemptBegan(long at, long n, int attempt, int slot) implements RunEvent {}

    /** An attempt enters a phase; a phase ends where the next one begins, and with the attempt. */
    record PhaseEntered(long at, long n, int attempt, int slot, Phase phase) implements RunEvent {}

    /**
     * An attempt has ended, and its slot is free.
     *
     * @param failure why it failed; empty when it is ok or cancelled
     * @param reached what stopping it has reached: a timeout stops an attempt too
     */
    record AttemptEnded(
            long at,
            long n,
            String key,
            int attempt,
            int slot,
            How how,
            Optional<ItemFailure> failure,
            Reached.Counts reached)
            implements RunEvent {
        /** The ways in which an attempt ends. */
        public enum How {
            OK,
            FAILED,
            CANCELLED
        }
    }

    /** An item will be tried again. */
    record Retrying(long at, long n) implements RunEvent {}

    /**
     * A server has asked for a pause.
     *
     * @param site which calls have to wait: an origin, or empty for those of all items
     * @param more whether a pause was on already, which this one can only make longer
     */
    record Paused(long at, long n, String key, String site, Duration length, boolean more) implements RunEvent {}

    /** Rows of an item that goes on were handed to the output. */
    record RowsOut(long at, long n, int rows) implements RunEvent {}

    /** An item has ended. */
    record ItemEnded(long at, ItemEnd end) implements RunEvent {}

    /**
     * The run's own code kept the event loop from all others for too long.
     *
     * @param loop the name of the event loop's thread
     * @param step the code of the step that the loop itself runs; empty when the loop runs none
     * @param key the item for which that code ran last; empty when that is not known
     * @param line where it was, {@code Resize.java:41}; empty when that is not known
     * @param others how many calls were in flight besides
     */
    record Stalled(
            long at,
            String loop,
            Duration took,
            Optional<String> step,
            Optional<String> key,
            Optional<String> line,
            int others)
            implements RunEvent {}

    /**
     * The run begins no more items.
     *
     * @param cancels whether it also cancels those that run
     * @param why for people
     * @param inFlight how many attempts run at this moment
     */
    record Stopping(long at, boolean cancels, String why, int inFlight) implements RunEvent {}

    /**
     * Everything has ended, the output included.
     *
     * @param reached what was stopped outside of attempts
     */
    record RunEnded(long at, Reached.Counts reached) implements RunEvent {}
}
