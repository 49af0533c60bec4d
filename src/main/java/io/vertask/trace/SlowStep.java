package io.vertask.trace;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A turn that kept its event loop from all others for too long.
 *
 * @param loop the name of the event loop's thread
 * @param task the path of the task whose code it was; null when it was no task's
 * @param taskId its id; 0 for none
 * @param took how long the turn took
 * @param at when it began, by {@code System.nanoTime}
 * @param waiting how many other steps of the same round were ready all that time
 * @param stack where the thread was once the threshold had passed, innermost call first; empty when the turn ended
 *     before a look at it
 */
public record SlowStep(
        String loop,
        @Nullable String task,
        long taskId,
        Duration took,
        long at,
        int waiting,
        List<StackTraceElement> stack) {
    /** The line of the program's own code that was running, such as {@code Resize.run (Resize.java:41)}; or null. */
    public @Nullable String where() {
        return Site.in(stack);
    }

    /** {@code vert.x-eventloop-thread-0 was blocked 412ms by task 'main/resize' (Resize.run (Resize.java:41)); …}. */
    @Override
    public String toString() {
        String where = where();
        return loop + " was blocked " + DisplayText.of(took) + " by "
                + (task == null ? "a step of no task" : "task '" + task + "'") + (where == null ? "" : " at " + where)
                + (waiting == 0 ? "" : "; ready all the while: " + waiting);
    }
}
