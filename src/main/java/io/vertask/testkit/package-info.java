/**
 * Tools to test asynchronous code: a virtual clock, repeatable schedules, and a cancel at every possible point.
 *
 * <p>Enter at {@link io.vertask.testkit.VirtualRun}. This room uses the public types of {@code io.vertask.task} only.
 */
@NullMarked
package io.vertask.testkit;

import org.jspecify.annotations.NullMarked;
