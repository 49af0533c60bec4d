package io.vertask.trace;

import io.vertask.task.CancelReason;
import io.vertask.task.Outcome;
import io.vertask.task.Task;
import java.util.List;

/**
 * Is told what happens to the tasks of a Vertx; see {@link Tracing#listen}.
 *
 * <p>It looks and changes nothing: it must not start or cancel tasks, nor look at a task's outcome with
 * {@code tryOutcome}, which would count as having dealt with its failure. Times are nanoseconds as of
 * {@code Tasks.nanoTime}.
 *
 * <p><b>Failure.</b> A listener that throws is removed and reported to the exception handler; the program goes on.
 *
 * <p><b>Threads.</b> The event loop of the task; calls of several loops may come at the same time.
 */
public interface TaskListener {
    /** A task was started; its body runs on the next turn. */
    default void started(Task<?> task, long at) {}

    /** A task is over; its path and its parent are known for the last time. */
    default void ended(Task<?> task, Outcome<?> outcome, long startedAt, long at) {}

    /** A task was asked to stop, itself or with the scope it is in; the first time only. */
    default void cancelRequested(Task<?> task, CancelReason reason, String by, long at) {}

    /** A turn has kept its event loop for longer than {@link Tracing#slowAfter} says. */
    default void slowStep(SlowStep step) {}

    /**
     * What was started in {@code where} and cancelled since the body there ended well without waiting for it, or what
     * was unfinished when its verticle or Vertx was closed.
     */
    default void forgotten(String where, List<String> what) {}
}
