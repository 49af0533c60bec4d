package io.vertask.server;

import io.vertask.task.CancelledException;
import io.vertask.task.TaskTimeoutException;

/** The status codes that clients get for failures of their work. */
final class FailureStatus {
    static final int MALFORMED = 400;
    static final int BROKEN = 500;
    static final int STOPPED = 503;
    static final int TOO_LATE = 504;

    private FailureStatus() {}

    /** The HTTP status code for {@code error}. */
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
