package io.vertask.app.cli;

/** The exit codes of the process; scripts rely on these numbers. */
public enum ExitCode {
    /** All items are ok, or no more failed than allowed. */
    OK(0),
    /** The run finished, and too many items failed. */
    FAILURES(1),
    /** The usage or the configuration is wrong; nothing was sent. */
    USAGE(2),
    /** The run could not start because of a database, a port or a file. */
    NOT_STARTED(3),
    /** The run stopped early: a deadline, a 401, {@code on_error: stop}. */
    STOPPED_EARLY(4),
    /** Vert.x or the cluster did not start. */
    VERTX_FAILED(11),
    /** A verticle did not deploy. */
    NOT_DEPLOYED(15),
    /** A bug in Vertask, or memory that ran out. */
    BUG(70),
    /** SIGHUP, after an orderly stop. */
    HUNG_UP(129),
    /** SIGINT, after an orderly stop. */
    INTERRUPTED(130),
    /** SIGTERM, after an orderly stop. */
    TERMINATED(143);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    /** The signal that asked for a stop with this code, as messages name it. */
    String signal() {
        return switch (this) {
            case HUNG_UP -> "SIGHUP";
            case TERMINATED -> "SIGTERM";
            default -> "Ctrl-C";
        };
    }

    /** The exit code as a number. */
    public int code() {
        return code;
    }
}
