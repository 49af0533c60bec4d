package io.vertask.app.workload.http;

import io.vertx.ext.web.client.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The header {@code Retry-After}, in seconds or as a date (RFC 9110, 10.2.3). */
final class RetryAfter {
    /** The longest wait: a server that asks for more is asked again after this long. */
    static final Duration MOST = Duration.ofHours(1);

    private RetryAfter() {}

    /** The wait that the response asks for; a date is compared with the server's own clock, if it sends one. */
    static Optional<Duration> of(HttpResponse<?> response) {
        String text = response.getHeader("Retry-After");
        return text == null ? Optional.empty() : parse(text.strip(), serverTime(response));
    }

    static Instant serverTime(HttpResponse<?> response) {
        String date = response.getHeader("Date");
        return Optional.ofNullable(date)
                .flatMap(text -> HttpDate.parse(text.strip(), Clock.systemUTC()))
                .orElseGet(Instant::now);
    }

    /** The wait that {@code text} asks for, within bounds; empty when it has neither form. */
    static Optional<Duration> parse(String text, Instant now) {
        if (text.matches("[0-9]{1,9}")) {
            return Optional.of(bounded(Duration.ofSeconds(Long.parseLong(text))));
        }
        return HttpDate.parse(text, Clock.fixed(now, java.time.ZoneOffset.UTC))
                .map(at -> bounded(Duration.between(now, at)));
    }

    private static Duration bounded(Duration asked) {
        return asked.isNegative() ? Duration.ZERO : asked.compareTo(MOST) > 0 ? MOST : asked;
    }
}
