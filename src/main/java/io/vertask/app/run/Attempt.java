package io.vertask.app.run;

import io.vertask.app.journal.ItemFailure;
import io.vertask.app.journal.RunEvent.AttemptBegan;
import io.vertask.app.journal.RunEvent.AttemptEnded;
import io.vertask.app.journal.RunEvent.PhaseEntered;
import io.vertask.app.journal.RunEvent.Returned;
import io.vertask.app.workload.CallClock;
import io.vertask.client.Phase;
import io.vertask.client.PhaseListener;
import io.vertask.client.Reached;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One attempt for an item. It holds the permit, knows its phase, and publishes its events in the journal. */
final class Attempt implements PhaseListener, CallClock {
    private final ItemsTask run;
    private final long n;
    private final String key;
    private final int number;
    private final Admission.Permit permit;
    private Phase phase = Phase.QUEUED;
    private @Nullable Reached reached;
    private boolean ended;

    /** Begins the attempt. */
    Attempt(ItemsTask run, long n, String key, int number, Admission.Permit permit) {
        this.run = run;
        this.n = n;
        this.key = key;
        this.number = number;
        this.permit = permit;
        run.journal.publish(new AttemptBegan(run.nanoTime(), n, number, permit.slot()));
    }

    @Override
    public void phase(Phase next) {
        phase = next;
        if (!ended) {
            run.journal.publish(new PhaseEntered(run.nanoTime(), n, number, permit.slot(), next));
        }
    }

    @Override
    public void returned(long nanos) {
        if (!ended) {
            run.journal.publish(new Returned(run.nanoTime(), n, permit.slot(), nanos));
        }
    }

    @Override
    public void reached(Reached.What what) {
        Reached known = reached;
        if (known == null) {
            known = new Reached();
            reached = known;
        }
        known.count(what);
    }

    /** The current phase, or the last one after the end. */
    Phase phase() {
        return phase;
    }

    /** Ends the attempt and gives the permit back. */
    void end(AttemptEnded.How how, Optional<ItemFailure> failure) {
        ended = true;
        Reached.Counts counts = reached == null ? Reached.Counts.NONE : reached.snapshot();
        run.journal.publish(new AttemptEnded(run.nanoTime(), n, key, number, permit.slot(), how, failure, counts));
        permit.release();
    }
}
