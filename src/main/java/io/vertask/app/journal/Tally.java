package io.vertask.app.journal;

import io.vertask.app.journal.RunEvent.AttemptBegan;
import io.vertask.app.journal.RunEvent.AttemptEnded;
import io.vertask.app.journal.RunEvent.EndChanged;
import io.vertask.app.journal.RunEvent.InputEnded;
import io.vertask.app.journal.RunEvent.InputOpened;
import io.vertask.app.journal.RunEvent.ItemBegan;
import io.vertask.app.journal.RunEvent.ItemEnded;
import io.vertask.app.journal.RunEvent.Paused;
import io.vertask.app.journal.RunEvent.PhaseEntered;
import io.vertask.app.journal.RunEvent.Retrying;
import io.vertask.app.journal.RunEvent.Returned;
import io.vertask.app.journal.RunEvent.RowsOut;
import io.vertask.app.journal.RunEvent.RunEnded;
import io.vertask.app.journal.RunEvent.Skipped;
import io.vertask.app.journal.RunEvent.Stalled;
import io.vertask.app.journal.RunEvent.Waited;
import io.vertask.client.Phase;
import io.vertask.client.Reached;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The running totals of a run, computed from its events.
 *
 * <p><b>Threads.</b> The run's event loop.
 */
final class Tally {
    /**
     * The number of kinds of failure that are counted separately; further kinds are counted together, to bound the
     * memory.
     */
    private static final int MOST_CAUSES = 20;

    /** A sum of times. */
    private static final class Sum {
        long nanos;
    }

    /** A counter for a kind of failure. */
    private static final class Count {
        final String firstKey;
        long count;

        Count(String firstKey) {
            this.firstKey = firstKey;
        }
    }

    /** The attempt that runs in a slot. */
    private static final class Running {
        long began;
        long phaseSince;
        /** The current phase; null before the attempt enters its first one. */
        @Nullable
        Phase phase;
        /** The time of the call itself so far. */
        long took;
        /** Whether the call's code has measured its own time. */
        boolean measured;
    }

    private final List<Running> slots = new ArrayList<>();
    private final Map<Phase, Sum> phases = new EnumMap<>(Phase.class);
    private final Map<Wait, Sum> waits = new EnumMap<>(Wait.class);
    private final Histogram itemMicros = new Histogram(2);
    private final Histogram attemptMicros = new Histogram(2);
    private final Map<String, Count> causes = new LinkedHashMap<>();
    private OptionalLong items = OptionalLong.empty();
    private boolean allRead;
    private Reached.Counts reached = Reached.Counts.NONE;
    private long begun;
    private long ok;
    private long failed;
    private long cancelled;
    private long skipped;
    private long skippedFailed;
    private long skippedUnknown;
    private long attempts;
    private long attemptsEnded;
    private long retried;
    private int peak;
    private long rows;
    private long oneAtATime;
    private long pauses;
    private Duration longestPause = Duration.ZERO;
    private String firstPaused = "";
    private String firstSite = "";
    private long stalls;

    void add(RunEvent event) {
        if (event instanceof PhaseEntered phase) {
            phase(phase);
        } else if (event instanceof AttemptBegan attempt) {
            attempt(attempt);
        } else if (event instanceof AttemptEnded attempt) {
            attempt(attempt);
        } else if (event instanceof ItemBegan) {
            begun++;
        } else if (event instanceof ItemEnded item) {
            item(item.end());
        } else if (event instanceof Waited wait) {
            // items that have not begun wait for a pause together, so their times are not added up
            waits.computeIfAbsent(wait.why(), first -> new Sum()).nanos +=
                    wait.begun() || wait.why() != Wait.PAUSE ? wait.nanos() : 0;
        } else if (event instanceof Retrying) {
            retried++;
        } else if (event instanceof RowsOut page) {
            rows += page.rows();
        } else if (event instanceof Skipped item) {
            skipped++;
            skippedFailed += item.hadFailed() ? 1 : 0;
            skippedUnknown += item.isUnknown() ? 1 : 0;
        } else if (event instanceof EndChanged item) {
            count(item.was(), -1);
            count(item.now(), 1);
        } else if (event instanceof Paused pause) {
            pause(pause);
        } else if (event instanceof Stalled) {
            stalls++;
        } else if (event instanceof Returned call) {
            returned(call);
        } else if (event instanceof InputOpened input) {
            items = input.items();
        } else if (event instanceof InputEnded) {
            allRead = true;
        } else if (event instanceof RunEnded end) {
            reached = reached.plus(end.reached());
        }
    }

    private void attempt(AttemptBegan attempt) {
        while (slots.size() <= attempt.slot()) {
            slots.add(new Running());
        }
        Running running = slots.get(attempt.slot());
        running.began = attempt.at();
        running.phaseSince = attempt.at();
        running.phase = null;
        running.took = 0;
        running.measured = false;
        attempts++;
        peak = Math.max(peak, inFlight());
    }

    private void phase(PhaseEntered entered) {
        Running running = slots.get(entered.slot());
        book(running, entered.at());
        running.phase = entered.phase();
    }

    /** Adds the time since the phase began; time before the first phase counts as waiting for a connection. */
    private void book(Running running, long now) {
        Phase phase = running.phase == null ? Phase.QUEUED : running.phase;
        if (phase != Phase.QUEUED && !running.measured) {
            running.took += now - running.phaseSince;
        }
        phases.computeIfAbsent(phase, first -> new Sum()).nanos += now - running.phaseSince;
        running.phaseSince = now;
    }

    private void attempt(AttemptEnded attempt) {
        Running running = slots.get(attempt.slot());
        book(running, attempt.at());
        // a call without phases is nothing but itself
        oneAtATime += running.phase == null ? attempt.at() - running.began : running.took;
        attemptMicros.recordValue(micros(attempt.at() - running.began));
        attemptsEnded++;
        reached = reached.plus(attempt.reached());
    }

    private void returned(Returned call) {
        Running running = slots.get(call.slot());
        running.took = call.nanos();
        running.measured = true;
    }

    private void item(ItemEnd end) {
        count(end, 1);
        if (end.how() != ItemEnd.How.CANCELLED) {
            itemMicros.recordValue(micros(end.took().toNanos()));
        }
    }

    private void count(ItemEnd end, int one) {
        switch (end.how()) {
            case OK -> ok += one;
            case CANCELLED -> cancelled += one;
            case FAILED -> {
                failed += one;
                String brief = end.failure().map(ItemFailure::brief).orElse("");
                boolean isOwn = causes.containsKey(brief) || (one > 0 && causes.size() < MOST_CAUSES);
                String counted = isOwn ? brief : "others";
                Count cause = causes.computeIfAbsent(counted, first -> new Count(end.key()));
                cause.count += one;
                if (cause.count == 0) {
                    causes.remove(counted);
                }
            }
        }
    }

    private static long micros(long nanos) {
        return Math.max(0, TimeUnit.NANOSECONDS.toMicros(nanos));
    }

    private void pause(Paused pause) {
        if (firstPaused.isEmpty()) {
            firstPaused = pause.key();
            firstSite = pause.site();
        }
        pauses += pause.more() ? 0 : 1;
        longestPause = longestPause.compareTo(pause.length()) > 0 ? longestPause : pause.length();
    }

    long begun() {
        return begun;
    }

    long done() {
        return ok + failed;
    }

    long failed() {
        return failed;
    }

    Duration longestPause() {
        return longestPause;
    }

    int inFlight() {
        return (int) (attempts - attemptsEnded);
    }

    private static <K extends Enum<K>> Map<K, Duration> times(Map<K, Sum> sums, Class<K> type) {
        Map<K, Duration> times = new EnumMap<>(type);
        sums.forEach((key, sum) -> times.put(key, Duration.ofNanos(sum.nanos)));
        return Collections.unmodifiableMap(times);
    }

    Totals snapshot(long dropped) {
        List<Totals.Cause> kinds = new ArrayList<>();
        causes.forEach((brief, cause) -> kinds.add(new Totals.Cause(brief, cause.count, cause.firstKey)));
        return new Totals(
                items,
                allRead,
                begun,
                ok,
                failed,
                cancelled,
                skipped,
                skippedFailed,
                skippedUnknown,
                attempts,
                attemptsEnded,
                retried,
                inFlight(),
                peak,
                rows,
                Duration.ofNanos(oneAtATime),
                times(phases, Phase.class),
                times(waits, Wait.class),
                new Distribution(itemMicros),
                new Distribution(attemptMicros),
                new Totals.Pauses(pauses, longestPause, firstPaused, firstSite),
                List.copyOf(kinds),
                stalls,
                reached,
                dropped);
    }
}
