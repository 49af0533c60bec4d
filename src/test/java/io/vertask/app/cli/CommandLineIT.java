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
}
