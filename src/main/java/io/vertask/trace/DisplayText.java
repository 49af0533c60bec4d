package io.vertask.trace;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;

/** Formats durations and names for one line of text. */
final class DisplayText {
    private DisplayText() {}

    /** A duration, such as {@code 412ms}, {@code 2.3s} or {@code 75m 3s}. */
    static String of(Duration duration) {
        long ms = duration.toMillis();
        if (ms < 1000) {
            return ms + "ms";
        }
        return ms < 600_000
                ? BigDecimal.valueOf(ms, 3)
                                .setScale(1, RoundingMode.DOWN)
                                .stripTrailingZeros()
                                .toPlainString() + "s"
                : duration.toMinutes() + "m " + duration.toSecondsPart() + "s";
    }

    /** {@code text} with control characters, which could break a line or colour a terminal, replaced. */
    static String line(String text) {
        return text.chars().noneMatch(Character::isISOControl) ? text : text.replaceAll("\\p{Cntrl}", "?");
    }
}
