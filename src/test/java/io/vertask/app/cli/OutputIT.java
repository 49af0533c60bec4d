package io.vertask.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testing.Command;
import io.vertask.testing.Command.End;
import io.vertask.testing.RecordingHttpServer;
import io.vertask.testing.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Forms and places of results, colour, progress, secrets and exit codes, as a user sees them. */
class OutputIT {
    private static final String SECRET = "hunter2-hunter2-hunter2";
    private static final String BAR = "\r\u001b[K";

    @TempDir
    private Path folder = Path.of("");

    private final RecordingHttpServer server = RecordingHttpServer.start();

    OutputIT() throws IOException {}

    @BeforeEach
    void job() throws IOException {
        Files.writeString(folder.resolve("job.yaml"), """
                job: stats
                clients: {api: {url: "%s", token: "${TOKEN:-}"}}
                each: [a, gone, b]
                do: {get: "/{item}", client: api, pick: {stars: stars, owner: owner.login}}
                print: "{item}: {stars} stars"
                limits: {concurrency: 1}
                """.formatted(server.url()));
        server.on("/a", Reply.ok("{\"stars\": 66214, \"owner\": {\"login\": \"Guido, \\\"BDFL\\\"\"}}"));
        server.on("/b", Reply.ok("{\"stars\": 7}"));
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private End bash(String script) throws IOException, InterruptedException {
        return Command.bash(folder, Map.of("TERM", "xterm", "TOKEN", SECRET), script);
    }

    @Test
    void eachFormatIsTheSameInAPipeAndInAFile() throws IOException, InterruptedException {
        Map<String, String> expected = Map.of(
                "lines", "a: 66214 stars\ngone: ERROR - 404 Not Found (GET /gone)\nb: 7 stars\n",
                "csv", "stars,owner\r\n66214,\"Guido, \"\"BDFL\"\"\"\r\n7,\r\n",
                "table", """
                        item  stars  owner
                        a     66214  Guido, "BDFL"
                        gone  ERROR - 404 Not Found (GET /gone)
                        b         7
                        """);
        for (Map.Entry<String, String> format : expected.entrySet()) {
            End end = bash("vertask job.yaml -o " + format.getKey() + " --out file.txt -q; echo $?;"
                    + " vertask job.yaml -o " + format.getKey());
            assertThat(end.out()).isEqualTo("1\n" + format.getValue());
            assertThat(folder.resolve("file.txt")).content().isEqualTo(format.getValue());
        }
        assertThat(bash("vertask job.yaml -o jsonl 2>err.txt").lines())
                .startsWith(
                        "{\"n\":0,\"key\":\"a\",\"ok\":true,\"result\":{\"stars\":66214,\"owner\":\"Guido, \\\"BDFL\\\"\"}}")
                .element(1)
                .asString()
                .startsWith(
                        "{\"n\":1,\"key\":\"gone\",\"ok\":false,\"error\":{\"kind\":\"http_status\",\"status\":404,");
        assertThat(folder.resolve("err.txt")).content().doesNotContain("\u001b");
    }

    @Test
    void unorderedResultsComeAsTheyComplete() throws Exception {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        server.on("/a", new Reply.When(gate, Reply.ok("{\"stars\": 1}")));
        try (Command command = Command.shell(
                folder, Map.of(), "vertask job.yaml --unordered -c 3 --out out.txt --set 'each=[a, b]'")) {
            Path out = folder.resolve("out.txt");
            Command.await(
                    Duration.ofSeconds(30),
                    "the second is printed",
                    () -> Files.exists(out) && Files.readString(out).equals("b: 7 stars\n"));
            gate.complete(null);
            assertThat(command.end().code()).isZero();
            assertThat(out).hasContent("b: 7 stars\na: 1 stars\n");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullDiskIsAMessageAndExit4() throws IOException, InterruptedException {
        for (String full : List.of("--out /dev/full", ">/dev/full")) {
            End end = bash("vertask job.yaml " + full);
            assertThat(end.code()).isEqualTo(4);
            assertThat(end.err())
                    .contains(" can't be written: No space left on device. Stopped: ")
                    .contains("then --resume.")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void anOutputThatCanNotBeOpenedIsExit3AndNothingIsSent() throws IOException, InterruptedException {
        for (String wrong : List.of("no/such/folder/x", ".")) {
            End end = bash("vertask job.yaml --out " + wrong);
            assertThat(end.code()).isEqualTo(3);
            assertThat(end.err()).startsWith(wrong + " can't be written: ").hasLineCount(1);
        }
        assertThat(server.requests()).isEmpty();
        assertThat(folder.resolve(".vertask")).isEmptyDirectory();
    }

    /** The inputs of a run, each with a way to name it as the output, and the words about it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            file.yaml --out in.txt                      | in.txt, which each.file reads
            file.yaml --out data/../in.txt              | in.txt, which each.file reads
            file.yaml --out hard.txt                    | in.txt, which each.file reads
            file.yaml --out soft.txt                    | in.txt, which each.file reads
            file.yaml --out file.yaml                   | file.yaml, the job itself
            file.yaml --resume --out in.txt -q          | in.txt, which each.file reads
            - --out file.yaml < file.yaml               | the file that stdin comes from
            stdin.yaml --out in.txt < in.txt            | the file that stdin comes from
            stdin.yaml --out hard.txt < in.txt          | the file that stdin comes from
            glob.yaml --out data/a.bin                  | data/a.bin, which each.glob matches
            glob.yaml --out a.link                      | data/a.bin, which each.glob matches
            glob.yaml --out data/new.bin                | data/new.bin, which each.glob matches
            glob.yaml --out folder.link/new.bin         | data/new.bin, which each.glob matches
            glob.yaml --out "$PWD/data/new.bin"         | data/new.bin, which each.glob matches
            new.yaml --out new.txt                      | new.txt, which each.file reads
            new.yaml --out new.link                     | new.txt, which each.file reads
            ca.yaml --out ca.pem                        | ca.pem, which clients.a reads
            file.yaml --out .vertask                    | the records of runs in .vertask
            file.yaml --out .vertask/x                  | the records of runs in .vertask
            file.yaml --out .vertask/0000/results.jsonl | the records of runs in .vertask
            file.yaml --out ledger.txt                  | .vertask/0000/results.jsonl, a record of a run
            file.yaml >> in.txt                         | in.txt, which each.file reads
            """)
    @EnabledOnOs(OS.LINUX)
    void aFileThatTheRunReadsIsNeverItsOutput(String line, String words) throws IOException, InterruptedException {
        String end = "do: {get: \"" + server.url() + "/{item}\"}\n";
        Files.writeString(folder.resolve("file.yaml"), "job: j\neach: {file: in.txt}\n" + end);
        Files.writeString(folder.resolve("new.yaml"), "job: j\neach: {file: new.txt}\n" + end);
        Files.writeString(folder.resolve("stdin.yaml"), "job: j\neach: {stdin: lines}\n" + end);
        Files.writeString(folder.resolve("glob.yaml"), "job: j\neach: {glob: \"data/*.bin\"}\n" + end);
        Files.writeString(folder.resolve("ca.yaml"), """
                job: j
                clients: {a: {url: "https://127.0.0.1:1", ca: ca.pem}}
                each: [a]
                do: {get: /x, client: a}
                """);
        for (String file : List.of("in.txt", "data/a.bin", "ca.pem", ".vertask/0000/results.jsonl")) {
            Files.createDirectories(folder.resolve(file).getParent());
            Files.writeString(folder.resolve(file), "a\n");
        }
        Files.createLink(folder.resolve("hard.txt"), folder.resolve("in.txt"));
        Files.createSymbolicLink(folder.resolve("soft.txt"), Path.of("in.txt"));
        Files.createLink(folder.resolve("a.link"), folder.resolve("data/a.bin"));
        Files.createSymbolicLink(folder.resolve("folder.link"), Path.of("data"));
        Files.createSymbolicLink(folder.resolve("new.link"), Path.of("new.txt"));
        Files.createLink(folder.resolve("ledger.txt"), folder.resolve(".vertask/0000/results.jsonl"));
        String job = Files.readString(folder.resolve("file.yaml"));
        End run = bash("vertask " + line);
        assertThat(run.err()).contains("would overwrite " + words).hasLineCount(1);
        assertThat(run.code()).isEqualTo(2);
        assertThat(server.requests()).isEmpty();
        assertThat(folder.resolve("in.txt")).content().isEqualTo("a\n");
        assertThat(folder.resolve("data/a.bin")).content().isEqualTo("a\n");
        assertThat(folder.resolve("ca.pem")).content().isEqualTo("a\n");
        assertThat(folder.resolve("ledger.txt")).content().isEqualTo("a\n");
        assertThat(folder.resolve("file.yaml")).content().isEqualTo(job);
        assertThat(folder.resolve("new.txt")).doesNotExist();
        assertThat(folder.resolve("data/new.bin")).doesNotExist();
        assertThat(folder.resolve(".vertask")).isDirectoryNotContaining(made -> !made.endsWith("0000"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vertask job.yaml -q --out /dev/stdout",
                "vertask job.yaml -q --out /dev/stdout > log.txt; cat log.txt",
                "echo old > log.txt; vertask job.yaml -q --out /dev/stdout >> log.txt; tail -n +2 log.txt",
                "vertask job.yaml -q --out /proc/self/fd/1 | cat",
                "vertask job.yaml -q --out /dev/stderr 2>&1 >/dev/null",
                "vertask job.yaml -q --out /dev/fd/3 3>log.txt; cat log.txt",
                "mkfifo pipe; (vertask job.yaml -q --out pipe &) ; cat pipe",
                "ln -s /dev/stdout link; vertask job.yaml -q --out link",
                "vertask job.yaml -q --out /dev/null; printf 'a: 66214 stars\\nb: 7 stars\\n'",
            })
    @EnabledOnOs(OS.LINUX)
    void whatIsNoFileOfItsOwnIsWrittenToAsItIs(String script) throws IOException, InterruptedException {
        Files.writeString(
                folder.resolve("job.yaml"),
                Files.readString(folder.resolve("job.yaml")).replace("a, gone, b", "a, b"));
        End end = bash(script);
        assertThat(end.out()).as(end.err()).isEqualTo("a: 66214 stars\nb: 7 stars\n");
        assertThat(end.code()).isZero();
    }

    @Test
    void twoRunsNeverWriteToOneFile() throws Exception {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        server.on("/a", new Reply.When(gate, Reply.ok("{\"stars\": 1}")));
        Path out = Files.writeString(folder.resolve("out.txt"), "");
        Files.createLink(folder.resolve("hard.txt"), out);
        Files.createSymbolicLink(folder.resolve("soft.txt"), Path.of("out.txt"));
        try (Command first = Command.shell(
                folder,
                Map.of(),
                "exec '" + Path.of("run.sh").toAbsolutePath() + "' job.yaml --out out.txt -q --set 'each=[b, a]'")) {
            Command.await(
                    Duration.ofSeconds(30),
                    "the first run has written",
                    () -> Files.readString(out).equals("b: 7 stars\n"));
            for (String name : List.of("out.txt", "hard.txt", "soft.txt", "out.txt --resume")) {
                End second =
                        bash("vertask job.yaml --fresh --out ".replace(name.contains("resume") ? "--fresh " : "", "")
                                + name.replace(" --resume", ""));
                assertThat(second.err())
                        .endsWith(name.replace(" --resume", "") + " can't be written: another run writes to it; wait"
                                + " until that ends, or name another file\n");
                assertThat(second.code()).isEqualTo(3);
            }
            gate.complete(null);
            assertThat(first.end().code()).isZero();
            assertThat(server.requestLines()).as("only the first run sends").containsExactly("GET /b", "GET /a");
        }
        assertThat(out).content().isEqualTo("b: 7 stars\na: 1 stars\n");
        assertThat(bash("vertask job.yaml --out soft.txt -q --set 'each=[b]'; cat out.txt")
                        .out())
                .isEqualTo("b: 7 stars\n");
    }

    @Test
    void aPathOfPickThatIsInNoAnswerIsANoteInTheSummary() throws IOException, InterruptedException {
        String job = Files.readString(folder.resolve("job.yaml"));
        String pick = job.replace("stars: stars, owner: owner.login", "stars: stas, no: \"=item.x\", o: owner.login");
        Files.writeString(folder.resolve("job.yaml"), pick);
        assertThat(bash("vertask job.yaml").err())
                .contains("\n  note: pick {stars: stas, no: =item.x} was in none of 2 answers\n");
        assertThat(bash("vertask job.yaml a").err())
                .contains("\n  note: pick {stars: stas, no: =item.x} was not in the only answer\n");
        assertThat(bash("vertask job.yaml gone").err()).doesNotContain("note: pick");
        server.on("/nil", Reply.ok("{\"stas\": null, \"owner\": null}"));
        assertThat(bash("vertask job.yaml a nil").err())
                .contains("\n  note: pick {no: =item.x} was in none of 2 answers\n");
    }

    @Test
    void aJobFileThatCanNotBeReadIsExit2() throws IOException, InterruptedException {
        for (String wrong : List.of(".", "nothing.yaml", "/proc/self/mem")) {
            End end = bash("vertask " + wrong);
            assertThat(end.code()).isEqualTo(2);
            assertThat(end.err()).contains(wrong).hasLineCount(1);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void onATerminalThereIsColourAndABarThatGarblesNoLine() throws Exception {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        server.on("/b", new Reply.When(gate, Reply.ok("{\"stars\": 7}")));
        Path typescript = folder.resolve("screen.txt");
        String screen;
        // the function is not known in the terminal's own shell
        try (Command command = Command.shell(
                folder,
                Map.of("TERM", "xterm"),
                "declare -f vertask >lib.sh; "
                        + "script -qefc 'bash -c \". ./lib.sh; stty cols 120; vertask job.yaml\"' screen.txt </dev/null")) {
            Command.await(
                    Duration.ofSeconds(30),
                    "the bar is below two results",
                    () -> Files.exists(typescript)
                            && Files.readString(typescript).contains("] 2 of 3  failed 1  in flight 1"));
            gate.complete(null);
            End end = command.end();
            assertThat(end.code()).isEqualTo(1);
            screen = end.out().replace("\r\n", "\n");
        }
        assertThat(screen)
                .contains(BAR + "stats  [")
                .contains("\u001b[31mgone: ERROR - 404 Not Found (GET /gone)\u001b[0m")
                .contains("\u001b[31mfailed 1\u001b[0m");
        assertThat(shown(screen))
                .startsWith("a: 66214 stars\ngone: ERROR - 404 Not Found (GET /gone)\nb: 7 stars\nstats  run ");
    }

    /** What is left on the screen: of each line what comes after it was last erased. */
    private static String shown(String screen) {
        return screen.replaceAll("[^\n]*\u001b\\[K", "").replaceAll("\u001b\\[[0-9]*m", "");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void noColorAndADumbTerminalAreHonoured() throws IOException, InterruptedException {
        for (String setting : List.of("NO_COLOR=1", "TERM=dumb")) {
            End end = bash("declare -f vertask >lib.sh; script -qec 'bash -c \". ./lib.sh; export " + setting
                    + "; vertask job.yaml --progress none\"' /dev/null </dev/null");
            assertThat(end.out()).contains("gone: ERROR").doesNotContain("\u001b");
        }
        assertThat(bash("NO_COLOR=1 vertask job.yaml --color always").out()).contains("\u001b[31mgone");
    }

    @Test
    void progressInALogIsPlainLines() throws Exception {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        server.on("/b", new Reply.When(gate, Reply.ok("{\"stars\": 7}")));
        try (Command command = Command.shell(folder, Map.of(), "vertask job.yaml --progress plain 2>err.txt")) {
            Command.await(Duration.ofSeconds(30), "a line of progress", () -> {
                Path err = folder.resolve("err.txt");
                return Files.exists(err) && Files.readString(err).contains("stats  2 of 3  failed 1  in flight 1");
            });
            gate.complete(null);
            assertThat(command.end().code()).isEqualTo(1);
        }
        assertThat(folder.resolve("err.txt")).content().doesNotContain("\u001b");
    }

    @Test
    void verboseTellsOfEachFailedAttemptAndEachPause() throws IOException, InterruptedException {
        server.on(
                "/a",
                new Reply.Respond(503, Map.of("Retry-After", "1"), ""),
                Reply.ok("{\"stars\": 1, \"owner\": null}"));
        End end = bash("vertask job.yaml -v --retries 1");
        assertThat(end.err())
                .contains("a: attempt 1 failed: 503 Service Unavailable (GET /a)")
                .contains("a: its server asks for a pause of 1s")
                .contains("gone: attempt 1 failed: 404 Not Found (GET /gone)");
    }

    @Test
    void aSecretIsInNoArtefactEvenWhenTheServerSendsItBack() throws IOException, InterruptedException {
        server.on("/a", Reply.ok("{\"stars\": \"Bearer " + SECRET + "\", \"owner\": {\"login\": \"" + SECRET + "\"}}"));
        server.on("/b", Reply.ok("not JSON, but " + SECRET));
        for (String format : List.of("lines", "table", "jsonl", "csv")) {
            End end = bash("vertask job.yaml -v -o " + format + " --set 'each=[a, b, \"" + SECRET
                    + "\"]' --set \"clients.api.token=" + SECRET + "\"");
            assertThat(end.code()).isEqualTo(1);
            assertThat(end.out() + end.err()).contains("••••").doesNotContain(SECRET);
        }
        try (Stream<Path> files = Files.walk(folder.resolve(".vertask"))) {
            assertThat(files.filter(Files::isRegularFile).toList())
                    .hasSizeGreaterThan(8)
                    .allSatisfy(file -> assertThat(file).content().doesNotContain(SECRET));
        }
        assertThat(bash("vertask job.yaml --resume --set 'each=[a, b, \"" + SECRET + "\"]'")
                        .err())
                .as("a masked key is found again")
                .contains("skipped 3");
    }

    @Test
    void theLocaleChangesNothing() throws IOException, InterruptedException {
        End end = Command.bash(folder, Map.of("LC_ALL", "C", "LANG", "C"), "vertask job.yaml");
        assertThat(end.err()).contains("failed: 1 × 404 gone");
    }
}
