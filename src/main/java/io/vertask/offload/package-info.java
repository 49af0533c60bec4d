/**
 * Blocking and CPU-bound work, off the event loop: asyncio's {@code run_in_executor} and {@code to_thread}.
 *
 * <p>Enter at {@link io.vertask.offload.Offload}. This room uses only what {@code io.vertask.task} makes public.
 *
 * <p>Decisions that one would otherwise undo:
 *
 * <ul>
 *   <li>Never the default {@code executeBlocking}: it runs the jobs of one context one after the other.
 *   <li>The queue is ours and not the executor's, so that a job which is cancelled in it is gone, and its slot with it.
 *   <li>A slot is free again when the thread has left the job, not when the task has stopped waiting. So there are
 *       never more threads than the pool was made with, however many jobs ignore their cancellation.
 *   <li>Whether a thread may be interrupted is decided under the lock of the one job it runs; an interrupt that came
 *       too late to be seen is wiped before the thread takes the next job.
 * </ul>
 */
@NullMarked
package io.vertask.offload;

import org.jspecify.annotations.NullMarked;
