package io.vertask.app.job;

import io.vertask.app.job.yaml.Fields;
import io.vertask.app.job.yaml.MessageText;
import io.vertask.app.job.yaml.YamlNode.Scalar;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The highest rate of attempts: {@code calls} in any stretch of {@code period}.
 *
 * @param period a second, a minute or an hour
 */
public record Rate(int calls, Duration period) {

    private static final Pattern TEXT = Pattern.compile("([1-9][0-9]{0,6})/([smh])");

    /** Parses it. <b>Failure.</b> {@link IllegalArgumentException} when the text is not like {@code 10/s}. */
    public static Rate parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("a rate like 10/s, 600/m or 5000/h");
        }
        Duration period = switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(1);
            case "m" -> Duration.ofMinutes(1);
            default -> Duration.ofHours(1);
        };
        return new Rate(Integer.parseInt(matcher.group(1)), period);
    }

    static Optional<Rate> read(Fields limits) {
        Scalar scalar = limits.filled("rate");
        if (scalar == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse(scalar.text()));
        } catch (IllegalArgumentException e) {
            limits.wrong("rate", scalar, e.getMessage() + ", not " + MessageText.quote(scalar.written()));
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return calls + "/"
                + switch ((int) period.toSeconds()) {
                    case 1 -> "s";
                    case 60 -> "m";
                    default -> "h";
                };
    }
}
