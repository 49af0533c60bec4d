package io.vertask.testing;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What a {@link RecordingHttpServer} does with one request. */
public sealed interface Reply {
    /** A whole response; {@code Content-Length} is added. */
    record Respond(int status, Map<String, String> headers, String body) implements Reply {}

    /** Nothing, ever; the connection stays open until the peer closes it. */
    record Silence() implements Reply {}

    /** The head and the first half of {@code body}, then nothing. */
    record HalfBody(String body) implements Reply {}

    /** The connection is closed without an answer. */
    record HangUp() implements Reply {}

    /** The first {@code bytes} of the response, head included, then the connection is closed. */
    record CloseAfter(int bytes, Respond response) implements Reply {}

    /** {@code then}, as soon as {@code gate} is completed. */
    record When(CompletableFuture<?> gate, Reply then) implements Reply {}

    static Respond ok(String body) {
        return status(200, body);
    }

    static Respond status(int status, String body) {
        return new Respond(status, Map.of(), body);
    }

    static When after(Duration delay, Reply then) {
        return new When(
                CompletableFuture.runAsync(
                        () -> {}, CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS)),
                then);
    }
}
