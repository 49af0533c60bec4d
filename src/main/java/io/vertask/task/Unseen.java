package io.vertask.task;

import io.vertx.core.internal.ContextInternal;
import java.util.ArrayDeque;

/** The failed children of a scope that nobody has looked at. Bounded: past the limit the oldest is reported at once. */
final class Unseen {
    private static final int LIMIT = 100;

    private final ArrayDeque<RunningTask<?>> tasks = new ArrayDeque<>();

    void add(RunningTask<?> failed, ContextInternal context) {
        for (RunningTask<?> earlier : tasks) {
            if (earlier.standsFor(failed)) {
                // two shields around one task, say: one failure
                failed.markSeen();
                return;
            }
        }
        tasks.add(failed);
        if (tasks.size() > LIMIT) {
            tasks.remove().reportUnlessSeen(context);
        }
    }

    void reportAll(ContextInternal context) {
        tasks.forEach(task -> task.reportUnlessSeen(context));
        tasks.clear();
    }
}
