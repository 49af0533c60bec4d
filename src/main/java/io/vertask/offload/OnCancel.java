package io.vertask.offload;

/**
 * The treatment of a running job when the task that waits for it is cancelled. A queued job never runs, whichever is
 * chosen.
 */
public enum OnCancel {
    /** The task goes on at once. The thread goes on too, and its result is dropped, as in asyncio. */
    ABANDON,
    /** The task waits until the job has ended by itself, or by {@link Offload#checkCancelled}. */
    WAIT,
    /**
     * The thread is interrupted, and the task waits until it has left the job; after the pool's
     * {@link OffloadOptions#interruptLimit} the job is reported by name and the task goes on without it.
     */
    INTERRUPT
}
