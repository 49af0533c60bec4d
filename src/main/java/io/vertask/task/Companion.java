package io.vertask.task;

import io.vertx.core.internal.ContextInternal;
import java.util.function.Predicate;

/**
 * A task that another one uses until its very end, such as what runs a generator.
 *
 * <p>It lives in the innermost task itself, however deep in timeouts and groups it was started, and counts as no child
 * of a group.
 */
public final class Companion {
    private Companion() {}

    /**
     * Starts {@code body} as a companion of the current task.
     *
     * <p><b>Failure.</b> {@code ended} is told of the end, once nothing of the companion is left and before anybody
     * else hears of it, outside any task; it returns true when it deals with a failure. Otherwise the failure is one
     * that nobody looked at.
     *
     * <p><b>Cancellation.</b> Cancelling the task does not reach the companion, so that the task's own cleanup can
     * still use it; it is cancelled, and awaited, when the task's body has ended.
     */
    public static <T> Task<T> start(String name, Coroutine<T> body, Predicate<? super Outcome<T>> ended) {
        return RunningTask.startCompanion(Scope.current("Companion.start"), name, body, ended);
    }

    static <T> boolean told(Predicate<? super Outcome<T>> ended, Outcome<T> end, ContextInternal context) {
        try {
            return ended.test(end);
        } catch (Throwable thrown) {
            context.reportException(thrown);
            return false;
        }
    }
}
