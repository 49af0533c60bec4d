package io.vertask.app.journal;

import io.vertask.client.Phase;
import io.vertask.client.Reached;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An event of a run.
 *
 * <p>{@link #at} is the run's clock in nanoseconds ({@code Tasks.nanoTime}); only differences have a meaning. {@code n}
 * is an item's place in the input, {@code key} its key without secrets. {@code slot} is a number from 0 to
 * {@code concurrency - 1}; attempts of one slot never overlap.
 *
 * <p>Each item that begins has one {@link ItemEnded}, and each attempt has one {@link AttemptEnded}, unless the run was
 * given up with items still running.
 */
public sealed interface RunEvent {
    /** The time of the event. */
    long at();

    /**
     * The input is open.
     *
     * @param items the number of its items; empty when it is not known before the end
     */
    record InputOpened(long at, OptionalLong items) implements RunEvent {}

    /** The input was read to its end, and all its items have begun or were skipped. */
    record InputEnded(long at) implements RunEvent {}

    /**
     * An item was skipped, because an earlier process of the run has done it.
     *
     * @param hadFailed whether it failed there
     * @param isUnknown whether it was skipped because its call, which can't be repeated, may have taken effect
     */
    record Skipped(long at, long n, String key, boolean hadFailed, boolean isUnknown) implements RunEvent {}

    /** An item has its first slot, or it can't be made from its input and ends at once. */
    record ItemBegan(long at, long n, String key) implements RunEvent {}

    /**
     * An item has waited. The wait for its first slot is not told: that is what concurrency means.
     *
     * @param begun whether the item had begun; otherwise it waited to begin
     */
    record Waited(long at, long n, Wait why, long nanos, boolean begun) implements RunEvent {}

    /** An attempt begins. {@code attempt} counts from 1 for each item. */
    record AttemptBegan(long at, long n, int attempt, int slot) implements RunEvent {}

    /** An attempt enters a phase; a phase ends where the next one begins, and with the attempt. */
    record PhaseEntered(long at, long n, int attempt, int slot, Phase phase) implements RunEvent {}

    /**
     * The code of a call has returned after {@code nanos}; without this event the call took the time of its phases. The
     * event loop hears of the return only when it has nothing else to do.
     */
    record Returned(long at, long n, int slot, long nanos) implements RunEvent {}

    /**
     * An attempt has ended, and its slot is free.
     *
     * @param failure the reason for the failure; empty when the attempt is ok or cancelled
     * @param reached the effects of stopping it; a timeout stops an attempt too
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
     * @param site the calls that have to wait: those to an origin, or empty for the calls of all items
     * @param more whether a pause was active already, which this one can only lengthen
     */
    record Paused(long at, long n, String key, String site, Duration length, boolean more) implements RunEvent {}

    /** Rows of an item that goes on were handed to the output. */
    record RowsOut(long at, long n, int rows) implements RunEvent {}

    /** An item has ended. */
    record ItemEnded(long at, ItemEnd end) implements RunEvent {}

    /**
     * The end of an item is another one than was told: the output has refused its result, or its answer could not be
     * kept.
     *
     * @param was the end as it was told
     * @param now the end that counts; a failure
     */
    record EndChanged(long at, ItemEnd was, ItemEnd now) implements RunEvent {}

    /**
     * The run's own code blocked the event loop for too long.
     *
     * @param loop the name of the event loop's thread
     * @param step the code of the step that the loop itself runs; empty when the loop runs none
     * @param key the item for which that code ran last; empty when that is not known
     * @param line the line of code, such as {@code Resize.java:41}; empty when it is not known
     * @param others the number of other calls in flight
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
     * @param cancels whether it also cancels the running ones
     * @param why the reason, for people
     * @param inFlight the number of attempts that run at this moment
     */
    record Stopping(long at, boolean cancels, String why, int inFlight) implements RunEvent {}

    /**
     * Everything has ended, the output included.
     *
     * @param reached the effects of stopping calls outside of attempts
     */
    record RunEnded(long at, Reached.Counts reached) implements RunEvent {}
}
