package io.vertask.app.journal;

import io.vertask.client.Phase;
import io.vertask.client.Reached;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The totals of a run at one moment. Every number that is shown of a run comes from here.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * @param items the number of items in the input; empty when it is not known
 * @param allRead whether the input was read to its end
 * @param begun items that have begun, with any result
 * @param skipped items that an earlier process has done
 * @param skippedFailed the skipped items that had failed
 * @param skippedUnknown those of them whose call may have taken effect and can't be repeated
 * @param attempts attempts that have begun
 * @param attemptsEnded attempts that have ended
 * @param retried the number of retries
 * @param inFlight attempts that run now
 * @param peak the most attempts that ran at once
 * @param rows rows of pages that were handed to the output
 * @param oneAtATime the time of all calls themselves, as if they had run one after the other; waits for a connection, a
 *     thread, a pause or a retry are not in it
 * @param phases the time of all attempts in each phase
 * @param waits the time of all waits for each reason; for pauses, only that of items that had begun
 * @param itemTimes the times of items from the first slot to the end, without cancelled items
 * @param attemptTimes the times of attempts
 * @param causes the failures by kind, in the order of their first failure
 * @param stalls the number of times that the run's own code blocked the event loop
 * @param reached the effects of cancels and timeouts
 * @param dropped the events that were not told to slow listeners, because too many came at once
 */
public record Totals(
        OptionalLong items,
        boolean allRead,
        long begun,
        long ok,
        long failed,
        long cancelled,
        long skipped,
        long skippedFailed,
        long skippedUnknown,
        long attempts,
        long attemptsEnded,
        long retried,
        int inFlight,
        int peak,
        long rows,
        Duration oneAtATime,
        Map<Phase, Duration> phases,
        Map<Wait, Duration> waits,
        Distribution itemTimes,
        Distribution attemptTimes,
        Pauses pauses,
        List<Cause> causes,
        long stalls,
        Reached.Counts reached,
        long dropped) {

    /**
     * The pauses that servers have asked for.
     *
     * @param count the number of pauses; an answer during a pause only lengthens it
     * @param longest the longest pause that was asked for
     * @param firstKey the item whose answer asked for the first pause; empty without a pause
     * @param firstSite the site of the first pause; empty for the calls of all items
     */
    public record Pauses(long count, Duration longest, String firstKey, String firstSite) {}

    /**
     * A kind of failure.
     *
     * @param brief its short form
     * @param count the number of items with this failure
     * @param firstKey the key of the first of them
     */
    public record Cause(String brief, long count, String firstKey) {}

    /** The time of all attempts in {@code phase}; zero when no attempt was in it. */
    public Duration in(Phase phase) {
        return phases.getOrDefault(phase, Duration.ZERO);
    }

    /** The time of waits for {@code why}. */
    public Duration waited(Wait why) {
        return waits.getOrDefault(why, Duration.ZERO);
    }

    /** The number of items that are ok or have failed. */
    public long done() {
        return ok + failed;
    }

    /** The number of items that have begun and not ended. */
    public long stillRunning() {
        return begun - ok - failed - cancelled;
    }

    /** Whether every item is ok, those of earlier processes included. */
    public boolean isAllOk() {
        return failed + cancelled + skippedFailed == 0;
    }

    /** The number of items that failed in this process or an earlier one and were not done again. */
    public long allFailed() {
        return failed + skippedFailed;
    }

    /** The number of items that have not begun; 0 when the length of the input is not known. */
    public long notStarted() {
        return Math.max(0, items.orElse(0) - begun - skipped);
    }
}
