package io.vertask.app.workload.http;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The three forms of a date that RFC 9110, 5.6.7, obliges a recipient to accept. */
final class HttpDate {
    /** The year of RFC 850 has two digits: at most 50 years ahead, else it is in the past. */
    private static final int AHEAD = 50;

    private HttpDate() {}

    /** The moment; empty when {@code text} has none of the forms. */
    static Optional<Instant> parse(String text, Clock clock) {
        int thisYear = LocalDateTime.now(clock).getYear();
        return forms(thisYear).stream()
                .flatMap(form -> parsed(text, form).stream())
                .findFirst();
    }

    private static Optional<Instant> parsed(String text, DateTimeFormatter form) {
        try {
            return Optional.of(LocalDateTime.parse(text, form).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException anotherForm) {
            return Optional.empty();
        }
    }

    private static List<DateTimeFormatter> forms(int thisYear) {
        return List.of(
                // some write the day with one digit
                pattern("EEE, d MMM uuuu HH:mm:ss 'GMT'"),
                new DateTimeFormatterBuilder()
                        .appendPattern("EEEE, dd-MMM-")
                        .appendValueReduced(ChronoField.YEAR, 2, 2, thisYear + AHEAD - 99)
                        .appendPattern(" HH:mm:ss 'GMT'")
                        .toFormatter(Locale.ENGLISH),
                // asctime pads the day with a blank
                pattern("EEE MMM ppd HH:mm:ss uuuu"));
    }

    private static DateTimeFormatter pattern(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
    }
}
