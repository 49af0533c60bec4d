package io.vertask.task;

import io.vertx.core.internal.ContextInternal;
import org.jspecify.annotations.Nullable;

/**
 * A failure that comes second: it goes into the first one, or to the handler when that one takes none.
 *
 * <p>In a cancellation it is the failure of a cleanup, and easily lost: a cancellation itself is nothing to report.
 */
final class Secondary {
    private Secondary() {}

    /**
     * Vert.x's exceptions without a stack trace, those of {@code Future.failedFuture("message")} among them, drop what
     * is suppressed in them.
     */
    static void add(Throwable first, Throwable second, ContextInternal context) {
        if (first == second) {
            return;
        }
        first.addSuppressed(second);
        if (first.getSuppressed().length == 0) {
            context.reportException(second);
        }
    }

    /** Whether {@code error} is a cancellation in which a failure is suppressed. */
    static boolean hidesFailure(@Nullable Throwable error) {
        if (error instanceof CancelledException) {
            for (Throwable second : error.getSuppressed()) {
                boolean asked = second instanceof CancelledException || second instanceof TaskTimeoutException;
                if (!asked || hidesFailure(second)) {
                    return true;
                }
            }
        }
        return false;
    }
}
