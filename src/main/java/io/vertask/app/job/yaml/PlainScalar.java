package io.vertask.app.job.yaml;

import java.math.BigDecimal;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The value of an unquoted word: null, true, false, a decimal number, or the text itself.
 *
 * <p>Numbers are JSON's, so {@code no}, {@code 007}, {@code 0o17}, {@code 0x1F} and {@code 1_000} stay text, and no
 * item loses its zeros. {@code 1.10} keeps its last zero.
 */
public final class PlainScalar {

    private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9][0-9]{0,18})");
    private static final Pattern FRACTION = Pattern.compile("-?(0|[1-9][0-9]{0,29})\\.[0-9]{1,30}");
    private static final Pattern EXPONENT =
            Pattern.compile("-?(0|[1-9][0-9]{0,29})(\\.[0-9]{1,30})?[eE][-+]?[0-9]{1,3}");

    private PlainScalar() {}

    static boolean isNull(String text) {
        return switch (text) {
            case "", "~", "null", "Null", "NULL" -> true;
            default -> false;
        };
    }

    public static @Nullable Object value(String text) {
        if (isNull(text)) {
            return null;
        }
        return switch (text) {
            case "true", "True", "TRUE" -> true;
            case "false", "False", "FALSE" -> false;
            default -> number(text);
        };
    }

    private static Object number(String text) {
        if (WHOLE.matcher(text).matches()) {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException tooBig) {
                return text;
            }
        }
        boolean isNumber =
                FRACTION.matcher(text).matches() || EXPONENT.matcher(text).matches();
        return isNumber ? new BigDecimal(text) : text;
    }
}
