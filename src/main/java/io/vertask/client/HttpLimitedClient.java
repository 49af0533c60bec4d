package io.vertask.client;

import io.vertx.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.http.HttpClientInternal;
import io.vertx.core.internal.net.NetClientInternal;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.spi.metrics.Metrics;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Vert.x's client, with each request of a {@link HttpCall} led through that call: the call has its slot before it
 * connects, and sees how its connect ends, also after its own end.
 */
record HttpLimitedClient(HttpClientInternal client, HttpSlots slots) implements HttpClientInternal {
    /** The options of a request, with the call that it belongs to. */
    static final class Options extends RequestOptions {
        final HttpCall call;

        Options(RequestOptions options, HttpCall call) {
            super(options);
            this.call = call;
        }
    }

    @Override
    public Future<HttpClientRequest> request(RequestOptions options) {
        return options instanceof Options known ? known.call.connect(client, known) : client.request(options);
    }

    @Override
    public Future<HttpClientConnection> connect(HttpConnectOptions options) {
        return client.connect(options);
    }

    @Override
    public Future<Boolean> updateSSLOptions(ClientSSLOptions options, boolean force) {
        return client.updateSSLOptions(options, force);
    }

    @Override
    public VertxInternal vertx() {
        return client.vertx();
    }

    @Override
    public Function<HttpClientResponse, Future<RequestOptions>> redirectHandler() {
        return response -> HttpRedirectHandler.follow(response, slots);
    }

    @Override
    public HttpClientOptions options() {
        return client.options();
    }

    @Override
    public NetClientInternal netClient() {
        return client.netClient();
    }

    @Override
    public Future<Void> closeFuture() {
        return client.closeFuture();
    }

    @Override
    public Future<Void> shutdown(long timeout, TimeUnit unit) {
        return client.shutdown(timeout, unit);
    }

    @Override
    public void close(Completable<Void> completion) {
        client.close(completion);
    }

    @Override
    public boolean isMetricsEnabled() {
        return client.isMetricsEnabled();
    }

    @Override
    public Metrics getMetrics() {
        return client.getMetrics();
    }
}
