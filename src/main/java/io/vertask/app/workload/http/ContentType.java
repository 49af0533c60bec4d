package io.vertask.app.workload.http;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The header {@code Content-Type} (RFC 9110, 8.3). */
final class ContentType {
    /** A parameter: its name, and its value as a quoted string or as a token; some write single quotes. */
    private static final Pattern PARAMETER = Pattern.compile(
            ";\\s*([^=;\\s\"]*)\\s*(?:=\\s*(?:\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"|'([^';]*)'|([^;\"]*)))?");

    private ContentType() {}

    /** The parameter {@code charset}; empty when there is none. */
    static Optional<String> charset(@Nullable String header) {
        if (header == null) {
            return Optional.empty();
        }
        Matcher parameter = PARAMETER.matcher(header);
        while (parameter.find()) {
            if (parameter.group(1).equalsIgnoreCase("charset")) {
                String quoted = parameter.group(2);
                String value = quoted != null
                        ? quoted.replaceAll("\\\\(.)", "$1")
                        : parameter.group(3) != null ? parameter.group(3) : parameter.group(4);
                if (value != null && !value.isBlank()) {
                    return Optional.of(value.strip());
                }
            }
        }
        return Optional.empty();
    }
}
