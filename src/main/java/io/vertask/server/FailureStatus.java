package io.vertask.server;

import io.vertask.task.CancelledException;
import io.vertask.task.TaskTimeoutException;

/** What a failure is called to whoever asked for the work. */
final class FailureStatus {
    static final int MALFORMED = 400;
    static final int BROKEN = 500;
    static final int STOPPED = 503;
    static final int TOO_LATE = 504;

    private FailureStatus() {}

    /** The status code of HTTP. */
    static int status(Throwable error) {
        if (error instanceof MalformedDeadlineException) {
            return MALFORMED;
        }
        if (error instanceof TaskTimeoutException) {
            return TOO_LATE;
        }
        return error instanceof CancelledException ? STOPPED : BROKEN;
    }
}
