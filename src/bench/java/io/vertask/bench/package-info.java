/**
 * Benchmarks, run with JMH by the profile {@code bench}; the command is in the pom.
 *
 * <p>Each batch runs inside one event loop, so that a figure is the cost of an operation there, without the way from JMH's thread.
 */
@org.jspecify.annotations.NullMarked
package io.vertask.bench;
