package io.vertask.app.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.vertask.app.job.yaml.JobErrors;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files made to keep the reader busy. A search that is quadratic would take minutes or hours here; half a minute is
 * ample.
 */
class HostileFilesTest {

    private static final String HEAD = "job: j\ndo: {get: \"https://h\"}\n";

    static Stream<Arguments> files() {
        return Stream.of(
                file("letters, then no YAML", "@" + "a".repeat(500_000)),
                file("dashes, then no YAML", "-".repeat(500_000) + "\n@"),
                file("unclosed variables", HEAD + "print: " + "${A:-".repeat(120_000)),
                file("unset variables on one line", HEAD + "each: [" + "\"${A}\",".repeat(75_000) + "]"),
                file("secrets on one line", HEAD + "clients: {g: {token: [" + "abcdefg,".repeat(75_000) + "]}}"),
                file("unknown keys on one line", HEAD + "limits: {" + many("k", ": 1,") + "}"),
                file("duplicate keys", HEAD + "k: 1\n".repeat(100_000)),
                file("URLs with passwords", HEAD + "x: " + "://a:b".repeat(100_000)),
                file("braces", HEAD + "print: \"" + "{".repeat(500_001) + "\""),
                file("a long path", HEAD + "print: \"{a" + ".b".repeat(250_000) + "..}\""),
                file("quotes, then no YAML", "token: \"" + "\\\"\n".repeat(200_000)));
    }

    private static Arguments file(String what, String text) {
        return Arguments.of(what, text);
    }

    private static String many(String before, String after) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 50_000; i++) {
            text.append(before).append(i).append(after);
        }
        return text.toString();
    }

    @DisplayName("a hostile file is refused soon")
    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void aHostileFileIsRefusedSoon(String what, String text) {
        assertThat(what).isNotEmpty();
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            JobErrors errors = Conf.errors(text, Map.of());
            assertThat(errors.text().length()).isBetween(1, 100_000);
        });
    }
}
