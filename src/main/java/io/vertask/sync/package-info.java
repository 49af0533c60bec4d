/**
 * Synchronization between tasks: locks, semaphores, events, conditions, barriers, and limits on concurrency and rate.
 *
 * <p>Enter at {@link io.vertask.sync.AsyncSemaphore}, {@link io.vertask.sync.AsyncLock} or
 * {@link io.vertask.sync.AsyncEvent}; {@link io.vertask.sync.CapacityLimiter} and {@link io.vertask.sync.RateLimiter}
 * have no counterpart in asyncio. This room uses {@link io.vertask.task.Waiter} and otherwise only what
 * {@code io.vertask.task} makes public.
 *
 * <p>Decisions that one would otherwise undo:
 *
 * <ul>
 *   <li>A released permit belongs to the first waiter from the call of {@code release} on, so no other task can take it
 *       before that waiter resumes.
 *   <li>Each object has one monitor, held for a few instructions, since any thread may release. Waiters are woken under
 *       it, so that two releases on two threads wake in the order in which they took place; waking only posts a turn
 *       and runs no user code. Two types hold all of this: {@code WaitQueue} (the waiters) and {@code Permits} (the
 *       counts). Every "at most n at once" of this room is made of them.
 *   <li>A condition acquires its lock again in the cleanup of its wait, in a shield: in a cancelled scope any other
 *       wait would fail at once.
 *   <li>A rate is kept by the times of the last calls, never by a schedule: calls after a late timer must not come too
 *       close together.
 * </ul>
 */
@NullMarked
package io.vertask.sync;

import org.jspecify.annotations.NullMarked;
