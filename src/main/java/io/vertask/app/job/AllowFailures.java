package io.vertask.app.job;

import io.vertask.app.job.yaml.Fields;
import io.vertask.app.job.yaml.MessageText;
import io.vertask.app.job.yaml.YamlNode.Scalar;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The number of items that may fail, or their share of all items.
 *
 * @param percent whether {@code amount} is a percentage
 */
public record AllowFailures(int amount, boolean percent) {

    public static final AllowFailures NONE = new AllowFailures(0, false);

    private static final Pattern TEXT = Pattern.compile("([0-9]{1,9})(%?)");

    /** The number of failures that is allowed among {@code items}, rounded down. */
    public long of(long items) {
        return percent ? (long) Math.floor(items / 100.0 * amount) : amount;
    }

    /**
     * Parses it. <b>Failure.</b> {@link IllegalArgumentException} when the text is neither like {@code 3} nor like
     * {@code 5%}.
     */
    public static AllowFailures parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (matcher.matches()) {
            int amount = Integer.parseInt(matcher.group(1));
            boolean percent = !matcher.group(2).isEmpty();
            if (!percent || amount <= 100) {
                return new AllowFailures(amount, percent);
            }
        }
        throw new IllegalArgumentException("a number of items like 3, or a share like 5%");
    }

    static AllowFailures read(Fields limits) {
        Scalar scalar = limits.filled("allow_failures");
        if (scalar == null) {
            return NONE;
        }
        try {
            return parse(scalar.text());
        } catch (IllegalArgumentException e) {
            String shown = MessageText.quote(scalar.written());
            limits.wrong("allow_failures", scalar, e.getMessage() + ", not " + shown);
            return NONE;
        }
    }

    @Override
    public String toString() {
        return amount + (percent ? "%" : "");
    }
}
