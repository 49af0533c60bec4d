package io.vertask.app.feed;

import io.vertask.app.job.Items.Format;
import io.vertask.app.job.template.JsonText;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import java.math.BigDecimal;
import java.util.regex.Pattern;

/** Turns one line into the value of an item. Blanks at the end of a text, which nobody sees, are dropped. */
final class LineValue {
    private static final int WHY = 120;
    private static final Pattern WHOLE = Pattern.compile("0|-?[1-9][0-9]{0,17}");
    private static final Pattern FRACTION = Pattern.compile("-?(0|[1-9][0-9]{0,29})\\.[0-9]{1,30}");

    private LineValue() {}

    static Raw of(Format format, long number, String text) {
        return format == Format.JSONL ? json(number, text) : Raw.of(value(text.stripTrailing()));
    }

    /** A number when it is written as JSON writes it, so that no digit is lost; otherwise the text. */
    private static Object value(String text) {
        char first = text.charAt(0);
        if (first != '-' && (first < '0' || first > '9')) {
            return text;
        }
        if (WHOLE.matcher(text).matches()) {
            return Long.parseLong(text);
        }
        return FRACTION.matcher(text).matches() ? new BigDecimal(text) : text;
    }

    private static Raw json(long number, String text) {
        try {
            Object value = JsonText.value(text);
            return value instanceof JsonArray
                    ? Raw.flawed(text, "line " + number + " is a list; an item is one value or an object")
                    : Raw.of(value);
        } catch (DecodeException e) {
            String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            return Raw.flawed(
                    text,
                    "line " + number + " is not JSON: " + (why.length() > WHY ? why.substring(0, WHY) + "…" : why));
        }
    }
}
