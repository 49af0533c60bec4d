package io.vertask.app.run;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a run counts; on its event loop. */
final class Tally {
    /** More kinds of failure than this are counted together, so that a million different messages take no memory. */
    private static final int KINDS = 20;

    /** How often one kind of failure came, and the first item that had it. */
    static final class Kind {
        final String first;
        long count;

        Kind(String first) {
            this.first = first;
        }
    }

    private final Map<String, Kind> kinds = new LinkedHashMap<>();
    private long ok;
    private long failed;
    private long cancelled;
    private long retried;
    private long begun;
    private long skipped;
    private long skippedFailed;
    private int inFlight;
    private int peak;
    private Duration oneAtATime = Duration.ZERO;

    void begin() {
        begun++;
    }

    /** An item that an earlier process has done. */
    void skip(boolean hadFailed) {
        skipped++;
        skippedFailed += hadFailed ? 1 : 0;
    }

    void attemptBegins() {
        inFlight++;
        peak = Math.max(peak, inFlight);
    }

    void attemptEnds() {
        inFlight--;
    }

    void retry() {
        retried++;
    }

    void end(ItemResult result) {
        oneAtATime = oneAtATime.plus(result.took());
        switch (result.end()) {
            case OK -> ok++;
            case CANCELLED -> cancelled++;
            case PART -> throw new IllegalArgumentException("a part of a result is no end of an item");
            case FAILED -> {
                failed++;
                String brief = kinds.size() < KINDS || kinds.containsKey(result.brief()) ? result.brief() : "others";
                kinds.computeIfAbsent(brief, first -> new Kind(result.key())).count++;
            }
        }
    }

    long ok() {
        return ok;
    }

    long failed() {
        return failed;
    }

    long cancelled() {
        return cancelled;
    }

    /** Whether every item came to a good end, those of earlier processes too. */
    boolean isAllOk() {
        return failed + cancelled + skippedFailed == 0;
    }

    long retried() {
        return retried;
    }

    /** Items whose task has begun. */
    long begun() {
        return begun;
    }

    long skipped() {
        return skipped;
    }

    /** Of these, the ones that had failed. */
    long skippedFailed() {
        return skippedFailed;
    }

    /** Items begun whose end has not come. */
    long stillRunning() {
        return begun - ok - failed - cancelled;
    }

    int peak() {
        return peak;
    }

    /** Attempts that run now. */
    int inFlight() {
        return inFlight;
    }

    /** The time all items took, as if one after the other. */
    Duration oneAtATime() {
        return oneAtATime;
    }

    Map<String, Kind> kinds() {
        return kinds;
    }
}
