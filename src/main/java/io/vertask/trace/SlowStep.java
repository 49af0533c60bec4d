package io.vertask.trace;

import io.vertask.task.Task;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A turn that occupied its event loop for too long.
 *
 * @param loop the name of the event loop's thread
 * @param task the path of the task whose code ran; null when it was no task's
 * @param taskIds the ids of that task and its ancestors, the root's first; empty when it was no task's
 * @param took the duration of the turn
 * @param at the start of the turn, by {@code System.nanoTime}
 * @param waiting the number of other steps of the same round that were ready meanwhile
 * @param stack the stack of the thread when the threshold had passed, innermost call first; empty when the turn ended
 *     before it was sampled
 */
public record SlowStep(
        String loop,
        @Nullable String task,
        List<Long> taskIds,
        Duration took,
        long at,
        int waiting,
        List<StackTraceElement> stack) {
    /** Copies the lists, which can't be changed afterwards. */
    public SlowStep {
        Objects.requireNonNull(loop, "SlowStep: loop is null");
        Objects.requireNonNull(taskIds, "SlowStep: taskIds is null");
        Objects.requireNonNull(took, "SlowStep: took is null");
        Objects.requireNonNull(stack, "SlowStep: stack is null");
        taskIds = List.copyOf(taskIds);
        stack = List.copyOf(stack);
    }

    /**
     * Whether the code that ran belongs to {@code ancestor} or to a task below it, so that a listener can leave out the
     * steps of other task trees of the same Vertx.
     */
    public boolean isWithin(Task<?> ancestor) {
        Objects.requireNonNull(ancestor, "SlowStep.isWithin: ancestor is null");
        return taskIds.contains(ancestor.id());
    }

    /** The line of user code that ran, such as {@code Resize.run (Resize.java:41)}; null when it is unknown. */
    public @Nullable String where() {
        return Site.in(stack);
    }

    /**
     * Such as {@code vert.x-eventloop-thread-0 was blocked 412ms by task 'main/resize' at Resize.run (Resize.java:41)}.
     */
    @Override
    public String toString() {
        String where = where();
        return loop + " was blocked " + DisplayText.of(took) + " by "
                + (task == null ? "a step of no task" : "task '" + task + "'") + (where == null ? "" : " at " + where)
                + (waiting == 0 ? "" : "; ready meanwhile: " + waiting);
    }
}
