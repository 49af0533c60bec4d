package io.vertask.app.job.yaml;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Formats values for messages: quoted, without control characters and passwords. */
public final class MessageText {

    private static final int LONGEST = 60;
    private static final List<String> SMALL = List.of(
            "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve");

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
