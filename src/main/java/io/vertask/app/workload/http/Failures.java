package io.vertask.app.workload.http;

import io.vertask.app.workload.CallFailure;
import io.vertask.client.HttpBodyTooLargeException;
import io.vertask.task.CancelledException;
import io.vertask.task.TaskTimeoutException;
import io.vertx.core.http.HttpClosedException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;

/** What the client's exceptions mean, in words for people. */
final class Failures {
    private Failures() {}

    /** What {@code cause} is to be reported as; itself when it is not a failure of the call. */
    static Throwable of(Throwable cause, String what, String origin) {
        if (cause instanceof CancelledException
                || cause instanceof TaskTimeoutException
                || cause instanceof CallFailure) {
            return cause;
        }
        if (cause instanceof UnknownHostException) {
            return CallFailure.passing("unknown host", "no such host: " + origin + " (" + what + ")");
        }
        if (cause instanceof ConnectException) {
            return CallFailure.passing("no connection", "could not connect to " + origin + ": " + reason(cause));
        }
        if (cause instanceof SSLException) {
            return CallFailure.lasting("TLS", "TLS with " + origin + " failed: " + reason(cause));
        }
        if (cause instanceof HttpBodyTooLargeException) {
            return CallFailure.lasting("body too large", reason(cause) + " (" + what + ")");
        }
        if (cause instanceof HttpClosedException || cause instanceof SocketException) {
            return CallFailure.passing(
                    "connection closed", origin + " closed the connection before its answer was whole (" + what + ")");
        }
        if (cause instanceof io.netty.channel.ConnectTimeoutException) {
            return CallFailure.passing("no connection", "could not connect to " + origin + " in time");
        }
        return CallFailure.passing(cause.getClass().getSimpleName(), reason(cause) + " (" + what + ")");
    }

    private static String reason(Throwable cause) {
        Throwable deepest = cause;
        while (deepest.getCause() != null && deepest.getCause() != deepest) {
            deepest = deepest.getCause();
        }
        String text = deepest.getMessage();
        return text == null ? deepest.getClass().getSimpleName() : text;
    }
}
