/**
 * What tasks share without treading on each other: limits on how many may do something at a time.
 *
 * <p>Enter at {@link io.vertask.sync.AsyncSemaphore}. This room uses {@link io.vertask.task.Waiter} and otherwise only
 * what {@code io.vertask.task} makes public.
 *
 * <p>Decisions that one would otherwise undo:
 *
 * <ul>
 *   <li>A permit is handed over, never put down and picked up again: from the call of {@code release} on, it is the
 *       first waiter's. So nobody can take it while that waiter's turn is still to come.
 *   <li>One lock, held for a few instructions, since any thread may release. A waiter is woken while it is held, so
 *       that two releases on two threads wake in the order in which they chose; waking only posts a turn, and runs no
 *       code of anybody's.
 * </ul>
 */
@NullMarked
package io.vertask.sync;

import org.jspecify.annotations.NullMarked;
