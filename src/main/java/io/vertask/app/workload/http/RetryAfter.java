package io.vertask.app.workload.http;

import io.vertx.ext.web.client.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** {@code Retry-After}, in seconds or as a date (RFC 9110, 10.2.3). */
final class RetryAfter {
    /** A server that asks for more than this is not obeyed blindly: it is asked again after that long. */
    static final Duration MOST = Duration.ofHours(1);

    private RetryAfter() {}

    /** What the response asks for; a date is compared with the server's own clock, where it shows it. */
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

    /** What {@code text} asks for, within bounds; empty when it is neither form. */
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
