package io.vertask.client;

import io.vertask.task.Task;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.http.HttpClientInternal;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.ext.web.client.impl.WebClientInternal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Vert.x's {@link WebClient} with a limit, and with requests that end with the task that sent them.
 *
 * <p>{@code Tasks.timeout(limit, () -> http.web().getAbs(url).send())} needs nothing more: a request sent in a task, in
 * whatever way ({@code send}, {@code sendJson}, {@code sendForm}, through a {@code WebClientSession} …), is a wait of
 * that task. {@link #send} does the same and tells a {@link PhaseListener} how far it is.
 *
 * <p>Up to {@link Options#maxConnections} requests run at once; the others wait in arrival order. To any one origin at
 * most {@link #maxSockets} sockets exist, those of cancelled connects that are still pending included.
 *
 * <p>A redirect to another origin takes only harmless headers along ({@code Accept}, {@code User-Agent} and the like):
 * no {@code Authorization}, no {@code Cookie}, no token in a header of any other name.
 *
 * <p><b>Failure.</b> Vert.x's own exceptions pass unwrapped: {@code ConnectException} (refused, or no answer within
 * {@link Options#connectTimeout}), {@code UnknownHostException}, {@code SSLHandshakeException},
 * {@code HttpClosedException} (the server closed before the end). {@link HttpBodyTooLargeException} for a body past the
 * limit. {@link io.vertask.task.ClosedException} after {@link #close}.
 *
 * <p><b>Cancellation.</b> In the queue: leaves it at once. Connecting: ends at once, the connect is given up when it
 * answers. Waiting for the response, reading the body, or after a redirect: the HTTP/1.1 connection is closed, the
 * HTTP/2 stream reset with CANCEL, and the call ends after that. A cancelled request is never sent later.
 * {@link Reached} counts.
 *
 * <p><b>Threads.</b> Any event loop; outside a task the limits hold as well, but nothing cancels. Made in a verticle,
 * it is closed with it.
 */
public final class HttpCalls {
    /**
     * How the client is set up.
     *
     * @param web Vert.x's own options; connect timeout, keep-alive (on), pipelining (off), decompression (on) and
     *     sharing (off) are set here. HTTP/1.1 unless it says otherwise
     * @param maxConnections how many requests run at once, at least 1
     * @param maxBodyBytes how long a response body may be after decompression, at least 0; it holds for discarded and
     *     streamed bodies too
     * @param connectTimeout how long a TCP connect may take, at least 1 ms
     */
    public record Options(WebClientOptions web, int maxConnections, long maxBodyBytes, Duration connectTimeout) {
        /** 64 MiB. */
        public static final long MAX_BODY_BYTES = 64L << 20;

        /** Three seconds. */
        public static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

        /** Checks the limits and copies {@code web}. */
        public Options {
            if (maxConnections < 1) {
                throw new IllegalArgumentException("maxConnections must be at least 1, not " + maxConnections);
            }
            if (maxBodyBytes < 0) {
                throw new IllegalArgumentException("maxBodyBytes must not be negative: " + maxBodyBytes);
            }
            if (connectTimeout.compareTo(Duration.ofMillis(1)) < 0
                    || connectTimeout.compareTo(Duration.ofMillis(Integer.MAX_VALUE)) > 0) {
                throw new IllegalArgumentException(
                        "connectTimeout must be between 1 ms and 24 days, not " + connectTimeout);
            }
            web = new WebClientOptions(web);
        }

        /** {@code maxConnections} requests at once, everything else by default. */
        public static Options of(int maxConnections) {
            return new Options(new WebClientOptions(), maxConnections, MAX_BODY_BYTES, CONNECT_TIMEOUT);
        }

        /** With other options of Vert.x's own. */
        public Options withWeb(WebClientOptions other) {
            return new Options(other, maxConnections, maxBodyBytes, connectTimeout);
        }

        /** With another limit for bodies. */
        public Options withMaxBodyBytes(long other) {
            return new Options(web, maxConnections, other, connectTimeout);
        }

        /** With another limit for connecting. */
        public Options withConnectTimeout(Duration other) {
            return new Options(web, maxConnections, maxBodyBytes, other);
        }
    }

    /** What a server usually allows one HTTP/2 connection. */
    private static final int STREAMS = 100;

    private final HttpClientInternal client;
    private final WebClientInternal web;
    private final int maxSockets;
    final HttpSlots slots;

    /** What this thread is sending right now: an interceptor is handed nothing but the request. */
    private static final ThreadLocal<@Nullable Sending> SENDING = new ThreadLocal<>();

    private record Sending(HttpCalls by, PhaseListener listener) {}

    private HttpCalls(Vertx vertx, Options options, Reached reached) {
        WebClientOptions settings = new WebClientOptions(options.web())
                .setConnectTimeout(Math.toIntExact(options.connectTimeout().toMillis()))
                .setKeepAlive(true)
                .setPipelining(false)
                .setDecompressionSupported(true)
                .setShared(false);
        boolean multiplexed = settings.getProtocolVersion() == HttpVersion.HTTP_2;
        int limit = options.maxConnections();
        int http2 = (limit - 1) / STREAMS + 1;
        int spare = multiplexed ? 2 : Math.max(8, limit);
        maxSockets = (multiplexed ? http2 : limit) + spare;
        client = (HttpClientInternal) vertx.httpClientBuilder()
                .with(settings)
                .with(new PoolOptions().setHttp1MaxSize(limit + spare).setHttp2MaxSize(http2 + spare))
                .withRedirectHandler(HttpRedirects::follow)
                .build();
        slots = new HttpSlots(limit, spare);
        web = (WebClientInternal) WebClient.wrap(new HttpLimitedClient(client), settings);
        web.addInterceptor(new HttpInterceptor(
                this::listenerNow,
                (http, listener) -> new HttpCall(
                        ((VertxInternal) vertx).getOrCreateContext(),
                        http,
                        slots,
                        reached,
                        listener,
                        options.maxBodyBytes())));
    }

    /** A client of {@code vertx}; {@code reached} counts what its cancels get to. */
    public static HttpCalls create(Vertx vertx, Options options, Reached reached) {
        return new HttpCalls(vertx, options, reached);
    }

    /** {@link #create(Vertx, Options, Reached)} with a count of its own that nobody reads. */
    public static HttpCalls create(Vertx vertx, Options options) {
        return create(vertx, options, new Reached());
    }

    /** Makes the requests; what is sent in a task ends with it. */
    public WebClient web() {
        return web;
    }

    /**
     * How many sockets may exist to one origin: the limit, and some for connects that were cancelled and still hang.
     */
    public int maxSockets() {
        return maxSockets;
    }

    /** Sends {@code request} as a wait of the current task. */
    public <T> Future<HttpResponse<T>> send(HttpRequest<T> request) {
        return send(request, null, PhaseListener.NONE);
    }

    /** {@link #send(HttpRequest)} with a body. */
    public <T> Future<HttpResponse<T>> send(HttpRequest<T> request, Buffer body) {
        return send(request, body, PhaseListener.NONE);
    }

    /**
     * {@link #send(HttpRequest)} with {@code listener} told of each phase; a redirect begins again at
     * {@link Phase#CONNECTING}.
     *
     * <p><b>Failure.</b> {@link IllegalStateException} outside any task; {@link IllegalArgumentException} for a request
     * that another client's {@code web()} made.
     */
    public <T> Future<HttpResponse<T>> send(HttpRequest<T> request, @Nullable Buffer body, PhaseListener listener) {
        if (Task.current().isEmpty()) {
            throw new IllegalStateException("HttpCalls.send was called outside any task; start one with Tasks.run(…) or"
                    + " Tasks.start(…) and call it there, or use request.send()");
        }
        SENDING.set(new Sending(this, listener));
        try {
            Future<HttpResponse<T>> response = body == null ? request.send() : request.sendBuffer(body);
            if (SENDING.get() != null) {
                throw new IllegalArgumentException(
                        "the request was made by another client; make it with web() of the HttpCalls that sends it");
            }
            return response;
        } finally {
            SENDING.remove();
        }
    }

    /**
     * Ends the client: calls that run or wait fail with {@link io.vertask.task.ClosedException}, their connections are
     * closed, and so are the idle ones.
     */
    public Future<Void> close() {
        slots.close();
        return client.close();
    }

    private PhaseListener listenerNow() {
        Sending now = SENDING.get();
        if (now == null) {
            return PhaseListener.NONE;
        }
        if (now.by != this) {
            throw new IllegalArgumentException("not made by this client");
        }
        SENDING.remove();
        return now.listener;
    }
}
