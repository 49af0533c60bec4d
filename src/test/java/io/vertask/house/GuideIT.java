package io.vertask.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.app.demo.DemoPostgres;
import io.vertask.app.demo.DemoServer;
import io.vertask.testing.Command;
import io.vertask.testing.Command.End;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The output that the README shows is what the program prints; names of runs and numbers aside. */
@Tag("jdk")
class GuideIT {
    private static final Path README = Path.of("README.md");

    @TempDir
    private Path folder;

    private static String block(String language, String with) throws IOException {
        return Page.of(README).blocks(language).stream()
                .map(Page.Block::text)
                .filter(text -> text.contains(with))
                .findFirst()
                .orElseThrow();
    }

    /** How long things took depends on the machine; a phase that took no time is left out. */
    private static List<String> comparable(Stream<String> lines) {
        return lines.filter(line -> !line.isBlank() && !line.startsWith("  item time: "))
                .map(line ->
                        line.replaceAll("run \\w{4}|\\.vertask/\\w{4}", "RUN").replaceAll("[0-9]+", "N"))
                .toList();
    }

    @Test
    void theJobInTheReadmePrintsWhatIsShown() throws Exception {
        Files.writeString(folder.resolve("stars.yaml"), block("yaml", "job: repo-stars"));
        Vertx vertx = Vertx.vertx();
        try {
            DemoServer server = DemoServer.start(vertx)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get();
            End end = Command.run(folder, Map.of(), "stars.yaml", "--set", "clients.github.url=" + server.url());
            assertThat(end.code()).isZero();
            List<String> shown = block("", "repo-stars").lines().toList();
            assertThat(shown).startsWith(end.lines().toArray(String[]::new));
            assertThat(comparable(Stream.concat(end.out().lines(), end.err().lines())))
                    .isEqualTo(comparable(shown.stream()));
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get();
        }
    }

    @Test
    void theTwoCtrlCsInTheReadmePrintWhatIsShown() throws Exception {
        Files.writeString(folder.resolve("reports.yaml"), """
                job: reports
                clients: {db: {postgres: "${DATABASE_URL}"}}
                each: {range: 1..200}
                do: {sql: "SELECT $1::int AS customer, pg_sleep(CASE WHEN $1::int > 20 THEN 60 ELSE 0.1 END)", params: ["{item}"]}
                print: "report {customer}"
                """);
        try (DemoPostgres postgres = DemoPostgres.start();
                Command command = Command.start(folder, Map.of("DATABASE_URL", postgres.uri()), "reports.yaml")) {
            Path ledger = folder.resolve(".vertask");
            Command.await(Duration.ofSeconds(30), "twenty are done", () -> recorded(ledger) == 20);
            command.signal("INT");
            Command.await(
                    Duration.ofSeconds(10), "it has heard", () -> command.said().contains("stopping:"));
            command.signal("INT");
            End end = command.end();
            assertThat(end.code()).isEqualTo(130);
            Stream<String> shown = block("", "^C").lines().dropWhile(line -> !line.equals("^C"));
            assertThat(comparable(end.err().lines())).isEqualTo(comparable(shown.filter(line -> !line.equals("^C"))));
            assertThat(end.err()).contains("cancelled 10: 10 statements cancelled; still running: 0");
        }
    }

    private static long recorded(Path ledger) throws IOException {
        if (!Files.isDirectory(ledger)) {
            return 0;
        }
        try (Stream<Path> files = Files.walk(ledger)) {
            long lines = 0;
            for (Path file : files.filter(one -> one.endsWith("results.jsonl")).toList()) {
                lines += Files.readAllLines(file).size();
            }
            return lines;
        }
    }
}
