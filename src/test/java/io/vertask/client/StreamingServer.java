package io.vertask.client;

import io.vertask.testing.Transport;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A server whose bodies come piece by piece, and which counts what has become of its responses. */
final class StreamingServer {
    static final int CHUNK = 10_000;

    final AtomicLong sent = new AtomicLong();
    final AtomicLong received = new AtomicLong();
    /** Responses that were cut short from the other side. */
    final AtomicInteger cut = new AtomicInteger();

    final Set<HttpVersion> versions = ConcurrentHashMap.newKeySet();
    volatile MultiMap lastHeaders = MultiMap.caseInsensitiveMultiMap();
    final String url;
    /** Can't be packed, so that its length is that on the wire; longer than what a packer remembers. */
    private final Buffer noise = noise();

    private StreamingServer(Vertx vertx, Transport transport) throws TimeoutException {
        url = transport.url(vertx.createHttpServer(transport.server().setCompressionSupported(true))
                .requestHandler(this::serve)
                .listen(0, "localhost")
                .await(15, TimeUnit.SECONDS)
                .actualPort());
    }

    private static Buffer noise() {
        byte[] bytes = new byte[10 * CHUNK];
        new Random(1).nextBytes(bytes);
        return Buffer.buffer(bytes);
    }

    static StreamingServer start(Vertx vertx, Transport transport) throws TimeoutException {
        return new StreamingServer(vertx, transport);
    }

    private void serve(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        versions.add(request.version());
        lastHeaders = MultiMap.caseInsensitiveMultiMap().addAll(request.headers());
        request.exceptionHandler(gone -> {});
        response.exceptionHandler(gone -> {});
        response.closeHandler(closed -> {
            if (!response.ended()) {
                cut.incrementAndGet();
            }
        });
        switch (request.path()) {
            case "/endless" -> endless(response.setChunked(true));
            case "/long" -> response.end(Buffer.buffer(new byte[50 * CHUNK]));
            case "/counted" -> {
                response.setChunked(true);
                for (int i = 0; i < 100; i++) {
                    response.write(i + "\n");
                }
                response.end();
            }
            case "/broken" ->
                response.setChunked(true).write(noise.slice(0, CHUNK)).onComplete(half -> {
                    if (request.version() == HttpVersion.HTTP_2) {
                        response.reset(2);
                    } else {
                        request.connection().close();
                    }
                });
            case "/moved" ->
                response.setStatusCode(302).putHeader("location", "/counted").end();
            case "/take" -> {
                request.handler(chunk -> received.addAndGet(chunk.length()));
                request.endHandler(end -> response.end("took " + received.get()));
            }
            case "/early" -> {
                request.pause();
                response.setStatusCode(413).end("too much");
            }
            case "/deaf" -> request.pause();
            default -> response.end("fast");
        }
    }

    private void endless(HttpServerResponse response) {
        if (!response.closed()) {
            int at = (int) (sent.getAndAdd(CHUNK) % noise.length());
            // a turn for each, so that the loop stays free for the client
            Context context = Vertx.currentContext();
            response.write(noise.slice(at, at + CHUNK))
                    .onSuccess(written -> context.runOnContext(turn -> endless(response)));
        }
    }
}
