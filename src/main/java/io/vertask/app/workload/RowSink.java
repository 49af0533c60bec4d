package io.vertask.app.workload;

import io.vertask.app.job.Item;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** A destination in which results are recorded. An item is ok only when its results are recorded. */
public interface RowSink {
    /** Opens the sink in the workload's context; fails with {@link StartFailure} when it can't take the results. */
    Future<?> open(Vertx vertx);

    /**
     * Tells that the run will not be resumed, as {@link Workload#settled} does, so data kept for that may be removed.
     */
    void settled();

    /** Closes the sink in good order, also when {@link #open} failed half-way. */
    Future<?> close();

    /** Wraps {@code call} so that its answers count only when they are recorded. */
    ItemCall recording(Item item, ItemCall call);
}
