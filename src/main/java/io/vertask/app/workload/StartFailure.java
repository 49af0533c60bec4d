package io.vertask.app.workload;

/** A run can't start: no database, no port, no file. The message says what, where and the fix; nothing was sent. */
public final class StartFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With the message for people. */
    public StartFailure(String message) {
        super(message, null, false, false);
    }
}
