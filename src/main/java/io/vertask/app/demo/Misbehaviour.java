package io.vertask.app.demo;

import java.time.Duration;

/** What goes wrong with a repository of the demo. */
sealed interface Misbehaviour {
    /** 404, every time. */
    record Gone() implements Misbehaviour {}

    /** Accepts the request and is silent for {@code silence}: longer than any timeout one would set. */
    record Slow(Duration silence) implements Misbehaviour {}

    /** 503 to the first request, then well. */
    record Flaky() implements Misbehaviour {}

    /** 429 with {@code Retry-After} to the first request, then well. */
    record Busy(Duration retryAfter) implements Misbehaviour {}
}
