package io.vertask.app.journal;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * How long things took: their number and their percentiles, to two significant digits.
 *
 * <p><b>Threads.</b> Immutable.
 */
public final class Distribution {
    private final Histogram micros;

    Distribution(Histogram micros) {
        this.micros = micros.copy();
    }

    /** How many there are. */
    public long count() {
        return micros.getTotalCount();
    }

    /** The time within which {@code percent} of them ended, 0 to 100; zero when there are none. */
    public Duration percentile(double percent) {
        return time(micros.getValueAtPercentile(percent));
    }

    /** The longest; zero when there are none. */
    public Duration longest() {
        return time(micros.getMaxValue());
    }

    private static Duration time(long value) {
        return Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(value));
    }
}
