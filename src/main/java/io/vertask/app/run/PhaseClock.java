package io.vertask.app.run;

import io.vertask.client.Phase;
import io.vertask.client.PhaseListener;
import java.util.function.LongSupplier;

/** Follows one attempt through its phases and books the time of each. */
final class PhaseClock implements PhaseListener {
    private final Times times;
    private final LongSupplier nanoTime;
    private Phase now = Phase.QUEUED;
    private long since;

    PhaseClock(Times times, LongSupplier nanoTime) {
        this.times = times;
        this.nanoTime = nanoTime;
        this.since = nanoTime.getAsLong();
    }

    @Override
    public void phase(Phase next) {
        book();
        now = next;
    }

    /** The phase the attempt is in, or ended in. */
    Phase now() {
        return now;
    }

    /** Books the time of the last phase. */
    void book() {
        long time = nanoTime.getAsLong();
        times.add(now, time - since);
        since = time;
    }
}
