package io.vertask.app.workload.into;

import io.vertask.client.Phase;
import io.vertask.client.PhaseListener;

/** The phase that an attempt hears of its recording: a query. The wait for a connection is not the step's own. */
final class Quiet {
    private Quiet() {}

    static PhaseListener of(PhaseListener phases) {
        return phase -> phases.phase(Phase.QUERY);
    }
}
