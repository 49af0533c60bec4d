package io.vertask.app.output;

import java.util.regex.Pattern;

/** Colour, or none of it. */
public record Paint(boolean on) {
    private static final String RED = "\u001b[31m";
    private static final String DIM = "\u001b[2m";
    private static final String PLAIN = "\u001b[0m";
    private static final Pattern FAILED = Pattern.compile("\\bfailed [1-9][0-9,]*");

    /** No colour. */
    public static final Paint NONE = new Paint(false);

    /** A text that says that something failed. */
    public String failure(String text) {
        return in(RED, text);
    }

    /** A text that only helps. */
    public String aside(String text) {
        return in(DIM, text);
    }

    /** A line of the summary, its failures marked. */
    public String summary(String line) {
        return on ? FAILED.matcher(line).replaceAll(found -> failure(found.group())) : line;
    }

    private String in(String colour, String text) {
        return on ? colour + text + PLAIN : text;
    }
}
