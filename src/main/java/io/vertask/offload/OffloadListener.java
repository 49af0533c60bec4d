package io.vertask.offload;

/**
 * A listener for the effects of cancellation on jobs, for counters and displays.
 *
 * <p><b>Threads.</b> On the event loop of the task that was cancelled.
 */
public interface OffloadListener {
    /** A listener that does nothing. */
    OffloadListener NONE = new OffloadListener() {};

    /** A running job's thread was interrupted. */
    default void interrupted(String job, String thread) {}

    /** A job was removed from the queue and never ran. */
    default void takenBack(String job) {}

    /** A thread ignored its interrupt for the whole limit; the task went on without it. */
    default void stuck(StuckJobException stuck) {}
}
