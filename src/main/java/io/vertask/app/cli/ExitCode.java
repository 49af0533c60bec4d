package io.vertask.app.cli;

/** How the process ends; scripts rely on these numbers. */
public enum ExitCode {
    /** All items ok, or no more failures than allowed. */
    OK(0),
    /** Finished, too many items failed. */
    FAILURES(1),
    /** Usage or configuration; nothing was sent. */
    USAGE(2),
    /** Could not start: database, port, file. */
    NOT_STARTED(3),
    /** Stopped early: deadline, 401, on_error: stop. */
    STOPPED_EARLY(4),
    /** Vert.x or the cluster did not start. */
    VERTX_FAILED(11),
    /** A verticle did not deploy. */
    NOT_DEPLOYED(15),
    /** A bug in Vertask. */
    BUG(70),
    /** SIGINT, after an orderly stop. */
    INTERRUPTED(130),
    /** SIGTERM, after an orderly stop. */
    TERMINATED(143);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    /** The number. */
    public int code() {
        return code;
    }
}
