package io.vertask.task;

import java.math.BigDecimal;
import java.time.Duration;

/** Durations as nanoseconds for timers, and as text for messages. */
final class Durations {
    private static final Duration MAX = Duration.ofNanos(Long.MAX_VALUE / 2);
    private static final Duration MIN = MAX.negated();

    private Durations() {}

    /** The nanoseconds; a duration beyond 146 years, positive or negative, is cut to that instead of overflowing. */
    static long nanos(Duration duration) {
        if (duration.compareTo(MAX) > 0) {
            return MAX.toNanos();
        }
        return duration.compareTo(MIN) < 0 ? MIN.toNanos() : duration.toNanos();
    }

    /** {@code 1.5s}, {@code 200ms}: the shortest exact text in seconds, or in milliseconds below one second. */
    static String text(Duration duration) {
        long ms = nanos(duration) / 1_000_000;
        if (ms < 1000) {
            return ms + "ms";
        }
        return BigDecimal.valueOf(ms, 3).stripTrailingZeros().toPlainString() + "s";
    }
}
