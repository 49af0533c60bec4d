package io.vertask.task;

import java.time.Duration;

/** Durations as nanoseconds: 292 years and more become {@link Long#MAX_VALUE} instead of an error. */
final class Nanos {
    private static final Duration MAX = Duration.ofNanos(Long.MAX_VALUE / 2);

    private Nanos() {}

    static long of(Duration duration) {
        return duration.compareTo(MAX) > 0 ? MAX.toNanos() : duration.toNanos();
    }
}
