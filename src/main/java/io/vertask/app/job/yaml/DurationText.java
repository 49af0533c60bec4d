package io.vertask.app.job.yaml;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as job files and flags write them: {@code 500ms}, {@code 10s}, {@code 1m30s}, {@code 2h}, {@code 1d}. */
public final class DurationText {

    private static final Pattern PART = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
    private static final List<String> UNITS = List.of("d", "h", "m", "s", "ms");

    private DurationText() {}

    /**
     * The duration written in {@code text}: whole numbers with a unit, the larger unit first.
     *
     * <p><b>Failure.</b> {@link IllegalArgumentException} with the fix as its message.
     */
    public static Duration parse(String text) {
        Matcher part = PART.matcher(text);
        Duration sum = Duration.ZERO;
        int end = 0;
        int unit = -1;
        while (part.region(end, text.length()).lookingAt()) {
            int next = UNITS.indexOf(part.group(2));
            if (next <= unit) {
                break;
            }
            sum = sum.plus(length(Long.parseLong(part.group(1)), next));
            unit = next;
            end = part.end();
        }
        if (text.isEmpty() || end < text.length()) {
            throw new IllegalArgumentException(fix(text));
        }
        return sum;
    }

    private static Duration length(long n, int unit) {
        return switch (unit) {
            case 0 -> Duration.ofDays(n);
            case 1 -> Duration.ofHours(n);
            case 2 -> Duration.ofMinutes(n);
            case 3 -> Duration.ofSeconds(n);
            default -> Duration.ofMillis(n);
        };
    }

    private static String fix(String text) {
        if (text.matches("[0-9]{1,9}")) {
            return "a duration needs a unit: " + text + "s or " + text + "ms";
        }
        return "a duration is whole numbers with ms, s, m, h or d, like 500ms, 10s, 1m30s";
    }

    /** The text that {@link #parse} reads back; what is below a millisecond is dropped. */
    public static String format(Duration duration) {
        StringBuilder text = new StringBuilder();
        append(text, duration.toDaysPart(), "d");
        append(text, duration.toHoursPart(), "h");
        append(text, duration.toMinutesPart(), "m");
        append(text, duration.toSecondsPart(), "s");
        append(text, duration.toMillisPart(), "ms");
        return text.isEmpty() ? "0s" : text.toString();
    }

    private static void append(StringBuilder text, long n, String unit) {
        if (n != 0) {
            text.append(n).append(unit);
        }
    }
}
