package io.vertask.app.job;

import io.vertask.app.job.yaml.Fields;
import io.vertask.app.job.yaml.MessageText;
import io.vertask.app.job.yaml.YamlNode.Scalar;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The number of failed items that ends a job early, or their share of the finished items.
 *
 * <p>A share is compared from {@link #ENOUGH} finished items on, since one of the first few items is a large share.
 *
 * @param percent whether {@code amount} is a percentage
 */
public record StopAfter(int amount, boolean percent) {

    /** The number of finished items from which on a share is compared. */
    public static final int ENOUGH = 100;

    private static final Pattern TEXT = Pattern.compile("([1-9][0-9]{0,8})(%?)");

    /** Whether the job stops. */
    public boolean reached(long failed, long finished) {
        return percent ? finished >= ENOUGH && failed * 100.0 >= (double) amount * finished : failed >= amount;
    }

    /**
     * Parses it. <b>Failure.</b> {@link IllegalArgumentException} when the text is neither like {@code 3} nor like
     * {@code 5%}.
     */
    public static StopAfter parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (matcher.matches()) {
            int amount = Integer.parseInt(matcher.group(1));
            boolean percent = !matcher.group(2).isEmpty();
            if (!percent || amount <= 100) {
                return new StopAfter(amount, percent);
            }
        }
        throw new IllegalArgumentException("a number of failed items from 1 on, or a share like 5%");
    }

    static Optional<StopAfter> read(Fields limits) {
        Scalar scalar = limits.filled("stop_after");
        if (scalar == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse(scalar.text()));
        } catch (IllegalArgumentException e) {
            limits.wrong("stop_after", scalar, e.getMessage() + ", not " + MessageText.quote(scalar.written()));
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return amount + (percent ? "%" : "");
    }
}
