package io.vertask.app.workload;

import io.vertask.client.PhaseListener;
import io.vertx.core.Future;
import java.util.Optional;

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

    /**
     * The answer that the call has got, when an attempt has failed only after that, in recording the answer. Empty when
     * there is none, or when the call may simply be made again.
     */
    default Optional<Answer> answered() {
        return Optional.empty();
    }
}
