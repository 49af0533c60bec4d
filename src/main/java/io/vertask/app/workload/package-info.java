/**
 * What all workloads are: a verticle that makes one kind of call.
 *
 * <p>Enter at {@link io.vertask.app.workload.Workload}. Each kind has a room of its own below this one and never uses
 * another. A workload makes single attempts; how many at once, how often again and what is printed is
 * {@code app.run}'s.
 */
@NullMarked
package io.vertask.app.workload;

import org.jspecify.annotations.NullMarked;
