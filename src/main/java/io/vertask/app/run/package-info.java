/**
 * How a job runs: which items are in flight, what is tried again, in which order results leave, and how a run ends.
 *
 * <p>Enter at {@link io.vertask.app.run.Run}. A run has no console: {@link io.vertask.app.run.Ports} gives it what it
 * needs, its journal tells what happens, and its {@link io.vertask.app.run.Sink} takes the results. Any number of runs
 * may share a Vertx.
 *
 * <p>One run is one tree of tasks in the verticle of its workload: {@code ItemsTask} is the run's own task with its
 * feeder, {@code ItemTask} is one item, {@code Attempt} one attempt. An attempt needs a permit of
 * {@link io.vertask.app.run.Admission}.
 *
 * <p>Bounded: at most {@code concurrency} permits are held, and at most a window of items has begun and is not written.
 */
@NullMarked
package io.vertask.app.run;

import org.jspecify.annotations.NullMarked;
