package io.vertask.app.journal;

import io.vertask.client.Phase;
import io.vertask.client.Reached;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The account of a run at one moment. Every number that is shown of a run comes from here.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * @param items how many items the input has; empty when that is not known
 * @param begun items that have begun, whatever became of them
 * @param skipped items that an earlier process has done
 * @param skippedFailed of these, the ones that had failed
 * @param attempts attempts that have begun
 * @param attemptsEnded attempts that have ended
 * @param retried how often an item was tried again
 * @param inFlight attempts that run now
 * @param peak the most attempts that ran at once
 * @param rows rows of pages that were handed to the output
 * @param oneAtATime the time of all items, as if they had run one after the other
 * @param phases the time of all attempts in each phase
 * @param waits the time of all waits for each reason; for a pause, of items that had begun
 * @param itemTimes how long items took, from the first slot to the end; without cancelled ones
 * @param attemptTimes how long attempts took
 * @param causes the failures by kind, the first kind first
 * @param stalls how often the run's own code blocked the event loop
 * @param reached what stopping has reached
 */
public record Totals(
        OptionalLong items,
        long begun,
        long ok,
        long failed,
        long cancelled,
        long skipped,
        long skippedFailed,
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
        Reached.Counts reached) {

    /**
     * The pauses that servers have asked for.
     *
     * @param count how many; an answer that comes while one is on only makes it longer
     * @param longest the longest that was asked for
     * @param firstKey the item whose answer asked first; empty without a pause
     * @param firstSite whose calls had to wait then; empty for those of all items
     */
    public record Pauses(long count, Duration longest, String firstKey, String firstSite) {}

    /**
     * A kind of failure.
     *
     * @param brief its short form
     * @param count how many items failed so
     * @param firstKey the first of them
     */
    public record Cause(String brief, long count, String firstKey) {}

    /** The time of phase {@code phase}; zero when no attempt was in it. */
    public Duration in(Phase phase) {
        return phases.getOrDefault(phase, Duration.ZERO);
    }

    /** The time of waits for {@code why}. */
    public Duration waited(Wait why) {
        return waits.getOrDefault(why, Duration.ZERO);
    }

    /** Items that have ended well or failed. */
    public long done() {
        return ok + failed;
    }

    /** Items that have begun and whose end has not come. */
    public long stillRunning() {
        return begun - ok - failed - cancelled;
    }

    /** Whether every item ended well, those of earlier processes too. */
    public boolean isAllOk() {
        return failed + cancelled + skippedFailed == 0;
    }

    /** Items that have failed and were not done again, in this process or an earlier one. */
    public long allFailed() {
        return failed + skippedFailed;
    }

    /** Items of the input that have not begun; 0 when the input's length is not known. */
    public long notStarted() {
        return Math.max(0, items.orElse(0) - begun - skipped);
    }
}
