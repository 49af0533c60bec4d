package io.vertask.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testing.Command;
import io.vertask.testing.Command.End;
import io.vertask.testing.RecordingHttpServer;
import io.vertask.testing.Reply;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run over the lines of a file that is stopped in the middle, and gone on with. */
@Tag("jdk")
class StopIT {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int ALL = 40;
    private static final int ANSWERED = 10;
    private static final int AT_ONCE = 4;

    @TempDir
    private Path folder;

    private static List<String> items(int from, int to) {
        return IntStream.range(from, to).mapToObj(n -> "i" + n).toList();
    }

    private void job(RecordingHttpServer server) throws IOException {
        Files.write(folder.resolve("items.txt"), items(0, ALL));
        Files.writeString(folder.resolve("job.yaml"), """
            job: stop
            each: {file: items.txt}
            do: {get: "%s/{item}"}
            print: "{item}"
            limits: {concurrency: %d}
            """.formatted(server.url(), AT_ONCE));
    }

    private List<String> recordedKeys() throws IOException {
        try (Stream<Path> runs = Files.list(folder.resolve(".vertask"))) {
            List<Path> all = runs.toList();
            assertThat(all).hasSize(1);
            return Files.readAllLines(all.get(0).resolve("results.jsonl")).stream()
                    .map(line -> new JsonObject(line).getString("key"))
                    .toList();
        }
    }

    @ParameterizedTest
    @CsvSource({"INT, 130, Ctrl-C", "TERM, 143, SIGTERM", "HUP, 129, SIGHUP"})
    void whatIsInFlightMayEndNothingNewBeginsAndAResumeDoesTheRest(String signal, int code, String name)
            throws Exception {
        try (RecordingHttpServer server = RecordingHttpServer.start()) {
            job(server);
            CompletableFuture<Void> gate = new CompletableFuture<>();
            items(0, ANSWERED).forEach(item -> server.on("/" + item, Reply.ok("{}")));
            items(ANSWERED, ALL).forEach(item -> server.on("/" + item, new Reply.When(gate, Reply.ok("{}"))));
            int begun = ANSWERED + AT_ONCE;
            End stopped;
            try (Command command = Command.start(folder, Map.of(), "job.yaml")) {
                server.awaitRequests(begun, LONG);
                command.signal(signal);
                Command.await(
                        LONG, "it has heard", () -> command.said().contains("stopping: 4 in flight may finish within"));
                gate.complete(null);
                stopped = command.end();
            }
            assertThat(stopped.code()).as(stopped.err()).isEqualTo(code);
            assertThat(stopped.lines()).isEqualTo(items(0, begun));
            assertThat(stopped.err())
                    .contains("ok 14   failed 0   retried 0   cancelled 0   not started 26")
                    .contains("stopped by " + name + ": 14 done, 26 not started. Go on with --resume.");
            assertThat(recordedKeys()).isEqualTo(items(0, begun));

            End resumed = Command.run(folder, Map.of(), "job.yaml", "--resume");
            assertThat(resumed.code()).as(resumed.err()).isZero();
            assertThat(resumed.lines()).isEqualTo(items(begun, ALL));
            assertThat(server.requestLines()).hasSize(ALL).doesNotHaveDuplicates();
            assertThat(recordedKeys()).isEqualTo(items(0, ALL));
        }
    }

    @Test
    void aStopThatComesWhenAllIsInFlightSaysThatNothingIsLeft() throws Exception {
        try (RecordingHttpServer server = RecordingHttpServer.start()) {
            CompletableFuture<Void> gate = new CompletableFuture<>();
            server.on("/a", new Reply.When(gate, Reply.ok("{}")));
            Files.writeString(
                    folder.resolve("job.yaml"), "job: all\neach: [a]\ndo: {get: \"" + server.url() + "/{item}\"}\n");
            try (Command command = Command.start(folder, Map.of(), "job.yaml")) {
                server.awaitRequests(1, LONG);
                command.signal("TERM");
                Command.await(
                        LONG,
                        "it has heard",
                        () -> command.said()
                                .contains("stopping: 1 in flight may finish within 10s; then they are cancelled"));
                gate.complete(null);
                End end = command.end();
                assertThat(end.code()).as(end.err()).isEqualTo(143);
                assertThat(end.err())
                        .contains("stopped by SIGTERM: all 1 done, nothing is left")
                        .doesNotContain("--resume");
            }
        }
    }

    @Test
    void aHangUpThatIsIgnoredStaysIgnored() throws Exception {
        try (RecordingHttpServer server = RecordingHttpServer.start()) {
            CompletableFuture<Void> gate = new CompletableFuture<>();
            server.on("/a", new Reply.When(gate, Reply.ok("{}")));
            Files.writeString(
                    folder.resolve("job.yaml"), "job: nohup\neach: [a]\ndo: {get: \"" + server.url() + "/{item}\"}\n");
            try (Command command = Command.shell(
                    folder, Map.of(), "trap '' HUP; exec '" + Path.of("run.sh").toAbsolutePath() + "' job.yaml")) {
                server.awaitRequests(1, LONG);
                command.signal("HUP");
                gate.complete(null);
                End end = command.end();
                assertThat(end.code()).as(end.err()).isZero();
                assertThat(end.err()).doesNotContain("stop");
            }
        }
    }

    @Test
    @Tag("stress")
    void aReaderThatReadsOnlyAfterTheRunLosesNothing() throws Exception {
        Files.writeString(folder.resolve("job.yaml"), """
            job: read-late
            each: {range: 1..2000}
            do: {sleep: 1ms}
            print: "{item} %s"
            limits: {concurrency: 500}
            """.formatted("x".repeat(200)));
        // more than a pipe holds, read when the run is over
        String script = "mkfifo gate; vertask job.yaml --progress none 2>err.txt | (read go <gate; wc -l);"
                + " echo ${PIPESTATUS[0]}";
        try (Command command = Command.shell(folder, Map.of(), script)) {
            Path err = folder.resolve("err.txt");
            Command.await(
                    LONG,
                    "all are done",
                    () -> Files.exists(err) && Files.readString(err).contains("its results wait for their reader"));
            Files.writeString(folder.resolve("gate"), "go\n");
            assertThat(command.end().lines().stream().map(String::strip)).containsExactly("2000", "0");
        }
        assertThat(recordedKeys()).hasSize(2_000);
    }
}
