package io.vertask.app.workload;

import io.vertask.app.job.Item;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** Where results are recorded; an item is ok only once its own are. */
public interface RowSink {
    /** Opens it, in the workload's context; fails with {@link StartFailure} when it can't take what will come. */
    Future<?> open(Vertx vertx);

    /** As {@link Workload#settled}: what only serves a run that is gone on with may go. */
    void settled();

    /** Ends it in good order, also when {@link #open} failed half-way. */
    Future<?> close();

    /** {@code call}, whose answers count when they are recorded. */
    ItemCall recording(Item item, ItemCall call);
}
