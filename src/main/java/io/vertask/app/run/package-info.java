/**
 * How a job runs: which items are in flight, what is tried again, what is printed in which order, how it ends.
 *
 * <p>Enter at {@link io.vertask.app.run.Runner}. One run is one tree of tasks in the workload's verticle: the job, its
 * feeder, and a task for each item in flight. Everything that belongs to one item is in
 * {@link io.vertask.app.run.ItemRun}.
 *
 * <p>Bounded: at most {@code concurrency} items hold a slot, and at most {@link io.vertask.app.run.Window} items are
 * begun but not printed.
 */
@NullMarked
package io.vertask.app.run;

import org.jspecify.annotations.NullMarked;
