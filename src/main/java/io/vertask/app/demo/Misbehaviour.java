package io.vertask.app.demo;

import java.time.Duration;

/** The way in which a repository of the demo misbehaves. */
sealed interface Misbehaviour {
    /** Always a 404. */
    record Gone() implements Misbehaviour {}

    /** Accepts the request and is silent for {@code silence}, longer than any sensible timeout. */
    record Slow(Duration silence) implements Misbehaviour {}

    /** 503 to the first request, then a good answer. */
    record Flaky() implements Misbehaviour {}

    /** 429 with {@code Retry-After} to the first request, then a good answer. */
    record Busy(Duration retryAfter) implements Misbehaviour {}
}
