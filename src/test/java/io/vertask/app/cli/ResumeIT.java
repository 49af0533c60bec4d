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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a run goes on after whatever ended it, as a user sees it. */
class ResumeIT {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    private Path folder = Path.of("");

    private RecordingHttpServer server = RecordingHttpServer.start();

    ResumeIT() throws IOException {}

    @BeforeEach
    void items() throws IOException {
        job("get: \"/{item}\"", IntStream.range(0, 40).mapToObj(n -> "i" + n));
        IntStream.range(0, 40).forEach(n -> server.on("/i" + n, Reply.ok("{\"v\": " + n + "}")));
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private void job(String step, Stream<String> items) throws IOException {
        Files.writeString(
                folder.resolve("job.yaml"), """
                job: nightly
                clients: {api: {url: "%s", token: "${TOKEN:-}"}}
                each: [%s]
                do: {%s, client: api, pick: {v: v}}
                print: "{item}: {v}"
                limits: {concurrency: 4}
                """.formatted(server.url(), String.join(", ", items.toList()), step));
    }

    private End run(String... flags) throws IOException, InterruptedException {
        return Command.run(folder, Map.of(), args(flags));
    }

    private static String[] args(String... flags) {
        return Stream.concat(Stream.of("job.yaml"), Stream.of(flags)).toArray(String[]::new);
    }

    /** The only run's ledger. */
    private List<String> ledger() throws IOException {
        try (Stream<Path> runs = Files.list(folder.resolve(".vertask"))) {
            List<Path> all = runs.toList();
            assertThat(all).hasSize(1);
            return Files.readAllLines(all.get(0).resolve("results.jsonl"));
        }
    }

    private List<String> recordedKeys() throws IOException {
        return ledger().stream()
                .map(line -> new JsonObject(line).getString("key"))
                .toList();
    }

    private int requests() {
        return server.requests().size();
    }

    /** The items from {@code n} on are answered when the gate opens. */
    private CompletableFuture<Void> gateFrom(int n) {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        IntStream.range(n, 40).forEach(i -> server.on("/i" + i, new Reply.When(gate, Reply.ok("{\"v\": " + i + "}"))));
        return gate;
    }

    private void silentFrom(int n) {
        IntStream.range(n, 40).forEach(i -> server.on("/i" + i, new Reply.Silence()));
    }

    @Test
    void onlyTheFailedItemAndTheOneThatWasAddedAtTheTopAreDoneAgain() throws IOException, InterruptedException {
        job("get: \"/{item}\"", Stream.of("i0", "gone", "i2"));
        server.on("/gone", Reply.status(404, ""), Reply.ok("{\"v\": 7}"));
        assertThat(run().code()).isEqualTo(1);
        int before = requests();
        job("get: \"/{item}\"", Stream.of("i9", "i0", "gone", "i2"));
        End end = run("--retry-failed");
        assertThat(server.requestLines().subList(before, requests())).containsExactlyInAnyOrder("GET /i9", "GET /gone");
        assertThat(end.lines()).containsExactly("i9: 9", "gone: 7");
        assertThat(end.code()).isZero();
        assertThat(end.err()).contains("ok 2   failed 0").contains("skipped 2");
        assertThat(run("--retry-failed").out()).as("nothing is left").isEmpty();
        assertThat(recordedKeys()).containsExactly("i0", "gone", "i2", "i9", "gone");
    }

    @Test
    void aFailureThatIsNotDoneAgainStillCountsForTheExitCode() throws IOException, InterruptedException {
        job("get: \"/{item}\"", Stream.of("i0", "gone"));
        assertThat(run().code()).isEqualTo(1);
        int before = requests();
        End resumed = run("--resume");
        assertThat(resumed.code()).isEqualTo(1);
        assertThat(resumed.err())
                .contains("skipped 2 (1 had failed)")
                .contains("only the failed again: --retry-failed");
        assertThat(run("--resume", "--allow-failures", "1").code()).isZero();
        job("get: \"/{item}\"", Stream.of("i0"));
        assertThat(run("--resume").code()).as("an item that is no longer there").isZero();
        assertThat(requests()).isEqualTo(before);
    }

    @Test
    void afterAKillNothingIsLostAndNothingDoneTwiceButWhatWasInFlight() throws Exception {
        CompletableFuture<Void> gate = gateFrom(20);
        Path out = folder.resolve("out.txt");
        try (Command command = Command.start(folder, Map.of(), args("--out", "out.txt"))) {
            Command.await(
                    LONG,
                    "all before the gate are printed, and four are in flight",
                    () -> requests() == 24 && Files.readAllLines(out).size() == 20 && ledger().size() == 20);
            command.signal("KILL");
            assertThat(command.end().code()).isEqualTo(137);
        }
        gate.complete(null);
        assertThat(run("--resume", "--out", "out.txt").code()).isZero();
        assertThat(Files.readAllLines(out))
                .isEqualTo(
                        IntStream.range(0, 40).mapToObj(n -> "i" + n + ": " + n).toList());
        assertThat(recordedKeys()).hasSize(40).doesNotHaveDuplicates();
        assertThat(requests()).isEqualTo(44);
    }

    @Test
    void afterSigtermTheLedgerIsWholeAndTheRunGoesOn() throws Exception {
        CompletableFuture<Void> gate = gateFrom(10);
        End first;
        try (Command command = Command.start(folder, Map.of(), args())) {
            server.awaitRequests(14, LONG);
            command.signal("TERM");
            // what is in flight may end
            Command.await(LONG, "it has heard", () -> {
                gate.complete(null);
                return !command.isAlive();
            });
            first = command.end();
        }
        assertThat(first.code()).isEqualTo(143);
        assertThat(first.err()).contains("stopped by SIGTERM: ").contains(". Go on with --resume.");
        assertThat(recordedKeys()).hasSameSizeAs(first.lines());
        End end = run("--resume");
        assertThat(Stream.concat(first.lines().stream(), end.lines().stream()))
                .hasSize(40)
                .doesNotHaveDuplicates();
        assertThat(requests()).isEqualTo(40);
    }

    @Test
    void aRunThatWasCutIsMentionedAndAFreshOneLooksAtNothing() throws Exception {
        silentFrom(3);
        assertThat(run("--deadline", "2s", "-c", "3").code()).isEqualTo(4);
        IntStream.range(3, 40).forEach(n -> server.on("/i" + n, Reply.ok("{\"v\": 1}")));
        End next = run("-q");
        assertThat(next.lines()).hasSize(40);
        assertThat(next.err()).isEmpty();
        silentFrom(3);
        assertThat(run("--deadline", "2s", "-c", "3").err()).doesNotContain("note:");
        assertThat(run("--deadline", "1ms").err())
                .contains("job.yaml  note: run ")
                .contains("--resume continues it");
        assertThat(run("--deadline", "1ms", "--fresh").err()).doesNotContain("note:");
    }

    @Test
    void aClosedStdoutLosesNoResult() throws Exception {
        End head = Command.bash(folder, Map.of(), "vertask job.yaml -c 1 | head -1; echo ${PIPESTATUS[0]} >&2");
        assertThat(head.lines()).containsExactly("i0: 0");
        assertThat(head.err().strip()).isEqualTo("4");
        int recorded = recordedKeys().size();
        End end = run("--resume");
        assertThat(end.code()).isZero();
        assertThat(end.lines()).hasSize(40 - recorded).endsWith("i39: 39");
        assertThat(recordedKeys()).hasSize(40).doesNotHaveDuplicates();
    }

    @Test
    void a401IsNoResultOfItsItemAndAResumeWithARightTokenDoesAll() throws IOException, InterruptedException {
        server.on("/i2", Reply.status(401, "{\"message\": \"Bad credentials\"}"), Reply.ok("{\"v\": 2}"));
        End stopped = run("-c", "1", "-q");
        assertThat(stopped.code()).isEqualTo(4);
        assertThat(stopped.err())
                .contains("401")
                .containsPattern(
                        "Stopped: 2 done, (1 cancelled, )?3[78] not started\\. Fix the token, then --resume\\.");
        End end = run("--resume");
        assertThat(end.code()).isZero();
        assertThat(end.lines()).hasSize(38).startsWith("i2: 2");
    }

    @Test
    void aChangedDoAnUnknownRunAndFlagsThatContradictAreExit2AndNothingIsSent()
            throws IOException, InterruptedException {
        assertThat(run().code()).isZero();
        int before = requests();
        job("get: \"/x/{item}\"", Stream.of("i0"));
        End changed = run("--resume");
        assertThat(changed.code()).isEqualTo(2);
        assertThat(changed.err())
                .contains("job.yaml: `do` has changed since run ")
                .contains("--fresh");
        assertThat(run("--resume=zzzz").code()).isEqualTo(2);
        End both = run("--resume", "--fresh");
        assertThat(both.code()).isEqualTo(2);
        assertThat(both.err()).contains("give one of them").doesNotContain("\tat ");
        assertThat(run("--resume=").code()).isEqualTo(2);
        assertThat(requests()).isEqualTo(before);
    }

    @Test
    void anItemAfterResumeIsAnItem() throws IOException, InterruptedException {
        assertThat(run("--resume", "i1").lines()).containsExactly("i1: 1");
    }

    @Test
    void aRunThatIsBeingWorkedOnIsExit3() throws Exception {
        CompletableFuture<Void> gate = gateFrom(4);
        try (Command command = Command.start(folder, Map.of(), args())) {
            server.awaitRequests(8, LONG);
            End second = run("--resume");
            assertThat(second.code()).isEqualTo(3);
            assertThat(second.err()).contains("is in use by another process");
            gate.complete(null);
            assertThat(command.end().code()).isZero();
        }
    }

    @Test
    void aFolderThatCanNotBeWrittenIsExit3AndNothingIsSent() throws IOException, InterruptedException {
        Files.writeString(folder.resolve(".vertask"), "");
        End end = run();
        assertThat(end.code()).isEqualTo(3);
        assertThat(end.err())
                .contains(".vertask can't be written: it is a file, not a folder")
                .doesNotContain("\tat ");
        assertThat(requests()).isZero();
    }

    @Test
    void aLedgerThatCanNotGrowStopsTheRunWhichCanBeGoneOnWith() throws Exception {
        String much = "x".repeat(4_000);
        job("get: \"/{item}\"", IntStream.range(0, 40).mapToObj(n -> "y" + n + much));
        // a limit of 128 kB for each file it writes stands for a full disk
        End end = Command.bash(folder, Map.of(), "ulimit -f 128; vertask job.yaml -c 1 | cut -c1-3");
        assertThat(end.err())
                .containsPattern("results.jsonl can't be written: .*File too large")
                .containsPattern("Stopped: [0-9]+ done, .*then --resume\\.")
                .doesNotContain("\tat ");
        int recorded = recordedKeys().size();
        assertThat(recorded).isBetween(1, 39);
        End resumed = run("--resume");
        assertThat(recordedKeys()).hasSize(40).doesNotHaveDuplicates();
        assertThat(resumed.lines()).hasSize(40 - recorded);
    }
}
