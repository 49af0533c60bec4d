package io.vertask.testing;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The reply of a {@link RecordingHttpServer} to one request. */
public sealed interface Reply {
    /** A whole response; {@code Content-Length} is added. */
    record Respond(int status, Map<String, String> headers, String body) implements Reply {}

    /** No reply; the connection stays open until the peer closes it. */
    record Silence() implements Reply {}

    /** The head and the first half of {@code body}, then nothing. */
    record HalfBody(String body) implements Reply {}

    /** The connection is closed without an answer. */
    record HangUp() implements Reply {}

    /** The first {@code bytes} of the response, head included, then the connection is closed. */
    record CloseAfter(int bytes, Respond response) implements Reply {}

    /** The first {@code bytes} of the response, head included, then the connection is reset. */
    record ResetAfter(int bytes, Respond response) implements Reply {}

    /** The head at once, then the body, one byte after each {@code every}. */
    record Drip(Duration every, Respond response) implements Reply {}

    /**
     * Exactly these bytes, one for each character of {@code latin1}, whatever they mean.
     *
     * @param close whether the connection is closed after them
     */
    record Raw(String latin1, boolean close) implements Reply {}

    /** {@code then}, as soon as {@code gate} is completed. */
    record When(CompletableFuture<?> gate, Reply then) implements Reply {}

    static Respond ok(String body) {
        return status(200, body);
    }

    static Respond status(int status, String body) {
        return new Respond(status, Map.of(), body);
    }

    /** A redirect. */
    static Respond redirect(int status, String location) {
        return new Respond(status, Map.of("location", location), "");
    }

    /** A head that announces {@code announced} bytes and a shorter body, after which the connection is closed. */
    static Raw wrongLength(int announced, String body) {
        return new Raw("HTTP/1.1 200 OK\r\ncontent-length: " + announced + "\r\n\r\n" + body, true);
    }

    /** {@code megabytes} of zeros, compressed by {@code gzip}. */
    static Raw gzipBomb(int megabytes) {
        return Bomb.of(megabytes);
    }

    static When after(Duration delay, Reply then) {
        return new When(
                CompletableFuture.runAsync(
                        () -> {}, CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS)),
                then);
    }
}
