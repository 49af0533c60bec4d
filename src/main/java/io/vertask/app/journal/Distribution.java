package io.vertask.app.journal;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * A distribution of times: their number and their percentiles, to two significant digits.
 *
 * <p><b>Threads.</b> Immutable.
 */
public final class Distribution {
    private final Histogram micros;

    Distribution(Histogram micros) {
        this.micros = micros.copy();
    }

    /** The number of times. */
    public long count() {
        return micros.getTotalCount();
    }

    /** The time at percentile {@code percent}, 0 to 100; zero when there are no times. */
    public Duration percentile(double percent) {
        return time(micros.getValueAtPercentile(percent));
    }

    /** The longest time; zero when there is none. */
    public Duration longest() {
        return time(micros.getMaxValue());
    }

    private static Duration time(long value) {
        return Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(value));
    }
}
