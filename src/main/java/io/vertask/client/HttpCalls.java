package io.vertask.client;

import io.vertask.task.Task;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.http.HttpClientInternal;
import io.vertx.core.streams.ReadStream;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.ext.web.client.impl.WebClientInternal;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
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
 * <p>Redirects are followed by the rules of {@link HttpRedirect}, as often as {@code maxRedirects} of the web options
 * allows; then the last redirect is the response. It is so at once when the content of a request would have to be sent
 * again and can't be, to another origin or because it was a stream.
 *
 * <p><b>Failure.</b> Vert.x's own exceptions pass unwrapped: {@code ConnectException} (refused, or no answer within
 * {@link Options#connectTimeout}), {@code UnknownHostException}, {@code SSLHandshakeException},
 * {@code HttpClosedException} (the server closed before the end; {@link HttpIdleClosedException} when that may have
 * been the end of an idle connection). {@link HttpBodyTooLargeException} for a body past the limit,
 * {@link HttpContentException} for one that can't be unpacked. {@link io.vertask.task.ClosedException} after
 * {@link #close}.
 *
 * <p>What an HTTP/2 server has certainly not processed is sent again, at most ten times, in the same slot; then, or
 * when its body was a stream, it fails with {@link HttpNotProcessedException}. A request whose method is not idempotent
 * gets no HTTP/1.1 connection that has been idle for a second, or until a second before the end that the server names
 * in {@code Keep-Alive}.
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
     * The options of a client.
     *
     * @param web Vert.x's own options; connect timeout, keep-alive (on), pipelining (off), decompression (done here)
     *     and sharing (off) are set here. HTTP/1.1 unless it says otherwise
     * @param maxConnections the most requests that run at once, at least 1
     * @param maxBodyBytes the most bytes of a response body after decompression, at least 0; it holds for discarded and
     *     streamed bodies too
     * @param connectTimeout the limit for a TCP connect, at least 1 ms
     * @param deadlineHeader the request header that tells the server how many milliseconds the caller has left; null
     *     for none
     */
    public record Options(
            WebClientOptions web,
            int maxConnections,
            long maxBodyBytes,
            Duration connectTimeout,
            @Nullable String deadlineHeader) {
        /** The default limit of bodies, 64 MiB. */
        public static final long MAX_BODY_BYTES = 64L << 20;

        /** The default limit of connects, three seconds. */
        public static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

        /** The usual name of the deadline header, from Envoy: the milliseconds that are left. */
        public static final String DEADLINE_HEADER = "x-envoy-expected-rq-timeout-ms";

        /** Checks the limits and copies {@code web}. */
        public Options {
            Objects.requireNonNull(web, "HttpCalls.Options: web is null");
            Objects.requireNonNull(connectTimeout, "HttpCalls.Options: connectTimeout is null");
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

        /** Options with {@code maxConnections} requests at once and the defaults otherwise. */
        public static Options of(int maxConnections) {
            return new Options(new WebClientOptions(), maxConnections, MAX_BODY_BYTES, CONNECT_TIMEOUT, null);
        }

        /** These options with other options of Vert.x's own. */
        public Options withWeb(WebClientOptions other) {
            Objects.requireNonNull(other, "HttpCalls.Options.withWeb: other is null");
            return new Options(other, maxConnections, maxBodyBytes, connectTimeout, deadlineHeader);
        }

        /** These options with another limit for bodies. */
        public Options withMaxBodyBytes(long other) {
            return new Options(web, maxConnections, other, connectTimeout, deadlineHeader);
        }

        /** These options with another limit for connecting. */
        public Options withConnectTimeout(Duration other) {
            Objects.requireNonNull(other, "HttpCalls.Options.withConnectTimeout: other is null");
            return new Options(web, maxConnections, maxBodyBytes, other, deadlineHeader);
        }

        /**
         * These options with {@link #DEADLINE_HEADER}: each request of a task that has a limit tells the time left when
         * it is sent. Off by default, because not every server should know. A redirect to another origin never takes it
         * along; a smaller value that a request has already stays.
         */
        public Options withDeadlineHeader() {
            return withDeadlineHeader(DEADLINE_HEADER);
        }

        /** {@link #withDeadlineHeader()} under another name. */
        public Options withDeadlineHeader(String name) {
            Objects.requireNonNull(name, "HttpCalls.Options.withDeadlineHeader: name is null");
            return new Options(web, maxConnections, maxBodyBytes, connectTimeout, name);
        }
    }

    /** The number of streams that a server usually allows on one HTTP/2 connection. */
    private static final int STREAMS = 100;

    private final HttpClientInternal client;
    private final WebClientInternal web;
    private final int maxSockets;
    private final long maxBodyBytes;
    final HttpSlots slots;

    /** The terms of the request that this thread is sending; an interceptor gets only the request. */
    private static final ThreadLocal<@Nullable Sending> SENDING = new ThreadLocal<>();

    private record Sending(HttpCalls by, HttpTerms terms) {}

    private HttpCalls(Vertx vertx, Options options, Reached reached) {
        WebClientOptions settings = new WebClientOptions(options.web())
                .setConnectTimeout(Math.toIntExact(options.connectTimeout().toMillis()))
                .setKeepAlive(true)
                .setPipelining(false)
                .setDecompressionSupported(false)
                .setShared(false);
        boolean multiplexed = settings.getProtocolVersion() == HttpVersion.HTTP_2;
        int limit = options.maxConnections();
        int http2 = (limit - 1) / STREAMS + 1;
        int spare = multiplexed ? 2 : Math.max(8, limit);
        maxSockets = (multiplexed ? http2 : limit) + spare;
        client = (HttpClientInternal) vertx.httpClientBuilder()
                .with(settings)
                .with(new PoolOptions().setHttp1MaxSize(limit + spare).setHttp2MaxSize(http2 + spare))
                .build();
        slots = new HttpSlots(limit, spare);
        web = (WebClientInternal) WebClient.wrap(new HttpLimitedClient(client, slots), settings);
        web.addInterceptor(new HttpInterceptor(
                this::termsNow,
                (http, terms) -> new HttpCall(
                        ((VertxInternal) vertx).getOrCreateContext(), http, slots, reached, terms, options)));
        maxBodyBytes = options.maxBodyBytes();
    }

    /** A client of {@code vertx}; {@code reached} counts the effects of its cancels. */
    public static HttpCalls create(Vertx vertx, Options options, Reached reached) {
        Objects.requireNonNull(vertx, "HttpCalls.create: vertx is null");
        Objects.requireNonNull(options, "HttpCalls.create: options is null");
        Objects.requireNonNull(reached, "HttpCalls.create: reached is null");
        return new HttpCalls(vertx, options, reached);
    }

    /** {@link #create(Vertx, Options, Reached)} with a count that is not read. */
    public static HttpCalls create(Vertx vertx, Options options) {
        return create(vertx, options, new Reached());
    }

    /** The WebClient that makes the requests; a request sent in a task ends with that task. */
    public WebClient web() {
        return web;
    }

    /** The most sockets to one origin: the limit, and some for cancelled connects that still hang. */
    public int maxSockets() {
        return maxSockets;
    }

    /** Sends {@code request} as a wait of the current task. */
    public <T> Future<HttpResponse<T>> send(HttpRequest<T> request) {
        return send(request, null, PhaseListener.NONE);
    }

    /** {@link #send(HttpRequest)} with a body. */
    public <T> Future<HttpResponse<T>> send(HttpRequest<T> request, Buffer body) {
        Objects.requireNonNull(body, "HttpCalls.send: body is null");
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
        Objects.requireNonNull(request, "HttpCalls.send: request is null");
        Objects.requireNonNull(listener, "HttpCalls.send: listener is null");
        return send(new HttpTerms(listener, null), () -> body == null ? request.send() : request.sendBuffer(body));
    }

    /**
     * {@link #send(HttpRequest, Buffer, PhaseListener)} with a body that is read from {@code body} as the connection
     * takes it, from the time when there is one.
     *
     * <p><b>Failure.</b> An error of {@code body} is what this fails with; the request is aborted.
     *
     * <p><b>Cancellation.</b> In the middle of the upload too. Whatever is unread then, or when the server has answered
     * without waiting for the rest, stays in {@code body}, which is left paused; closing it is its owner's.
     *
     * @param body paused, or not flowing yet
     */
    public <T> Future<HttpResponse<T>> sendStream(
            HttpRequest<T> request, ReadStream<Buffer> body, PhaseListener listener) {
        Objects.requireNonNull(request, "HttpCalls.sendStream: request is null");
        Objects.requireNonNull(body, "HttpCalls.sendStream: body is null");
        Objects.requireNonNull(listener, "HttpCalls.sendStream: listener is null");
        HttpUpload upload = new HttpUpload(body);
        return send(new HttpTerms(listener, upload), () -> request.sendStream(upload));
    }

    /** {@link #sendStream(HttpRequest, ReadStream, PhaseListener)} without a listener. */
    public <T> Future<HttpResponse<T>> sendStream(HttpRequest<T> request, ReadStream<Buffer> body) {
        return sendStream(request, body, PhaseListener.NONE);
    }

    /**
     * Sends {@code request} and lets {@code reader} read the body while it comes: a reader that pauses holds the server
     * back, and no more than some 64 KiB wait for it. The body may be as long as {@link Options#maxBodyBytes} allows.
     *
     * <p>When {@code reader} has ended, however it ended, an unread rest is given up: the HTTP/1.1 connection is
     * closed, the HTTP/2 stream reset.
     *
     * <p><b>Failure.</b> As {@link #send}; what breaks after the head goes to the body's exception handler.
     *
     * <p><b>Cancellation.</b> As {@link #send}, and the body fails at once.
     */
    public <T> Future<T> stream(HttpRequest<?> request, HttpReader<T> reader) {
        return stream(request, null, maxBodyBytes, PhaseListener.NONE, reader);
    }

    /**
     * {@link #stream(HttpRequest, HttpReader)} with a body to send, and a limit of its own for the one that comes.
     *
     * @param upload as for {@link #sendStream}; null for a request without a body
     * @param most the most bytes of the body; {@link Long#MAX_VALUE} lifts the limit
     */
    public <T> Future<T> stream(
            HttpRequest<?> request,
            @Nullable ReadStream<Buffer> upload,
            long most,
            PhaseListener listener,
            HttpReader<T> reader) {
        Objects.requireNonNull(request, "HttpCalls.stream: request is null");
        Objects.requireNonNull(listener, "HttpCalls.stream: listener is null");
        Objects.requireNonNull(reader, "HttpCalls.stream: reader is null");
        return new HttpExchange(most)
                .run(
                        request,
                        ready -> upload == null ? send(ready, null, listener) : sendStream(ready, upload, listener),
                        reader);
    }

    private <T> Future<HttpResponse<T>> send(HttpTerms terms, Supplier<Future<HttpResponse<T>>> send) {
        if (Task.current().isEmpty()) {
            throw new IllegalStateException("HttpCalls.send was called outside any task; start one with Tasks.run(…) or"
                    + " Tasks.start(…) and call it there, or use request.send()");
        }
        SENDING.set(new Sending(this, terms));
        try {
            Future<HttpResponse<T>> response = send.get();
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

    private HttpTerms termsNow() {
        Sending now = SENDING.get();
        if (now == null) {
            return HttpTerms.NONE;
        }
        if (now.by != this) {
            throw new IllegalArgumentException("not made by this client");
        }
        SENDING.remove();
        return now.terms;
    }
}
