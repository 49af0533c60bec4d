package io.vertask.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testing.Command;
import io.vertask.testing.Command.End;
import io.vertask.testing.RecordingHttpServer;
import io.vertask.testing.Reply;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What fails only after a call was answered is no failure of the call: a POST is sent once, whatever follows it. */
class AfterTheCallIT {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int ALL = 30;
    private static final String SECRET = "s3cr3t-of-the-answer";

    @TempDir
    private Path folder = Path.of("");

    private RecordingHttpServer server = RecordingHttpServer.start();

    AfterTheCallIT() throws IOException {}

    @BeforeEach
    void answers() {
        IntStream.range(0, ALL)
                .forEach(n -> server.on(
                        "/" + n, Reply.ok("{\"id\": " + n + ", \"price\": 1.25, \"token\": \"" + SECRET + "\"}")));
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private void job(String step, int items, String print) throws IOException {
        Files.writeString(folder.resolve("job.yaml"), """
                job: orders
                clients: {shop: {url: "%s", token: "%s"}}
                each: {range: 0..%d}
                do: {%s, client: shop}
                print: "%s"
                limits: {concurrency: 4}
                """.formatted(server.url(), SECRET, items - 1, step, print));
    }

    private End run(String... flags) throws IOException, InterruptedException {
        return Command.run(
                folder,
                Map.of(),
                Stream.concat(Stream.of("job.yaml"), Stream.of(flags)).toArray(String[]::new));
    }

    private Path onlyRun() throws IOException {
        try (Stream<Path> runs = Files.list(folder.resolve(".vertask"))) {
            List<Path> all = runs.toList();
            assertThat(all).hasSize(1);
            return all.get(0);
        }
    }

    private List<JsonObject> ledger() throws IOException {
        return Files.readAllLines(onlyRun().resolve("results.jsonl")).stream()
                .map(JsonObject::new)
                .toList();
    }

    private List<Path> pending() throws IOException {
        Path pending = onlyRun().resolve("pending");
        if (!Files.exists(pending)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(pending)) {
            return files.sorted().toList();
        }
    }

    private void eachWasSentOnce(int items) {
        assertThat(server.requestLines()).hasSize(items).doesNotHaveDuplicates();
    }

    @Test
    void aTypoInPrintStopsTheJobAndTheFixedOnePrintsWhatWasAnswered() throws Exception {
        job("post: \"/{item}\"", ALL, "{id}: {prize}");
        End end = run();
        assertThat(end.code()).as(end.err()).isEqualTo(4);
        int sent = server.requests().size();
        assertThat(sent).isBetween(1, 8);
        assertThat(end.lines()).hasSize(sent).first().asString().startsWith("0: ERROR - print: {prize}: no such name");
        assertThat(end.err())
                .contains("failed: " + sent + " × print 0")
                .contains("Stopped: " + sent + " done, " + (ALL - sent) + " not started. Fix `print`, then "
                        + "--retry-failed; what was answered is kept.");
        assertThat(pending()).hasSize(sent).allSatisfy(file -> {
            assertThat(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            assertThat(Files.readString(file)).as("what the server sent").contains(SECRET);
        });
        assertThat(Files.getPosixFilePermissions(onlyRun().resolve("pending")))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(ledger()).hasSize(sent).allSatisfy(line -> {
            JsonObject error = line.getJsonObject("error");
            assertThat(error.getString("kind")).isEqualTo("template");
            assertThat(error.getString("part")).isEqualTo("print");
            assertThat(line.encode()).doesNotContain(SECRET);
        });

        End still = run("--retry-failed");
        assertThat(still.code()).as("the same typo").isEqualTo(4);
        assertThat(server.requests().size()).as("nothing is sent again").isBetween(sent, sent + 4);

        job("post: \"/{item}\"", ALL, "{id}: {price}");
        End fixed = run("--retry-failed");
        assertThat(fixed.code()).as(fixed.err()).isZero();
        assertThat(fixed.lines())
                .containsExactlyElementsOf(
                        IntStream.range(0, ALL).mapToObj(n -> n + ": 1.25").toList());
        eachWasSentOnce(ALL);
        assertThat(onlyRun().resolve("pending")).doesNotExist();
        assertThat(run("--retry-failed").out()).as("nothing is left").isEmpty();
        eachWasSentOnce(ALL);
    }

    @Test
    void aNullInOneAnswerFailsItsItemAndNoOther() throws Exception {
        server.on("/2", Reply.ok("{\"owner\": null}"));
        Stream.of("/0", "/1", "/3").forEach(path -> server.on(path, Reply.ok("{\"owner\": {\"name\": \"x\"}}")));
        job("post: \"/{item}\"", 4, "{item} {owner.name}");
        End end = run();
        assertThat(end.code()).as(end.err()).isEqualTo(1);
        assertThat(end.lines()).containsExactly("0 x", "1 x", "2: ERROR - print: {owner.name}: `owner` is null", "3 x");
        End again = run("--retry-failed", "-o", "jsonl");
        assertThat(again.lines())
                .as("print is only for lines")
                .containsExactly("{\"n\":2,\"key\":\"2\",\"ok\":true,\"result\":{\"owner\":null}}");
        eachWasSentOnce(4);
    }

    @Test
    void aFieldThatAnItemLacksIsFoundBeforeItIsSent() throws Exception {
        Files.writeString(folder.resolve("in.jsonl"), "{\"id\": 0, \"name\": \"a\"}\n{\"id\": 1}\n");
        job("post: \"/{item.id}\"", 1, "{item.name} {status}");
        Path file = folder.resolve("job.yaml");
        Files.writeString(
                file, Files.readString(file).replace("{range: 0..0}", "{file: in.jsonl, key: \"{item.id}\"}"));
        End end = run();
        assertThat(end.lines()).as(end.err()).first().isEqualTo("a 200");
        assertThat(end.lines().get(1)).startsWith("1: ERROR - print: {item.name}: `item` has no `name`");
        assertThat(end.code()).isEqualTo(1);
        assertThat(server.requestLines()).containsExactly("POST /0");
        assertThat(pending()).isEmpty();
    }

    @Test
    void namesOfItemsOfTheCommandLineAreCheckedBeforeAnythingIsSent() throws Exception {
        job("post: \"/0\"", 1, "{item.name}");
        End end = run("a");
        assertThat(end.code()).isEqualTo(2);
        assertThat(end.err()).contains("job.yaml:5:").contains("plain values without fields");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void printIsOnlyForLines() throws Exception {
        job("post: \"/{item}\"", 2, "{nope}");
        for (String format : List.of("csv", "jsonl", "table")) {
            End end = run("-o", format, "--fresh");
            assertThat(end.code()).as(format + end.err()).isZero();
            assertThat(end.out()).contains("1.25");
        }
    }

    @Test
    void aLaterFieldIsNotLostInCsv() throws Exception {
        server.on("/1", Reply.ok("{\"id\": 1, \"late\": \"x\"}"));
        server.on("/0", Reply.ok("{\"id\": 0, \"a\": \"b\"}"));
        server.on("/2", Reply.ok("{\"id\": 2}"));
        job("post: \"/{item}\"", 3, "{id}");
        End end = run("-o", "csv", "-c", "1");
        assertThat(end.code()).as(end.err()).isEqualTo(1);
        assertThat(end.out()).isEqualTo("id,a\r\n0,b\r\n2,\r\n");
        assertThat(end.err())
                .contains("1: ERROR - -o csv: the field `late` is not among the columns: id a. "
                        + "Name the columns with do.pick, or choose -o jsonl")
                .contains("only the failed again: --retry-failed");
        JsonObject refused = ledger().stream()
                .filter(line -> line.getLong("n") == 1)
                .findFirst()
                .orElseThrow();
        assertThat(refused.getJsonObject("error").getString("kind")).isEqualTo("output");
        assertThat(refused.getJsonObject("error").getString("part")).isEqualTo("output");
        End rest = run("-o", "jsonl", "--retry-failed");
        assertThat(rest.code()).as(rest.err()).isZero();
        assertThat(rest.lines())
                .first()
                .isEqualTo("{\"n\":1,\"key\":\"1\",\"ok\":true,\"result\":{\"id\":1,\"late\":\"x\"}}");
        eachWasSentOnce(3);
    }

    @Test
    void theHeaderOfTheFileDecidesWhenARunGoesOn() throws Exception {
        server.on("/0", Reply.ok("{\"id\": 0, \"a\": 1}"));
        server.on("/1", Reply.ok("{\"a\": 1, \"id\": 1, \"b\": 2}"));
        job("get: \"/{item}\"", 2, "{id}");
        assertThat(run("-o", "csv", "--out", "out.csv", "--set", "each.range=0..0")
                        .code())
                .isZero();
        End more = run("-o", "csv", "--out", "out.csv", "--resume");
        assertThat(more.code()).isEqualTo(1);
        assertThat(more.err()).contains("the field `b` is not among the columns: id a");
        assertThat(folder.resolve("out.csv")).hasContent("id,a\r\n0,1\r\n");
    }

    @Test
    void declaredColumnsThatTheFileLacksAreToldBeforeAnythingIsSent() throws Exception {
        job("get: \"/{item}\", pick: {id: id, b: price}", 2, "{id}");
        assertThat(run("-o", "csv", "--out", "out.csv", "--set", "each.range=0..0")
                        .code())
                .isZero();
        Files.writeString(folder.resolve("out.csv"), "id\r\n0\r\n");
        int before = server.requests().size();
        End end = run("-o", "csv", "--out", "out.csv", "--resume");
        assertThat(end.code()).isEqualTo(3);
        assertThat(end.err()).contains("out.csv can't be written: its columns are id, and the job gives b too");
        assertThat(server.requests()).hasSize(before);
    }

    @Test
    void resultsThatCanNotBeWrittenAreSaidToBeSoAndComeOnResume() throws Exception {
        job("get: \"/{item}\"", 3, "{id}");
        End full = Command.bash(folder, Map.of(), "vertask job.yaml > /dev/full");
        assertThat(full.code()).as(full.err()).isEqualTo(4);
        assertThat(full.err())
                .contains("stdout can't be written: No space left on device. Stopped: 0 done, 3 not written, "
                        + "0 not started. Fix that, then --resume.");
        End rest = run("--resume");
        assertThat(rest.lines()).containsExactly("0", "1", "2");
        assertThat(rest.code()).isZero();
        assertThat(ledger()).hasSize(3);
    }

    @Test
    void postsWhoseResultsCanNotBeWrittenAreNotSentAgain() throws Exception {
        job("post: \"/{item}\"", 3, "{id}");
        End full = Command.bash(folder, Map.of(), "vertask job.yaml > /dev/full");
        assertThat(full.code()).as(full.err()).isEqualTo(4);
        assertThat(full.err())
                .contains("failed: 3 × output 0")
                .contains("Stopped: 3 done, 0 not started. Fix that, then --retry-failed; what was answered is kept.");
        End skipped = run("--resume");
        assertThat(skipped.out()).isEmpty();
        assertThat(skipped.code()).isEqualTo(1);
        End rest = run("--retry-failed");
        assertThat(rest.lines()).containsExactly("0", "1", "2");
        assertThat(rest.code()).as(rest.err()).isZero();
        eachWasSentOnce(3);
    }

    @Test
    void postsWhoseReaderHasGoneAreNotSentAgain() throws Exception {
        job("post: \"/{item}\"", ALL, "{id}");
        Command.bash(folder, Map.of(), "vertask job.yaml | head -1");
        End rest = run("--retry-failed");
        assertThat(rest.code()).as(rest.err()).isZero();
        eachWasSentOnce(ALL);
        assertThat(ledger().stream().filter(line -> line.getBoolean("ok"))).hasSize(ALL);
    }

    @Test
    void anAnswerThatIsGoneFailsAsUnknownAndIsNotSentAgainWithoutLeave() throws Exception {
        job("post: \"/{item}\"", 2, "{nope}");
        assertThat(run().code()).isEqualTo(4);
        assertThat(pending()).hasSize(2);
        Files.delete(pending().get(0));
        Files.writeString(pending().get(0), "{\"half");
        job("post: \"/{item}\"", 2, "{id}");
        End gone = run("--retry-failed");
        assertThat(gone.code()).as(gone.err()).isEqualTo(1);
        assertThat(gone.lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains("ERROR - the kept answer of its call can't be read: "));
        eachWasSentOnce(2);
        assertThat(ledger()).hasSize(4).last().asString().contains("\"kind\":\"unknown\"");

        job("post: \"/{item}\", retry_unsafe: true", 2, "{id}");
        End allowed = run("--retry-failed");
        assertThat(allowed.lines()).as(allowed.err()).containsExactly("0", "1");
        assertThat(server.requests()).hasSize(4);
    }

    @Test
    void anAnswerThatCanNotBeKeptIsUnknownAndThePostIsNotSentAgain() throws Exception {
        // the limit of the step: the answer is longer as it is kept, for all its control characters
        server.on("/0", Reply.ok("\u0001".repeat(20_000)));
        job("post: \"/{item}\", body: text, max_body: 20kB", 1, "{item} {status} {body.x}");
        assertThat(run().code()).as("a name that can be known").isEqualTo(2);
        Files.writeString(
                folder.resolve("job.yaml"),
                Files.readString(folder.resolve("job.yaml")).replace("{item} {status} {body.x}", "{body}"));
        End full = Command.bash(folder, Map.of(), "vertask job.yaml > /dev/full");
        assertThat(full.code()).as(full.err()).isEqualTo(4);
        JsonObject error = ledger().get(0).getJsonObject("error");
        assertThat(error.getString("kind")).isEqualTo("unknown");
        assertThat(error.getString("message"))
                .contains("its answer can't be kept: it takes ")
                .contains("more than max_body, so --retry-failed does not call again without do.retry_unsafe");
        assertThat(pending()).isEmpty();
        End refused = run("--retry-failed");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("not sent again: 1 failed item whose call may have taken effect");
        eachWasSentOnce(1);
    }

    @Test
    void aPostWhoseAnswerIsNoJsonHasTakenEffectAndIsNotSentAgain() throws Exception {
        server.on("/0", Reply.ok("created, thank you"), Reply.ok("{\"id\": 0}"));
        job("post: \"/{item}\"", 1, "{id}");
        End end = run();
        assertThat(end.code()).isEqualTo(1);
        assertThat(end.out()).contains("the body is not JSON").contains("it was answered 200, and is not sent again");
        assertThat(ledger().get(0).getJsonObject("error").getString("kind")).isEqualTo("unknown");
        assertThat(run("--retry-failed").code()).isEqualTo(1);
        eachWasSentOnce(1);
        job("post: \"/{item}\", retry_unsafe: true", 1, "{id}");
        assertThat(run("--retry-failed").lines()).containsExactly("0");
    }

    @Test
    void aRunThatWasStoppedWithNothingDoneIsWhatResumeContinues() throws Exception {
        job("get: \"/{item}\"", 2, "{id}");
        assertThat(run("-q").code()).isZero();
        IntStream.range(0, 2).forEach(n -> server.on("/" + n, new Reply.Silence(), Reply.ok("{\"id\": 7}")));
        int before = server.requests().size();
        try (Command command = Command.start(folder, Map.of(), "job.yaml", "--fresh", "--deadline", "3s")) {
            server.awaitRequests(before + 2, LONG);
            End stopped = command.end();
            assertThat(stopped.code()).isEqualTo(4);
            assertThat(stopped.err()).contains("0 done, 2 cancelled, 0 not started. Go on with --resume.");
        }
        End resumed = run("--resume");
        assertThat(resumed.lines()).as(resumed.err()).containsExactly("7", "7");
        assertThat(resumed.code()).isZero();
    }
}
