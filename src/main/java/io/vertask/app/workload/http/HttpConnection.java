package io.vertask.app.workload.http;

import io.vertask.app.job.HttpClientConfig;
import io.vertask.app.workload.Connection;
import io.vertask.app.workload.StartFailure;
import io.vertask.client.HttpOrigin;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnectOptions;
import java.net.URI;
import java.util.Optional;

/** A probe of an HTTP client's server: connects, with TLS for https, and sends no request. */
public record HttpConnection(HttpClientConfig config) implements Connection {
    private static final int CONNECT_MILLIS = 10_000;

    @Override
    public Future<String> probe(Vertx vertx) {
        URI url = config.url();
        HttpOrigin origin = HttpOrigin.of(url).orElseThrow();
        boolean tls = origin.ssl();
        return Trust.of(vertx, Optional.of(config)).compose(trusted -> {
            HttpClientOptions options =
                    new HttpClientOptions().setConnectTimeout(CONNECT_MILLIS).setSsl(tls);
            trusted.ifPresent(options::setTrustOptions);
            HttpClientAgent client = vertx.createHttpClient(options);
            return client.connect(new HttpConnectOptions()
                            .setHost(origin.host())
                            .setPort(origin.port())
                            .setSsl(tls))
                    .transform(end -> end.succeeded()
                            ? Future.succeededFuture(words(url, tls, end.result()))
                            : Future.<String>failedFuture(failure(end.cause(), url)))
                    .eventually(client::close);
        });
    }

    private static String words(URI url, boolean tls, HttpClientConnection connection) {
        String origin = url.getScheme() + "://" + url.getRawAuthority();
        return origin + (tls ? ": connected, " + connection.sslSession().getProtocol() : ": connected");
    }

    private StartFailure failure(Throwable cause, URI url) {
        return new StartFailure("clients." + config.name() + ": "
                + HttpFailures.connecting(cause, "no request was sent", url.getRawAuthority())
                        .getMessage());
    }
}
