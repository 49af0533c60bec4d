package io.vertask.app.workload;

/**
 * The failure to start a run: no database, no port, no file. The message names problem, place and fix; nothing was
 * sent.
 */
public final class StartFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A failure with a message for people. */
    public StartFailure(String message) {
        super(message, null, false, false);
    }
}
