package io.vertask.task;

import io.vertx.core.internal.ContextInternal;
import java.util.ArrayDeque;

/**
 * The failed children of a scope whose failures nobody has looked at. Bounded: past the limit the oldest is reported at
 * once.
 */
final class UnseenFailures {
    private static final int LIMIT = 100;

    /** A child with its path, which can't be read any more once the child has left the tree. */
    private record Failed(RunningTask<?> task, String path) {
        void report(ContextInternal context) {
            task.reportUnlessSeen(context, path);
        }
    }

    private final ArrayDeque<Failed> tasks = new ArrayDeque<>();

    void add(RunningTask<?> failed, ContextInternal context) {
        for (Failed earlier : tasks) {
            if (isSame(earlier.task, failed)) {
                // two shields around one task, say: one failure
                failed.markSeen();
                return;
            }
        }
        tasks.add(new Failed(failed, failed.path()));
        if (tasks.size() > LIMIT) {
            tasks.remove().report(context);
        }
    }

    /** Whether the failure of {@code one}, not looked at yet, is the very exception that {@code other} failed with. */
    private static boolean isSame(RunningTask<?> one, RunningTask<?> other) {
        Throwable mine = FailureRules.lostIn(one.outcomeOrNull());
        return !one.isSeen() && mine != null && mine == FailureRules.lostIn(other.outcomeOrNull());
    }

    void reportAll(ContextInternal context) {
        tasks.forEach(task -> task.report(context));
        tasks.clear();
    }
}
