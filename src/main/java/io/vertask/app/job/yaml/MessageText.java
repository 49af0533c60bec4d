package io.vertask.app.job.yaml;

import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Formats values for messages: quoted, without control characters and passwords. */
public final class MessageText {

    private static final int LONGEST = 60;
    private static final List<String> SMALL = List.of(
            "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve");

    private static final Pattern LINE_END = Pattern.compile("\\s*\\R\\s*");

    private MessageText() {}

    /** The text in back ticks: cut when long, control characters and passwords inside URLs replaced. */
    public static String quote(String text) {
        String safe = visible(SecretText.withoutPasswords(text));
        int points = safe.codePointCount(0, safe.length());
        return "`" + (points <= LONGEST ? safe : safe.substring(0, safe.offsetByCodePoints(0, LONGEST)) + "…") + "`";
    }

    /** The text with every control character replaced, one for one. */
    public static String visible(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> out.appendCodePoint(isSafe(c) ? c : 0xFFFD));
        return out.toString();
    }

    /**
     * The text on one line, without characters that a terminal obeys: texts of items and of servers come into messages.
     *
     * <p>A line end with the blanks around it becomes one blank, any other such character U+FFFD.
     */
    public static String oneLine(String text) {
        return isPlain(text, false)
                ? text
                : lines(LINE_END.matcher(text.replace('\t', ' ')).replaceAll(" "));
    }

    /** The text without characters that a terminal obeys, except for its line ends and tabs. */
    public static String lines(String text) {
        if (isPlain(text, true)) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            out.append(isObeyed(text.charAt(i)) && !isLineEnd(text, i) ? '\uFFFD' : text.charAt(i));
        }
        return out.toString();
    }

    private static boolean isPlain(String text, boolean lines) {
        for (int i = 0; i < text.length(); i++) {
            if (isObeyed(text.charAt(i)) && !(lines && isLineEnd(text, i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether a line end or a tab is there; a carriage return alone would go back in the line. */
    private static boolean isLineEnd(String text, int at) {
        char c = text.charAt(at);
        return c == '\n' || c == '\t' || (c == '\r' && at + 1 < text.length() && text.charAt(at + 1) == '\n');
    }

    /** Whether a terminal does something at {@code c}: a control character, a line end, a change of direction. */
    private static boolean isObeyed(char c) {
        return Character.isISOControl(c)
                || c == 0x2028
                || c == 0x2029
                || c == 0x200E
                || c == 0x200F
                || (c >= 0x202A && c <= 0x202E)
                || (c >= 0x2066 && c <= 0x2069);
    }

    private static boolean isSafe(int c) {
        if (c == '\t') {
            return true;
        }
        int type = Character.getType(c);
        return type != Character.CONTROL
                && type != Character.FORMAT
                && type != Character.SURROGATE
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR;
    }

    public static @Nullable String didYouMean(@Nullable String word) {
        return word == null ? null : "did you mean `" + word + "`?";
    }

    public static String list(Collection<String> words) {
        return String.join(" ", words);
    }

    /** {@code ten tasks}, {@code 2 mistakes}: small numbers in letters. */
    public static String count(long n, String one, String many) {
        return (n >= 0 && n < SMALL.size() ? SMALL.get((int) n) : String.format("%,d", n)) + " "
                + (n == 1 ? one : many);
    }
}
