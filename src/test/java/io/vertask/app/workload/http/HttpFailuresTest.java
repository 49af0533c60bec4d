package io.vertask.app.workload.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.app.workload.CallFailure;
import io.vertask.client.Phase;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.cert.CertificateExpiredException;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class HttpFailuresTest {
    private static final Request REQUEST =
            Request.of(HttpMethod.GET, URI.create("https://h/x"), "GET /x", MultiMap.caseInsensitiveMultiMap());

    private static CallFailure of(Throwable cause) {
        return (CallFailure) HttpFailures.of(cause, REQUEST, Phase.RESPONSE, 10);
    }

    @Test
    void everyFailureHasAKindThatProgramsKnow() {
        Map<Throwable, String> kinds = Map.ofEntries(
                Map.entry(new UnknownHostException("h"), "unknown_host"),
                Map.entry(new ConnectException("refused"), "no_connection"),
                Map.entry(new NoRouteToHostException("no route"), "no_connection"),
                Map.entry(new io.netty.channel.ConnectTimeoutException("late"), "no_connection"),
                Map.entry(new SocketException("reset"), "connection_closed"),
                Map.entry(new IOException("broken pipe"), "connection_closed"),
                Map.entry(new HttpClosedException("closed"), "connection_closed"),
                Map.entry(new SSLHandshakeException("alert"), "tls"),
                Map.entry(new SSLException(new CertificateExpiredException()), "tls"),
                Map.entry(new IllegalArgumentException("invalid version"), "bad_response"),
                Map.entry(new io.netty.handler.codec.compression.DecompressionException("x"), "bad_response"),
                Map.entry(new UnsupportedOperationException("?"), "other"));
        kinds.forEach((cause, kind) -> {
            assertThat(of(cause).detail().kind()).as("%s", cause).isEqualTo(kind);
            assertThat(CallFailure.HTTP_KINDS).contains(kind);
            assertThat(of(cause).detail().phase()).contains(Phase.RESPONSE);
        });
    }

    @Test
    void whatMayPassIsTriedAgainAndWhatWillNotIsNot() {
        List<Throwable> passing =
                List.of(new UnknownHostException("h"), new ConnectException("c"), new SocketException("s"));
        assertThat(passing).allMatch(cause -> of(cause).effect() == CallFailure.Effect.RETRYABLE);
        assertThat(of(new SSLHandshakeException("x")).effect()).isEqualTo(CallFailure.Effect.FINAL);
        assertThat(of(new IllegalArgumentException("x")).effect()).isEqualTo(CallFailure.Effect.FINAL);
        assertThat(of(new SocketException("x")).once().effect()).isEqualTo(CallFailure.Effect.FINAL);
    }
}
