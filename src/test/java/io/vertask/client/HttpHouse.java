package io.vertask.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.Coroutine;
import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A Vertx and a client of it; its end checks that no call holds a slot or waits for one. */
final class HttpHouse implements AutoCloseable {
    static final Duration SOON = Duration.ofMillis(500);
    static final Duration PATIENCE = Duration.ofSeconds(15);

    final Vertx vertx;
    final Reached reached = new Reached();
    final HttpCalls http;

    HttpHouse(HttpCalls.Options options) {
        this(options, 1);
    }

    HttpHouse(HttpCalls.Options options, int loops) {
        vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(loops));
        http = HttpCalls.create(vertx, options, reached);
    }

    static HttpHouse of(int maxConnections) {
        return new HttpHouse(HttpCalls.Options.of(maxConnections));
    }

    <T> Task<T> start(Coroutine<T> body) {
        return Tasks.start(vertx, "call", body);
    }

    Task<HttpResponse<Buffer>> get(String url) {
        return start(() -> http.web().getAbs(url).send());
    }

    /** Sends a GET and opens the latch when it has come to {@code phase}. */
    Task<HttpResponse<Buffer>> get(String url, Phase phase, CountDownLatch there) {
        return start(() -> http.send(http.web().getAbs(url), null, now -> {
            if (now == phase) {
                there.countDown();
            }
        }));
    }

    static <T> Outcome<T> outcome(Task<T> task) throws TimeoutException {
        return task.settled().await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The value of a call that must succeed. */
    static <T> T value(Task<T> task) throws TimeoutException {
        return Objects.requireNonNull(task.future().await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    }

    static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("the phase was reached")
                .isTrue();
    }

    /** Polls, because nobody tells when sockets and pools have come to rest. */
    static void eventually(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            LockSupport.parkNanos(2_000_000);
        }
    }

    @Override
    public void close() throws TimeoutException {
        try {
            eventually("no slot taken", () -> http.slots.counts().equals(List.of(0, 0, 0)));
        } finally {
            http.close().await(15, TimeUnit.SECONDS);
            vertx.close().await(15, TimeUnit.SECONDS);
        }
    }
}
