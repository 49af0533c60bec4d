/**
 * What tasks share without treading on each other: limits on how many may do something at a time or how often, locks,
 * and places where they meet.
 *
 * <p>Enter at {@link io.vertask.sync.AsyncSemaphore}, {@link io.vertask.sync.AsyncLock} or
 * {@link io.vertask.sync.AsyncEvent}; {@link io.vertask.sync.CapacityLimiter} and {@link io.vertask.sync.RateLimiter}
 * are what asyncio lacks. This room uses {@link io.vertask.task.Waiter} and otherwise only what {@code io.vertask.task}
 * makes public.
 *
 * <p>Decisions that one would otherwise undo:
 *
 * <ul>
 *   <li>A permit is handed over, never put down and picked up again: from the call of {@code release} on, it is the
 *       first waiter's. So nobody can take it while that waiter's turn is still to come.
 *   <li>One lock for each object, held for a few instructions, since any thread may release. A waiter is woken while it
 *       is held, so that two releases on two threads wake in the order in which they chose; waking only posts a turn,
 *       and runs no code of anybody's. Two small parts do all of this: {@code Line}, who waits, and {@code Permits}.
 *   <li>A condition takes its lock up again as the cleanup of its wait, in a shield: in a cancelled scope everything
 *       else fails at once.
 *   <li>A rate is kept by looking at when the last ones really went, never by a schedule: a timer that is late must not
 *       make the next ones come too close.
 * </ul>
 */
@NullMarked
package io.vertask.sync;

import org.jspecify.annotations.NullMarked;
