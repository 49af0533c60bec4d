package io.vertask.app.workload.http;

import io.vertask.app.workload.CallFailure;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The header {@code Retry-After}, in seconds or as a date (RFC 9110, 10.2.3). */
final class RetryAfter {
    static final Duration MOST = CallFailure.LONGEST_PAUSE;

    /** Any number of seconds with more digits is longer than the longest wait. */
    private static final int DIGITS = 9;

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
        if (text.matches("[0-9]++")) {
            String number = text.replaceFirst("^0++(?=.)", "");
            return Optional.of(number.length() > DIGITS ? MOST : bounded(Duration.ofSeconds(Long.parseLong(number))));
        }
        return HttpDate.parse(text, Clock.fixed(now, java.time.ZoneOffset.UTC))
                .map(at -> bounded(Duration.between(now, at)));
    }

    private static Duration bounded(Duration asked) {
        return asked.isNegative() ? Duration.ZERO : asked.compareTo(MOST) > 0 ? MOST : asked;
    }
}
