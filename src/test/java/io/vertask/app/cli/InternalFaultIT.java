package io.vertask.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testing.Command;
import io.vertask.testing.Command.End;
import io.vertask.testing.RecordingHttpServer;
import io.vertask.testing.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What nobody foresaw ends with its own exit code and never with that of a good run or a failed item.
 *
 * <p>The fault: one class of the program comes from another class loader, and those that belong to it may not use it.
 */
@Tag("jdk")
class InternalFaultIT {
    private static final String REPORT = "this is a bug in Vertask, please report it:\njava.lang.IllegalAccessError: ";

    @TempDir
    private Path folder;

    private End run(String broken, String job, String... flags) throws IOException, InterruptedException {
        Path copy = folder.resolve("boot").resolve(broken + ".class");
        Files.createDirectories(copy.getParent());
        try (InputStream original = getClass().getClassLoader().getResourceAsStream(broken + ".class")) {
            Files.copy(Objects.requireNonNull(original, broken), copy);
        }
        Files.writeString(folder.resolve("job.yaml"), "job: fault\n" + job);
        return Command.run(
                folder,
                Map.of("VERTASK_JAVA_OPTS", "-Xbootclasspath/a:" + folder.resolve("boot")),
                Stream.concat(Stream.of("job.yaml"), Stream.of(flags)).toArray(String[]::new));
    }

    private List<String> ledger() throws IOException {
        try (Stream<Path> runs = Files.list(folder.resolve(".vertask"))) {
            return Files.readAllLines(runs.findFirst().orElseThrow().resolve("results.jsonl"));
        }
    }

    @Test
    void beforeTheRun() throws Exception {
        End end = run("io/vertask/app/cli/JobFile", "do: {sleep: 1ms}\n");
        assertThat(end.code()).isEqualTo(70);
        assertThat(end.out()).isEmpty();
        assertThat(end.err()).startsWith(REPORT);
    }

    @Test
    void inTheAttemptOfOneItemOfWhichTheOthersHearNothing() throws Exception {
        try (RecordingHttpServer server = RecordingHttpServer.start()) {
            server.on("/a", Reply.ok("1"));
            server.on("/b", Reply.status(503, ""));
            server.on("/c", Reply.ok("3"));
            End end = run(
                    "io/vertask/app/workload/http/RetryAfter",
                    "each: [a, b, c]\ndo: {get: \"" + server.url() + "/{item}\"}\n");
            assertThat(end.code()).isEqualTo(70);
            assertThat(end.lines()).hasSize(3).startsWith("1").endsWith("3");
            assertThat(end.lines().get(1)).startsWith("b: ERROR - unexpected: java.lang.IllegalAccessError");
            assertThat(end.err()).contains(REPORT).contains("ok 2   failed 1");
            assertThat(ledger()).hasSize(3);
        }
    }

    @Test
    void whereResultsAreRecordedEndsTheRunInsteadOfRunningOnUnrecorded() throws Exception {
        End end = run(
                "io/vertask/app/output/TableFormat$Line", "each: {range: 1..5000}\ndo: {sleep: 1ms}\n", "-o", "table");
        assertThat(end.code()).isEqualTo(70);
        assertThat(end.lines()).hasSizeLessThan(5_000);
        assertThat(end.err())
                .contains(REPORT)
                .containsPattern("results can't be written: .*\\. Stopped: .* not started\\.");
        assertThat(ledger())
                .as("it has begun, so it is what --resume continues")
                .isEmpty();
    }

    @Test
    void afterTheRun() throws Exception {
        End end = run("io/vertask/app/output/Summary", "each: [a, b]\ndo: {sleep: 1ms}\n");
        assertThat(end.code()).isEqualTo(70);
        assertThat(end.lines()).containsExactly("a", "b");
        assertThat(end.err()).contains("this is a bug in Vertask, please report it:\njava.lang.NoClassDefFoundError: ");
        assertThat(ledger()).hasSize(2);
    }
}
