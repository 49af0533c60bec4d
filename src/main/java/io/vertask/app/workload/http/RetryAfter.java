package io.vertask.app.workload.http;

import io.vertx.ext.web.client.HttpResponse;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** {@code Retry-After} of a 429 or 503, in seconds or as a date (RFC 9110, 10.2.3). */
final class RetryAfter {
    /** A server that asks for more than this is not obeyed blindly; the item's own retries still wait this long. */
    static final Duration MOST = Duration.ofHours(1);

    private RetryAfter() {}

    static Optional<Duration> of(HttpResponse<?> response, Clock clock) {
        if (response.statusCode() != 429 && response.statusCode() != 503) {
            return Optional.empty();
        }
        String text = response.getHeader("Retry-After");
        return text == null ? Optional.empty() : parse(text.strip(), clock);
    }

    /** What {@code text} asks for, within bounds; empty when it is neither form. */
    static Optional<Duration> parse(String text, Clock clock) {
        if (text.matches("[0-9]{1,9}")) {
            return Optional.of(bounded(Duration.ofSeconds(Long.parseLong(text))));
        }
        try {
            ZonedDateTime at = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
            return Optional.of(bounded(Duration.between(clock.instant(), at.toInstant())));
        } catch (DateTimeException notADate) {
            return Optional.empty();
        }
    }

    private static Duration bounded(Duration asked) {
        return asked.isNegative() ? Duration.ZERO : asked.compareTo(MOST) > 0 ? MOST : asked;
    }
}
