package io.vertask.offload;

/**
 * Told what a cancellation has reached: for those who count it, or show it.
 *
 * <p><b>Threads.</b> On the event loop of the task that was cancelled.
 */
public interface OffloadListener {
    /** Hears nothing. */
    OffloadListener NONE = new OffloadListener() {};

    /** A thread was interrupted in the middle of a job. */
    default void interrupted(String job, String thread) {}

    /** A job was taken out of the queue; it never ran. */
    default void takenBack(String job) {}

    /** A thread has not answered its interrupt within the limit; the task goes on without it. */
    default void stuck(StuckJobException stuck) {}
}
