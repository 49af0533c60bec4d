package io.vertask.app.demo;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * One request and its answer, which may come later; if the client hangs up first, the exchange and its timer end.
 *
 * <p><b>Threads.</b> Confined to the context of its connection.
 */
final class Exchange {
    private static final long NO_TIMER = -1;

    private final Vertx vertx;
    private final HttpServerRequest request;
    private final Traffic traffic;
    private final BooleanSupplier serverCloses;
    private long timer = NO_TIMER;
    private boolean ended;

    private Exchange(Vertx vertx, HttpServerRequest request, Traffic traffic, BooleanSupplier serverCloses) {
        this.vertx = vertx;
        this.request = request;
        this.traffic = traffic;
        this.serverCloses = serverCloses;
    }

    static Exchange begin(Vertx vertx, HttpServerRequest request, Traffic traffic, BooleanSupplier serverCloses) {
        Exchange exchange = new Exchange(vertx, request, traffic, serverCloses);
        traffic.begun();
        // Depending on the protocol, one of the two fires, or both; the first one counts.
        request.response().closeHandler(v -> exchange.connectionGone());
        request.response().exceptionHandler(e -> exchange.connectionGone());
        return exchange;
    }

    HttpServerRequest request() {
        return request;
    }

    /** Runs {@code answer} after {@code delay}, unless the client hangs up before. */
    void after(Duration delay, Runnable answer) {
        if (ended) {
            return;
        }
        if (delay.isZero()) {
            answer.run();
            return;
        }
        traffic.timerSet();
        timer = vertx.setTimer(Math.max(1, delay.toMillis()), id -> {
            timer = NO_TIMER;
            traffic.timerGone();
            answer.run();
        });
    }

    void answer(int status, JsonObject body) {
        if (ended) {
            return;
        }
        ended = true;
        // Counted before the bytes leave, so that a client which has its answer sees itself in the counters.
        traffic.answered();
        HttpServerResponse response = request.response();
        response.setStatusCode(status)
                .putHeader("content-type", "application/json; charset=utf-8")
                .end(body.toBuffer());
    }

    private void connectionGone() {
        if (ended) {
            return;
        }
        ended = true;
        if (timer != NO_TIMER && vertx.cancelTimer(timer)) {
            timer = NO_TIMER;
            traffic.timerGone();
        }
        traffic.dropped(!serverCloses.getAsBoolean());
    }
}
