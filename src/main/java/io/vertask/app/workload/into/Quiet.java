package io.vertask.app.workload.into;

import io.vertask.client.Phase;
import io.vertask.client.PhaseListener;
import io.vertask.client.Reached;

/** The phase that an attempt hears of its recording: a query. The wait for a connection is not the step's own. */
final class Quiet {
    private Quiet() {}

    static PhaseListener of(PhaseListener phases) {
        return new PhaseListener() {
            @Override
            public void phase(Phase phase) {
                phases.phase(Phase.QUERY);
            }

            @Override
            public void reached(Reached.What what) {
                phases.reached(what);
            }
        };
    }
}
