package io.vertask.app.workload;

import io.vertask.client.PhaseListener;
import io.vertx.core.Future;

/** The call of a workload for one item. It may keep a position between attempts, such as the next page. */
public interface ItemCall {
    /**
     * Makes one attempt in the current task.
     *
     * <p><b>Failure.</b> {@link CallFailure}; another attempt then does the same again.
     *
     * <p><b>Cancellation.</b> Reaches the wire.
     */
    Future<Answer> attempt(PhaseListener phases);
}
