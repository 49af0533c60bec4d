package io.vertask.task;

import io.vertx.core.internal.ContextInternal;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** The failed children of a scope that nobody has looked at. Bounded: past the limit the oldest is reported at once. */
final class Unseen {
    private static final int LIMIT = 100;

    /** Its path is kept with it: the tree is forgotten by the time it is reported. */
    private record Failed(RunningTask<?> task, String path) {
        void report(ContextInternal context) {
            task.reportUnlessSeen(context, path);
        }
    }

    /** What would be lost if nobody looked at {@code end}: a failure, or a cancellation that hides one. */
    static @Nullable Throwable failureIn(@Nullable Object end) {
        if (end instanceof Outcome.Failure<?> failure) {
            return failure.error();
        }
        return end instanceof Outcome.Cancelled<?> stopped && Secondary.hidesFailure(stopped.cause())
                ? stopped.cause()
                : null;
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
        Throwable mine = failureIn(one.outcomeOrNull());
        return !one.isSeen() && mine != null && mine == failureIn(other.outcomeOrNull());
    }

    void reportAll(ContextInternal context) {
        tasks.forEach(task -> task.report(context));
        tasks.clear();
    }
}
