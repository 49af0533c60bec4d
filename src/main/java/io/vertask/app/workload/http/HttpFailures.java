package io.vertask.app.workload.http;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.vertask.app.job.yaml.SizeText;
import io.vertask.app.memory.OutOfMemory;
import io.vertask.app.workload.CallFailure;
import io.vertask.client.HttpBodyTooLargeException;
import io.vertask.client.HttpContentException;
import io.vertask.client.HttpIdleClosedException;
import io.vertask.client.HttpNotProcessedException;
import io.vertask.client.Phase;
import io.vertask.task.CancelledException;
import io.vertask.task.TaskTimeoutException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;

/** The failures of HTTP calls: a message for people, and one of {@link CallFailure#HTTP_KINDS}, for each exception. */
final class HttpFailures {
    private static final int DEEPEST = 10;

    private HttpFailures() {}

    /** The failure to report for {@code cause}; itself when it is not a failure of the call. */
    static Throwable of(Throwable cause, Request request, Phase phase, long maxBody) {
        return of(cause, request.what(), request.authority(), phase, maxBody);
    }

    /** The same for a connection that no request was sent on. */
    static Throwable connecting(Throwable cause, String what, String origin) {
        return of(cause, what, origin, Phase.CONNECTING, 0);
    }

    private static Throwable of(Throwable cause, String what, String origin, Phase phase, long maxBody) {
        OutOfMemory.check(cause);
        if (cause instanceof CancelledException
                || cause instanceof TaskTimeoutException
                || cause instanceof CallFailure) {
            return cause;
        }
        return call(cause, origin, " (" + what + ")", phase, maxBody);
    }

    private static CallFailure call(Throwable cause, String origin, String what, Phase phase, long maxBody) {
        List<Throwable> chain = chain(cause);
        if (cause instanceof HttpBodyTooLargeException) {
            return CallFailure.lasting(
                            "body too large",
                            "body too large: more than " + SizeText.format(maxBody) + what
                                    + "; raise max_body if that is expected")
                    .kind("body_too_large", Phase.BODY);
        }
        if (has(chain, UnknownHostException.class)) {
            return CallFailure.passing("unknown host", "no such host: " + origin + what)
                    .kind("unknown_host", phase);
        }
        if (has(chain, SslHandshakeTimeoutException.class)) {
            return CallFailure.passing("no connection", origin + " did not answer the TLS handshake in time")
                    .kind("no_connection", phase);
        }
        if (has(chain, SSLException.class) || has(chain, NotSslRecordException.class)) {
            return tls(chain, origin, phase);
        }
        if (has(chain, ConnectTimeoutException.class)) {
            return CallFailure.passing("no connection", "could not connect to " + origin + " in time")
                    .kind("no_connection", phase);
        }
        if (has(chain, ConnectException.class) || has(chain, NoRouteToHostException.class)) {
            return CallFailure.passing("no connection", "could not connect to " + origin + ": " + reason(chain))
                    .kind("no_connection", phase);
        }
        if (cause instanceof HttpContentException content) {
            String words = reason(List.of(content)) + what;
            return (content.why() == HttpContentException.Why.UNKNOWN_CODING
                            ? CallFailure.lasting("bad response", words)
                            : CallFailure.passing("bad response", words))
                    .kind("bad_response", Phase.BODY);
        }
        if (cause instanceof HttpNotProcessedException) {
            return CallFailure.passing(
                            "not processed", origin + " refused the request each time without processing it" + what)
                    .kind("connection_closed", phase);
        }
        if (cause instanceof HttpIdleClosedException) {
            return CallFailure.passing(
                            "connection closed while idle",
                            "connection closed while idle: " + origin + " gave it up without a byte of an answer"
                                    + what)
                    .kind("connection_closed", phase);
        }
        if (cause instanceof HttpClosedException
                || cause instanceof StreamResetException
                || has(chain, SocketException.class)
                || (phase.compareTo(Phase.RESPONSE) >= 0 && cause instanceof IOException)) {
            return CallFailure.passing(
                            "connection closed", origin + " closed the connection before its answer was whole" + what)
                    .kind("connection_closed", phase);
        }
        if (has(chain, DecoderException.class) || has(chain, IllegalArgumentException.class)) {
            return CallFailure.lasting("bad response", "the answer can't be understood: " + reason(chain) + what)
                    .kind("bad_response", phase);
        }
        return CallFailure.passing(cause.getClass().getSimpleName(), reason(chain) + what)
                .kind("other", phase);
    }

    private static CallFailure tls(List<Throwable> chain, String origin, Phase phase) {
        String why;
        if (has(chain, HttpClosedException.class) || reason(chain).contains("closed")) {
            return CallFailure.passing("connection closed", origin + " closed the connection during the TLS handshake")
                    .kind("connection_closed", phase);
        } else if (has(chain, CertificateExpiredException.class)) {
            why = "its certificate has expired";
        } else if (has(chain, CertificateNotYetValidException.class)) {
            why = "its certificate is not valid yet";
        } else if (has(chain, CertPathBuilderException.class) || has(chain, CertPathValidatorException.class)) {
            why = "its certificate is self-signed, or signed by nobody we trust; `ca` names a file with trusted"
                    + " certificates";
        } else if (has(chain, CertificateException.class)) {
            why = "its certificate is for another host";
        } else if (has(chain, NotSslRecordException.class)) {
            why = "it does not speak TLS there";
        } else {
            why = reason(chain);
        }
        return CallFailure.lasting("TLS", "TLS with " + origin + " failed: " + why)
                .kind("tls", phase);
    }

    private static List<Throwable> chain(Throwable cause) {
        List<Throwable> chain = new ArrayList<>();
        for (Throwable one = cause; one != null && chain.size() < DEEPEST; one = one.getCause()) {
            chain.add(one);
        }
        return chain;
    }

    private static boolean has(List<Throwable> chain, Class<? extends Throwable> type) {
        return chain.stream().anyMatch(type::isInstance);
    }

    /** The message of the deepest cause, which is the most specific. */
    private static String reason(List<Throwable> chain) {
        Throwable deepest = chain.get(chain.size() - 1);
        String text = deepest.getMessage();
        return text == null ? deepest.getClass().getSimpleName() : ItemRequests.shown(text.replaceFirst("\\.$", ""));
    }
}
