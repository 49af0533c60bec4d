package io.vertask.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.app.cli.steps.Endless;
import io.vertask.testing.Command;
import io.vertask.testing.Command.End;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that can't be stopped in order: a step that never gives the event loop back, and memory that is full. */
class WatchdogIT {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private void job(String step, String more) throws IOException {
        Files.writeString(folder.resolve("job.yaml"), "job: it\ndo: {call: io.vertask.app.cli.steps." + step + more);
    }

    private static Map<String, String> env(String options) throws Exception {
        Path classes = Path.of(Endless.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        return Map.of("VERTASK_CLASSPATH", classes.toString(), "VERTASK_JAVA_OPTS", options);
    }

    private List<String> recordedKeys() throws IOException {
        try (Stream<Path> runs = Files.list(folder.resolve(".vertask"))) {
            return Files.readAllLines(runs.findFirst().orElseThrow().resolve("results.jsonl")).stream()
                    .map(line -> new JsonObject(line).getString("key"))
                    .toList();
        }
    }

    @Test
    void aBlockedLoopIsEndedAfterTheDeadlineAndWhatWasDoneIsRecorded() throws Exception {
        job("Endless}\neach: [first, later, third, endless, last]\n", "limits: {deadline: 1s}\n");
        End end = Command.run(folder, env("-Dx=y"), "job.yaml");
        assertThat(end.code()).as(end.err()).isEqualTo(4);
        assertThat(end.lines()).containsExactly("first", "third");
        assertThat(end.err())
                .containsPattern("loop-0 has been blocked for [23]s by step `Endless`, item endless "
                        + "\\(Endless.java:\\d+\\), and nothing else can run\\. Add `offload: io`\\.")
                .containsPattern("loop-0 has been blocked for \\d+s by step `Endless`, item endless "
                        + "\\(Endless.java:\\d+\\), so the deadline has no effect\\. Halted\\. "
                        + "Add `offload: io`\\. Go on with --resume\\.")
                .doesNotContain("\tat ");
        assertThat(recordedKeys()).containsExactly("first", "third");
    }

    @ParameterizedTest
    @CsvSource({"INT, 2, 130, Ctrl-C", "TERM, 1, 143, SIGTERM"})
    void aBlockedLoopIsEndedAfterASignalWithItsCode(String signal, int times, int code, String name) throws Exception {
        job("Endless}\neach: [endless]\n", "");
        try (Command command = Command.start(folder, env("-Dx=y"), "job.yaml")) {
            Command.await(LONG, "it is blocked", () -> command.said().contains("has been blocked"));
            for (int i = 0; i < times; i++) {
                command.signal(signal);
            }
            End end = command.end();
            assertThat(end.code()).as(end.err()).isEqualTo(code);
            assertThat(end.err()).contains("so " + name + " has no effect. Halted. Add `offload: io`.");
        }
    }

    @Test
    void theThirdCtrlCHaltsAtOnce() throws Exception {
        job("Endless}\neach: [endless]\n", "");
        try (Command command = Command.start(folder, env("-Dx=y"), "job.yaml", "-q")) {
            Command.await(LONG, "it has begun", () -> Files.exists(folder.resolve(".vertask")));
            for (int i = 0; i < 3; i++) {
                command.signal("INT");
            }
            End end = command.end();
            assertThat(end.code()).as(end.err()).isEqualTo(130);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"heap", "small", "direct", "wrapped", "thread", "timer"})
    void memoryThatIsFullEndsTheRunWithOneMessageWhereverItIsSeen(String kind) throws Exception {
        job("Hungry}\neach: [first, " + kind + ", last]\n", "limits: {concurrency: 1}\n");
        full(Command.run(folder, env("-Xmx48m"), "job.yaml", "--progress", "none"), kind.equals("direct"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"heap", "small", "direct"})
    void memoryThatIsFullOnAnotherThreadEndsTheRunToo(String kind) throws Exception {
        job("Hungry, offload: io}\neach: [first, " + kind + ", last]\n", "limits: {concurrency: 1}\n");
        full(Command.run(folder, env("-Xmx48m"), "job.yaml", "--progress", "none"), kind.equals("direct"));
    }

    private void full(End end, boolean direct) throws IOException {
        assertThat(end.code()).as(end.err()).isEqualTo(70);
        assertThat(end.lines()).containsExactly("first");
        assertThat(end.err().lines().filter(line -> !line.contains("was blocked")))
                .singleElement()
                .asString()
                .startsWith("out of memory: the " + (direct ? "direct memory" : "Java heap"))
                .contains("VERTASK_JAVA_OPTS=", "-Xmx");
        assertThat(recordedKeys()).containsExactly("first");
    }

    @Test
    void anErrorThatAStepCatchesItselfIsNoEnd() throws Exception {
        job("Hungry}\neach: [caught]\n", "");
        End end = Command.run(folder, env("-Xmx48m"), "job.yaml");
        assertThat(end.code()).as(end.err()).isZero();
        assertThat(end.lines()).containsExactly("survived");
    }
}
