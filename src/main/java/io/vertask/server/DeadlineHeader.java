package io.vertask.server;

import io.vertask.task.Coroutine;
import io.vertask.task.Tasks;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The header that says how many milliseconds the asker gives the work. */
final class DeadlineHeader {
    /** That of {@code HttpCalls}, and of Envoy. */
    static final String HEADER = "x-envoy-expected-rq-timeout-ms";

    /** A hundred years and more: as good as no limit, and no overflow. */
    private static final int MOST_DIGITS = 12;

    private DeadlineHeader() {}

    /**
     * What {@code value} says; null when it is absent.
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

    /** {@code body} with what {@code value} says as its limit. */
    static <T> Coroutine<T> limited(String header, @Nullable String value, Coroutine<T> body) {
        return () -> {
            Duration left = parse(header, value);
            return left == null ? body.call() : Tasks.waitFor(body, left);
        };
    }

    /** As it is sent: never 0, which some take for «without limit». */
    static long millis(Duration left) {
        return Math.max(1, left.toMillis());
    }
}
