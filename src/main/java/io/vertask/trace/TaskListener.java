package io.vertask.trace;

import io.vertask.task.CancelReason;
import io.vertask.task.Outcome;
import io.vertask.task.Task;
import java.util.List;

/**
 * A listener for the tasks of a Vertx; see {@link Tracing#listen}.
 *
 * <p>It must only look: it must not start or cancel tasks, nor call {@code tryOutcome}, which would mark a task's
 * failure as handled. Times are nanoseconds as of {@code Tasks.nanoTime}.
 *
 * <p><b>Failure.</b> A listener that throws is removed and reported to the exception handler; the program goes on.
 *
 * <p><b>Threads.</b> The event loop of the task; calls of several loops may come at the same time.
 */
public interface TaskListener {
    /** A task was started; its body begins on the next turn. */
    default void started(Task<?> task, long at) {}

    /** A task has ended; its path and its parent are known for the last time. */
    default void ended(Task<?> task, Outcome<?> outcome, long startedAt, long at) {}

    /** A task was cancelled, by itself or with its scope; called for the first request only. */
    default void cancelRequested(Task<?> task, CancelReason reason, String by, long at) {}

    /**
     * A turn of any task of the Vertx has taken longer than {@link Tracing#slowAfter}; see {@link SlowStep#isWithin}.
     */
    default void slowStep(SlowStep step) {}

    /**
     * Work was left unfinished: started in {@code where} and cancelled because the body there succeeded without waiting
     * for it, or unfinished when its verticle or Vertx was closed.
     */
    default void forgotten(String where, List<String> what) {}
}
