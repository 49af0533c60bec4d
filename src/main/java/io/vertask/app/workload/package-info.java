/**
 * The common base of workloads: verticles that make one kind of call.
 *
 * <p>Enter at {@link io.vertask.app.workload.Workload}. Each kind has a room of its own below this one and never uses
 * another. A workload makes single attempts; {@code app.run} decides on concurrency, retries and output.
 */
@NullMarked
package io.vertask.app.workload;

import org.jspecify.annotations.NullMarked;
