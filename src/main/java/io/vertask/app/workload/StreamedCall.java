package io.vertask.app.workload;

import io.vertask.client.PhaseListener;
import io.vertx.core.Future;
import java.util.List;

/** A call that hands out the rows of its result before it has ended. An attempt that fails begins again. */
public interface StreamedCall extends ItemCall {
    /** Takes rows in the middle of an attempt; completes when more are wanted. */
    @FunctionalInterface
    interface RowsOut {
        Future<Void> rows(List<Answer> rows);
    }

    /** Makes one attempt. The answer is the sum of the rows, which {@code out} has got. */
    Future<Answer> attempt(PhaseListener phases, RowsOut out);

    /** Makes one attempt whose rows are dropped. */
    @Override
    default Future<Answer> attempt(PhaseListener phases) {
        return attempt(phases, rows -> Future.succeededFuture());
    }
}
