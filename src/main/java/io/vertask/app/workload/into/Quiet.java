package io.vertask.app.workload.into;

import io.vertask.client.Phase;
import io.vertask.client.PhaseListener;

/** What an attempt is told of its recording: that a statement runs. The wait for a connection is not the step's own. */
final class Quiet {
    private Quiet() {}

    static PhaseListener of(PhaseListener phases) {
        return phase -> phases.phase(Phase.QUERY);
    }
}
