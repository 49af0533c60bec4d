package io.vertask.testing;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** An HTTP server with an event loop of its own that records the times of requests and the most open at once. */
public final class CountingServer implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger peak = new AtomicInteger();
    private final List<Long> arrivals = new ArrayList<>();
    private final HttpServer server;

    private CountingServer(int delayMillis, Consumer<HttpServerRequest> answer) {
        server = vertx.createHttpServer()
                .requestHandler(request -> {
                    arrives();
                    if (delayMillis == 0) {
                        answer(request, answer);
                    } else {
                        vertx.setTimer(delayMillis, late -> answer(request, answer));
                    }
                })
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    /** A server that answers with the path, as JSON text, after {@code delayMillis}. */
    public static CountingServer start(int delayMillis) {
        return start(
                delayMillis,
                request -> request.response().end("\"" + request.path().substring(1) + "\""));
    }

    /** A server that answers with {@code answer} after {@code delayMillis}. */
    public static CountingServer start(int delayMillis, Consumer<HttpServerRequest> answer) {
        return new CountingServer(delayMillis, answer);
    }

    private void arrives() {
        synchronized (arrivals) {
            arrivals.add(System.nanoTime());
        }
        peak.accumulateAndGet(open.incrementAndGet(), Math::max);
    }

    private void answer(HttpServerRequest request, Consumer<HttpServerRequest> answer) {
        // before the client can see the response
        open.decrementAndGet();
        answer.accept(request);
    }

    public String url() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    /** The arrival times of the requests, in nanoseconds. */
    public List<Long> arrivals() {
        synchronized (arrivals) {
            return List.copyOf(arrivals);
        }
    }

    /** The number of requests so far. */
    public int count() {
        synchronized (arrivals) {
            return arrivals.size();
        }
    }

    /** The highest number of open requests. */
    public int peak() {
        return peak.get();
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
