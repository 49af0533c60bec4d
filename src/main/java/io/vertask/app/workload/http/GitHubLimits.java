package io.vertask.app.workload.http;

import io.vertask.task.Tasks;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * GitHub's two rate limits, by its page «Rate limits for the REST API».
 *
 * <p>The primary one: {@code x-ratelimit-remaining: 0} on a 403, a 429 or a good answer; everyone waits until
 * {@code x-ratelimit-reset}. The secondary one: a 403 or 429 with {@code Retry-After}, or else a minute, and twice as
 * long each time it comes again. A 403 that is neither means that something is forbidden.
 */
final class GitHubLimits implements RateLimits {
    private static final Duration FIRST = Duration.ofMinutes(1);

    /** The limit is an hour's; clocks differ a little. */
    private static final Duration MOST = Duration.ofMinutes(61);

    /** A point in time with more digits is after the longest wait. */
    private static final int DIGITS = 12;

    private Duration next = FIRST;
    private long pausedUntil = Long.MIN_VALUE;

    @Override
    public Optional<Duration> afterRefusal(HttpResponse<Buffer> response) {
        int status = response.statusCode();
        if (status != 403 && status != 429) {
            return PLAIN.afterRefusal(response);
        }
        Optional<Duration> said = RetryAfter.of(response);
        if (said.isPresent()) {
            return said;
        }
        Optional<Duration> untilReset = untilReset(response);
        if (untilReset.isPresent()) {
            return untilReset;
        }
        return status == 429 || isSecondary(response) ? Optional.of(secondary()) : Optional.empty();
    }

    @Override
    public Optional<Duration> afterSuccess(HttpResponse<Buffer> response) {
        next = FIRST;
        return untilReset(response);
    }

    private static Optional<Duration> untilReset(HttpResponse<Buffer> response) {
        String reset = response.getHeader("x-ratelimit-reset");
        if (!"0".equals(response.getHeader("x-ratelimit-remaining")) || reset == null || !reset.matches("[0-9]++")) {
            return Optional.empty();
        }
        if (reset.length() > DIGITS) {
            return Optional.of(MOST);
        }
        // by the server's own clock, where it shows it; its seconds are whole ones
        Instant now = RetryAfter.serverTime(response);
        Duration length = Duration.between(now, Instant.ofEpochSecond(Long.parseLong(reset)))
                .plusSeconds(1);
        return length.isNegative() ? Optional.empty() : Optional.of(length.compareTo(MOST) > 0 ? MOST : length);
    }

    private static boolean isSecondary(HttpResponse<Buffer> response) {
        String body = response.bodyAsString();
        return body != null && body.toLowerCase(Locale.ROOT).contains("rate limit");
    }

    /** Those who were refused together count as one. */
    private Duration secondary() {
        long now = Tasks.nanoTime();
        if (pausedUntil != Long.MIN_VALUE && now - pausedUntil < 0) {
            return Duration.ofNanos(pausedUntil - now);
        }
        Duration length = next;
        next = length.multipliedBy(2).compareTo(MOST) > 0 ? MOST : length.multipliedBy(2);
        pausedUntil = now + length.toNanos();
        return length;
    }
}
