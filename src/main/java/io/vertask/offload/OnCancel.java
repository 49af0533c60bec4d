package io.vertask.offload;

/**
 * What becomes of a job that a thread is already running when the task which waits for it is cancelled. A job that is
 * still queued never runs, whichever is chosen.
 */
public enum OnCancel {
    /** The task goes on at once; the thread goes on too, and its result is dropped. What asyncio does. */
    ABANDON,
    /** The task waits until the job has ended by itself, or by {@link Offload#checkCancelled}. */
    WAIT,
    /**
     * The thread is interrupted, and the task waits until it has left the job; if it has not after the pool's
     * {@link OffloadOptions#interruptLimit}, it is reported by name and the task goes on without it.
     */
    INTERRUPT
}
