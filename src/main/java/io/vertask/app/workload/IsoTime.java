package io.vertask.app.workload;

import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The server's texts for times and intervals in the form of ISO 8601, where that has one and Postgres reads it back.
 * All others stay as they are: {@code infinity}, years before Christ or after 9999, other styles of intervals.
 */
final class IsoTime {
    private static final Pattern TIMESTAMP =
            Pattern.compile("([0-9]{4}-[0-9]{2}-[0-9]{2}) ([0-9]{2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]+)?)");
    private static final Pattern OFFSET = Pattern.compile("[+-][0-9]{2}(?::[0-9]{2}){0,2}");
    private static final Pattern INTERVAL = Pattern.compile("(?:([+-]?[0-9]+) years? ?)?(?:([+-]?[0-9]+) mons? ?)?"
            + "(?:([+-]?[0-9]+) days? ?)?(?:([+-]?)([0-9]+):([0-9]{2}):([0-9]{2}(?:\\.[0-9]+)?))?");
    private static final DateTimeFormatter WITH_OFFSET = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
            .appendOffset("+HH:mm:ss", "+00")
            .toFormatter();

    private IsoTime() {}

    static String timestamp(String text) {
        Matcher time = TIMESTAMP.matcher(text);
        return time.matches() ? time.group(1) + "T" + time.group(2) : text;
    }

    /** In UTC. */
    static String instant(String text) {
        Matcher time = TIMESTAMP.matcher(text);
        if (!time.lookingAt() || text.startsWith("0000")) {
            return text;
        }
        String offset = text.substring(time.end());
        if (!OFFSET.matcher(offset).matches()) {
            return text;
        }
        OffsetDateTime there = OffsetDateTime.parse(time.group(1) + "T" + time.group(2) + offset, WITH_OFFSET);
        String instant = DateTimeFormatter.ISO_INSTANT.format(there);
        // the first hours of year 1 and the last ones of 9999 can be outside in UTC
        return TIMESTAMP.matcher(instant.replace('T', ' ').replace("Z", "")).matches() && !instant.startsWith("0000")
                ? instant
                : text;
    }

    /** With a sign for each part: {@code P1Y2M-3DT4H5M6.789S}. */
    static String interval(String text) {
        Matcher parts = INTERVAL.matcher(text);
        if (text.isEmpty() || !parts.matches()) {
            return text;
        }
        StringBuilder date = new StringBuilder("P");
        part(date, "", parts.group(1), "Y");
        part(date, "", parts.group(2), "M");
        part(date, "", parts.group(3), "D");
        StringBuilder time = new StringBuilder("T");
        String sign = "-".equals(parts.group(4)) ? "-" : "";
        part(time, sign, parts.group(5), "H");
        part(time, sign, parts.group(6), "M");
        part(time, sign, parts.group(7), "S");
        if (time.length() > 1) {
            date.append(time);
        }
        return date.length() > 1 ? date.toString() : "PT0S";
    }

    private static void part(StringBuilder text, String sign, @Nullable String amount, String unit) {
        if (amount == null) {
            return;
        }
        String digits = amount.replaceFirst("^\\+", "").replaceFirst("^(-?)0+(?=[0-9])", "$1");
        if (!digits.equals("0")) {
            text.append(sign).append(digits).append(unit);
        }
    }
}
