package io.vertask.app.workload;

import io.vertask.client.PhaseListener;
import io.vertx.core.Future;

/** What a workload does for one item, attempt by attempt; it may keep where it is between them (the next page). */
public interface ItemCall {
    /**
     * One attempt, in the current task.
     *
     * <p><b>Failure.</b> {@link CallFailure}; another attempt then does the same again.
     *
     * <p><b>Cancellation.</b> Reaches the wire.
     */
    Future<Answer> attempt(PhaseListener phases);
}
