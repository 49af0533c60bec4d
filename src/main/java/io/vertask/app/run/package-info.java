/**
 * The run of a job: the items in flight, retries, the order of the results, and the end.
 *
 * <p>Enter at {@link io.vertask.app.run.Run}. A run has no console: {@link io.vertask.app.run.Ports} connects it to its
 * caller, its journal publishes its events, and its {@link io.vertask.app.run.Sink} takes the results. Any number of
 * runs may share a Vertx.
 *
 * <p>One run is one tree of tasks in the verticle of its workload: {@code ItemsTask} is the run's own task with its
 * feeder, {@code ItemTask} is one item, {@code Attempt} one attempt. An attempt needs a permit of
 * {@link io.vertask.app.run.Admission}. An item of which an earlier process has kept the answer has a {@code KeptCall}
 * in place of its workload's call.
 *
 * <p>Its size is bounded: at most {@code concurrency} permits are held, and at most a window of items has begun and is
 * not written.
 */
@NullMarked
package io.vertask.app.run;

import org.jspecify.annotations.NullMarked;
