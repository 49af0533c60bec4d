/**
 * What tests of asynchronous code need: a clock that jumps, a schedule that can be repeated, a cancel at every possible
 * moment.
 *
 * <p>Enter at {@link io.vertask.testkit.VirtualRun}. This room uses the public seams of {@code io.vertask.task} and
 * nothing of the other rooms.
 */
@NullMarked
package io.vertask.testkit;

import org.jspecify.annotations.NullMarked;
