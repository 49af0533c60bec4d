package io.vertask.task;

import java.util.Objects;
import java.util.function.Predicate;

/**
 * A task that another task uses until its very end, such as the one that runs a generator.
 *
 * <p>It lives in the innermost task itself, however deep in timeouts and groups it was started, and counts as no child
 * of a group.
 */
public final class Companion {
    private Companion() {}

    /**
     * Starts {@code body} as a companion of the current task.
     *
     * <p><b>Failure.</b> {@code ended} is called with the outcome, outside any task, once nothing of the companion is
     * left and before any other code learns of the end. It returns true when it deals with a failure; otherwise the
     * failure counts as one that nobody looked at.
     *
     * <p><b>Cancellation.</b> Cancelling the task does not reach the companion, so that the task's own cleanup can
     * still use it. The companion is cancelled, and awaited, when the task's body has ended.
     */
    public static <T> Task<T> start(String name, Coroutine<T> body, Predicate<? super Outcome<T>> ended) {
        Objects.requireNonNull(name, "Companion.start: name is null");
        Objects.requireNonNull(body, "Companion.start: body is null");
        Objects.requireNonNull(ended, "Companion.start: ended is null");
        return RunningTask.startCompanion(Scope.current("Companion.start"), name, body, ended);
    }
}
