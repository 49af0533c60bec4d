/**
 * Benchmarks, run with JMH by the profile {@code bench}; the pom has the command.
 *
 * <p>Each runs inside one event loop for a whole batch, so that a figure is what an operation costs there, not what it
 * costs to get there from JMH's thread.
 */
@org.jspecify.annotations.NullMarked
package io.vertask.bench;
