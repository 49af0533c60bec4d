package io.vertask.task;

/**
 * One request to stop. It has an identity: a scope that made a request takes back exactly that one, and no count is
 * kept.
 *
 * <p>Not a record, so that two requests for the same reason stay two.
 */
final class CancelRequest {
    final CancelReason reason;
    /** Who asked: the path of a task, or the name of a thread. */
    final String by;

    CancelRequest(CancelReason reason, String by) {
        this.reason = reason;
        this.by = by;
    }

    /** A request of the code that runs here. */
    static CancelRequest asked(CancelReason reason) {
        Scope scope = Scope.currentOrNull();
        return new CancelRequest(
                reason, scope == null ? "thread " + Thread.currentThread().getName() : scope.path());
    }

    static CancelRequest of(CancelReason.Kind kind, String by) {
        return new CancelRequest(new CancelReason(kind, null), by);
    }

    /**
     * The exception that a wait in {@code scope} fails with; a new one each time, since failures get suppressed ones
     * added.
     */
    CancelledException in(Scope scope) {
        return scope.cancelled(this);
    }
}
