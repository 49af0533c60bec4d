package io.vertask.app.output;

import java.util.regex.Pattern;

/** The colours of text on a terminal, or none. */
public record Paint(boolean on) {
    private static final String RED = "\u001b[31m";
    private static final String DIM = "\u001b[2m";
    private static final String PLAIN = "\u001b[0m";
    private static final Pattern FAILED = Pattern.compile("\\bfailed [1-9][0-9,]*");

    /** A paint without colours. */
    public static final Paint NONE = new Paint(false);

    /** Paints the text of a failure. */
    public String failure(String text) {
        return in(RED, text);
    }

    /** Paints secondary text. */
    public String aside(String text) {
        return in(DIM, text);
    }

    /** Paints the failures in a line of the summary. */
    public String summary(String line) {
        return on ? FAILED.matcher(line).replaceAll(found -> failure(found.group())) : line;
    }

    private String in(String colour, String text) {
        return on ? colour + text + PLAIN : text;
    }
}
