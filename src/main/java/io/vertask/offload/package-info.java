/**
 * Blocking and CPU-bound work, off the event loop: asyncio's {@code run_in_executor} and {@code to_thread}.
 *
 * <p>Enter at {@link io.vertask.offload.Offload}. This room uses only what {@code io.vertask.task} makes public.
 *
 * <p>Decisions that one would otherwise undo:
 *
 * <ul>
 *   <li>Jobs never go through the default {@code executeBlocking}, which runs the jobs of one context one after the
 *       other.
 *   <li>The pool has a queue of its own, before the executor's, so that a cancelled job leaves it at once.
 *   <li>A slot is freed when the thread has left the job, not when the task stops waiting. So the pool never exceeds
 *       its number of threads, however many jobs ignore their cancellation.
 *   <li>A thread is interrupted only under the lock of the job it runs. An interrupt that came too late to be seen is
 *       cleared before the thread takes the next job.
 * </ul>
 */
@NullMarked
package io.vertask.offload;

import org.jspecify.annotations.NullMarked;
