package io.vertask.task;

import io.vertx.core.internal.ContextInternal;
import org.jspecify.annotations.Nullable;

/** The rules for failures: which are fatal, which may not get lost, and how a second one goes with a first. */
final class FailureRules {
    private FailureRules() {}

    /** Whether the JVM is damaged: such an error is never retried, restarted or wrapped. */
    static boolean isFatal(Throwable error) {
        return error instanceof VirtualMachineError || error instanceof LinkageError;
    }

    /**
     * Suppresses {@code second} in {@code first}, or reports it to the handler of {@code context} when {@code first}
     * takes no suppressed exceptions.
     *
     * <p>Vert.x's exceptions without a stack trace, such as those of {@code Future.failedFuture("message")}, take none.
     */
    static void suppress(Throwable first, Throwable second, ContextInternal context) {
        if (first == second) {
            return;
        }
        first.addSuppressed(second);
        if (first.getSuppressed().length == 0) {
            context.reportException(second);
        }
    }

    /**
     * Whether {@code error} is a cancellation with a failure suppressed in it, such as that of a cleanup. Such a
     * failure is easily lost, because a cancellation itself is never reported.
     */
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

    /** Whether {@code error} is lost if nobody looks at it: a cancellation is not, unless it hides a failure. */
    static boolean isLost(Throwable error) {
        return !(error instanceof CancelledException) || hidesFailure(error);
    }

    /** The error that is lost if nobody looks at {@code outcome}: a failure, or a cancellation that hides one. */
    static @Nullable Throwable lostIn(@Nullable Object outcome) {
        if (outcome instanceof Outcome.Failure<?> failure) {
            return failure.error();
        }
        return outcome instanceof Outcome.Cancelled<?> stopped && hidesFailure(stopped.cause())
                ? stopped.cause()
                : null;
    }
}
