package io.vertask.server;

import io.vertask.task.Coroutine;
import io.vertask.task.Tasks;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The header with the number of milliseconds that a requester gives the work. */
final class DeadlineHeader {
    /** The header of Envoy, which {@code HttpCalls} sends too. */
    static final String HEADER = "x-envoy-expected-rq-timeout-ms";

    /** More digits mean decades: they count as no limit, so nothing overflows. */
    private static final int MOST_DIGITS = 12;

    private DeadlineHeader() {}

    /**
     * The duration in {@code value}; null when it is absent.
     *
     * <p><b>Failure.</b> {@link MalformedDeadlineException}.
     */
    static @Nullable Duration parse(String header, @Nullable String value) {
        if (value == null) {
            return null;
        }
        String digits = value.strip();
        if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new MalformedDeadlineException(header, value);
        }
        return digits.length() > MOST_DIGITS ? null : Duration.ofMillis(Long.parseLong(digits));
    }

    /** {@code body} with the limit in {@code value}. */
    static <T> Coroutine<T> limited(String header, @Nullable String value, Coroutine<T> body) {
        return () -> {
            Duration left = parse(header, value);
            return left == null ? body.call() : Tasks.waitFor(body, left);
        };
    }

    /** The number to send: never 0, which some servers take for no limit. */
    static long millis(Duration left) {
        return Math.max(1, left.toMillis());
    }
}
