package io.vertask.task;

import io.vertx.core.internal.ContextInternal;

/** A failure that comes second: it goes into the first one, or to the handler when that one takes none. */
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
}
