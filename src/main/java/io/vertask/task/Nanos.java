package io.vertask.task;

import java.time.Duration;

/** Durations as nanoseconds: those of 146 years and more, either way, become just that instead of an error. */
final class Nanos {
    private static final Duration MAX = Duration.ofNanos(Long.MAX_VALUE / 2);
    private static final Duration MIN = MAX.negated();

    private Nanos() {}

    static long of(Duration duration) {
        if (duration.compareTo(MAX) > 0) {
            return MAX.toNanos();
        }
        return duration.compareTo(MIN) < 0 ? MIN.toNanos() : duration.toNanos();
    }
}
