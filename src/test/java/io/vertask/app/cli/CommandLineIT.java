package io.vertask.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testing.Command;
import io.vertask.testing.Command.End;
import io.vertask.testing.NoVertx;
import io.vertx.core.spi.VertxServiceProvider;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command as a whole: help, wrong usage, stdin, the demo. */
@Tag("jdk")
class CommandLineIT {
    @ParameterizedTest
    @ValueSource(strings = {"run", "demo", "tour", "check"})
    void theHelpOfEachVerbBeginsWithTwoExamples(String verb) throws IOException, InterruptedException {
        End end = Command.run(Map.of(), verb, "-h");
        assertThat(end.code()).isZero();
        assertThat(end.lines().get(0)).isEqualTo("Examples:");
        assertThat(end.lines().get(1)).startsWith("  ./run.sh");
        assertThat(end.lines().get(2)).startsWith("  ./run.sh");
    }

    @Test
    void anUnknownOptionIsOneMessageAndExit2() throws IOException, InterruptedException {
        End end = Command.run(Map.of(), "conf/url_status.yaml", "--concurency", "4");
        assertThat(end.code()).isEqualTo(2);
        assertThat(end.err()).contains("--concurency").doesNotContain("\tat ");
    }

    @Test
    void aMissingFileIsOneMessageAndExit2() throws IOException, InterruptedException {
        End end = Command.run(Map.of(), "conf/nothing.yaml");
        assertThat(end.code()).isEqualTo(2);
        assertThat(end.err().strip())
                .isEqualTo("there is no file conf/nothing.yaml; `./run.sh --help` lists the verbs");
    }

    @Test
    void aVertxThatDoesNotStartIsOneMessageAndExit11(@TempDir Path folder) throws Exception {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve(VertxServiceProvider.class.getName()), NoVertx.class.getName());
        Path classes = Path.of(NoVertx.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        End end = Command.run(
                Map.of("VERTASK_CLASSPATH", folder + File.pathSeparator + classes),
                "conf/url_status.yaml",
                "http://127.0.0.1:1/");
        assertThat(end.err().strip())
                .isEqualTo("Vert.x did not start: java.lang.IllegalStateException: the cluster is full");
        assertThat(end.code()).isEqualTo(11);
    }

    @Test
    void aJobCanComeFromStdin() throws IOException, InterruptedException {
        try (Command command = Command.start(Map.of(), "-")) {
            command.stdin().write("job: x\ndo: {gett: /}\n".getBytes(StandardCharsets.UTF_8));
            command.stdin().close();
            End end = command.end();
            assertThat(end.code()).isEqualTo(2);
            assertThat(end.err()).contains("stdin:2:").contains("did you mean `get`?");
        }
    }

    @Test
    void theDemoRunsItsThreeJobsOffline() throws IOException, InterruptedException {
        End end = Command.run(Map.of());
        assertThat(end.code()).as(end.err()).isZero();
        assertThat(end.lines())
                .startsWith("python/cpython: 66214 stars, 9120 open issues")
                .contains("acme/gone: ERROR - 404 Not Found (GET /repos/acme/gone)")
                .anyMatch(line -> line.startsWith("acme/slow: ERROR - timed out after 2s waiting for the response"))
                .anyMatch(line -> line.startsWith("acme/flaky: "))
                .anyMatch(line -> line.startsWith("acme/busy: "))
                .hasSize(8 + 20 + 18);
        assertThat(end.err())
                .contains("ok 6   failed 2 (allowed 2)")
                .contains("in flight: peak 4 of 4")
                .contains("paused once: acme/busy said Retry-After 1s, honoured for all of `github`")
                .contains("in flight: peak 5 of 5")
                .doesNotContain("\tat ");
    }

    @Test
    void aRunAfterABlankIsNoItem(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("job.yaml"), "job: x\neach: [a]\ndo: {sleep: 1ms}\n");
        Files.createDirectories(folder.resolve(".vertask/7f3a"));
        End end = Command.run(folder, Map.of(), "job.yaml", "--resume", "7f3a");
        assertThat(end.code()).isEqualTo(2);
        assertThat(end.err())
                .isEqualTo("--resume takes no run after a space: to go on with run 7f3a write --resume=7f3a; "
                        + "to run 7f3a as an item write -- 7f3a\n");
        assertThat(Command.run(folder, Map.of(), "--retry-failed", "7f3a", "job.yaml")
                        .err())
                .contains("write --resume=7f3a --retry-failed;");
        End item = Command.run(folder, Map.of(), "job.yaml", "-q", "--resume", "--", "7f3a", "--resume");
        assertThat(item.lines()).containsExactly("7f3a", "--resume");
    }

    @Test
    void whatAFlagTakesIsWrittenAsItIsTyped() throws Exception {
        End end = Command.run(Map.of(), "conf/url_status.yaml", "-o", "xml");
        assertThat(end.code()).isEqualTo(2);
        assertThat(end.err()).startsWith("Invalid value for option '-o': it takes lines, table, jsonl, csv, not `xml`");
        assertThat(Command.run(Map.of(), "conf/url_status.yaml", "--progress", "plane")
                        .err())
                .contains("did you mean `plain`?");
        assertThat(Command.run(Map.of(), "run", "-h").out()).contains("Usage: ./run.sh run ");
        assertThat(Command.run(Map.of(), "chek", "conf/url_status.yaml").err()).contains("did you mean `check`?");
    }

    @Test
    void textsOfItemsAndServersDoNothingToTheTerminal(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("job.yaml"), """
            job: x
            each: {stdin: jsonl}
            do: {get: "http://127.0.0.1:1/{item}"}
            """);
        End end = Command.bash(
                folder,
                Map.of(),
                "printf '%s\\n' '\"two\\nlines\"' '\"\\u001b[2Jred\\u009b\"' | vertask job.yaml -v --progress plain");
        assertThat(end.lines())
                .hasSize(2)
                .anyMatch(line -> line.startsWith("two lines: ERROR - "))
                .anyMatch(line -> line.startsWith("\uFFFD[2Jred\uFFFD: ERROR - "));
        assertThat(end.err()).contains("two lines: attempt 1 failed").doesNotContain("\u001b", "\u009b", "two\n");
    }

    @Test
    void dataInAPipeIsNotChanged(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("job.yaml"), "job: x\neach: [\"\\e[31mred\\x07\"]\ndo: {sleep: 1ms}\n");
        assertThat(Command.run(folder, Map.of(), "job.yaml", "-q").out()).isEqualTo("\u001b[31mred\u0007\n");
    }
}
