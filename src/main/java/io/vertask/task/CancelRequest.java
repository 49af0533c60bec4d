package io.vertask.task;

/**
 * One request to stop, with an identity: a scope that made a request recognises that very one.
 *
 * <p>Not a record, so that two requests for the same reason stay two.
 */
final class CancelRequest {
    final CancelReason reason;
    /** The path of the task that asked, or the name of the thread. */
    final String by;

    /** The number of futures that it could not reach, and that were left running. On the event loop. */
    int left;

    CancelRequest(CancelReason reason, String by) {
        this.reason = reason;
        this.by = by;
    }

    static CancelRequest of(CancelReason.Kind kind, String by) {
        return new CancelRequest(new CancelReason(kind, null), by);
    }
}
