package io.vertask.app.run;

import io.vertask.client.Phase;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** Where the items' time went, summed over all of them; on the run's event loop. */
final class Times {
    private final Map<Phase, Long> phases = new EnumMap<>(Phase.class);
    private long paused;
    private long retryWaits;

    void add(Phase phase, long nanos) {
        phases.merge(phase, nanos, Long::sum);
    }

    void addPause(long nanos) {
        paused += nanos;
    }

    void addRetryWait(long nanos) {
        retryWaits += nanos;
    }

    Map<Phase, Long> phases() {
        return phases;
    }

    Duration paused() {
        return Duration.ofNanos(paused);
    }

    Duration retryWaits() {
        return Duration.ofNanos(retryWaits);
    }
}
