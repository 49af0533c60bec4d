package io.vertask.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testing.Command;
import io.vertask.testing.Command.End;
import io.vertask.testing.Postgres;
import io.vertask.testing.RecordingHttpServer;
import io.vertask.testing.Reply;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A row that can't be recorded is no failure of the call that gave it, against a real Postgres. */
class IntoAfterIT {
    private static final String DATABASE = "into_after_it";

    private static String uri = "";

    @TempDir
    private Path folder = Path.of("");

    private RecordingHttpServer server = RecordingHttpServer.start();

    IntoAfterIT() throws IOException {}

    @BeforeAll
    static void database() throws SQLException {
        uri = Postgres.createDatabase(DATABASE);
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private static List<String> sql(String text) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (Connection connection = Postgres.connect(DATABASE);
                Statement statement = connection.createStatement()) {
            if (statement.execute(text)) {
                ResultSet rows = statement.getResultSet();
                while (rows.next()) {
                    lines.add(rows.getString(1));
                }
            }
        }
        return lines;
    }

    private void job(String step, String into, String more) throws IOException {
        Files.writeString(folder.resolve("job.yaml"), """
                job: rows
                clients: {shop: {url: "%s"}, db: {postgres: "${DATABASE_URL}"}}
                each: {range: 0..9}
                do: {%s, client: shop}
                into: {postgres: db, %s}
                limits: {concurrency: 3}
                %s
                """.formatted(server.url(), step, into, more));
    }

    private End run(String... flags) throws IOException, InterruptedException {
        return Command.run(
                folder,
                Map.of("DATABASE_URL", uri),
                Stream.concat(Stream.of("job.yaml"), Stream.of(flags)).toArray(String[]::new));
    }

    private List<JsonObject> ledger() throws IOException {
        try (Stream<Path> runs = Files.list(folder.resolve(".vertask"))) {
            return Files.readAllLines(runs.findFirst().orElseThrow().resolve("results.jsonl")).stream()
                    .map(JsonObject::new)
                    .toList();
        }
    }

    @Test
    void anUnknownColumnStopsTheJobAndTheRowsComeWhenTheTableIsRight() throws Exception {
        sql("DROP TABLE IF EXISTS orders");
        sql("CREATE TABLE orders (id bigint PRIMARY KEY)");
        IntStream.range(0, 10).forEach(n -> server.on("/" + n, Reply.ok("{\"id\": " + n + ", \"state\": \"new\"}")));
        job("post: \"/{item}\"", "table: orders, key: id", "print: \"{id} {state}\"");
        End end = run();
        assertThat(end.code()).as(end.err() + server.requestLines()).isEqualTo(4);
        int sent = server.requests().size();
        assertThat(sent).isBetween(1, 6);
        assertThat(end.err())
                .contains("into: table orders has no column `state`; it has: id. Add it with ALTER TABLE ")
                .contains("Stopped: " + sent + " done, ")
                .contains("Fix the table, then --retry-failed; what was answered is kept.");
        assertThat(ledger()).hasSize(sent).allSatisfy(line -> {
            assertThat(line.getJsonObject("error").getString("kind")).isEqualTo("column");
            assertThat(line.getJsonObject("error").getString("part")).isEqualTo("into");
        });
        assertThat(sql("SELECT count(*) FROM orders")).containsExactly("0");

        sql("ALTER TABLE orders ADD COLUMN state text");
        job("post: \"/{item}\"", "table: orders, key: id", "print: \"{id} {stat}\"");
        End typo = run("--retry-failed");
        assertThat(typo.code()).as("now a typo in print: " + typo.err()).isEqualTo(4);
        job("post: \"/{item}\"", "table: orders, key: id", "print: \"{id} {state}\"");
        End fixed = run("--retry-failed");
        assertThat(fixed.code()).as(fixed.err()).isZero();
        assertThat(fixed.lines())
                .containsExactlyElementsOf(
                        IntStream.range(0, 10).mapToObj(n -> n + " new").toList());
        assertThat(sql("SELECT count(*) FROM orders WHERE state = 'new'")).containsExactly("10");
        assertThat(server.requestLines()).hasSize(10).doesNotHaveDuplicates();
    }

    @Test
    void aValueThatDoesNotFitFailsItsItemAndNoOther() throws Exception {
        sql("DROP TABLE IF EXISTS values_of");
        sql("CREATE TABLE values_of (id bigint PRIMARY KEY, n smallint)");
        IntStream.range(0, 10)
                .forEach(
                        n -> server.on("/" + n, Reply.ok("{\"id\": " + n + ", \"n\": " + (n == 4 ? 99_999 : n) + "}")));
        job("post: \"/{item}\"", "table: values_of, key: id", "");
        End end = run();
        assertThat(end.code()).as(end.err()).isEqualTo(1);
        assertThat(sql("SELECT count(*) FROM values_of")).containsExactly("9");
        sql("ALTER TABLE values_of ALTER COLUMN n TYPE bigint");
        End again = run("--retry-failed");
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(sql("SELECT n::text FROM values_of WHERE id = 4")).containsExactly("99999");
        assertThat(server.requestLines()).hasSize(10).doesNotHaveDuplicates();
    }

    @Test
    void aCancelWhileARowIsRecordedDoesNotSendItsPostAgain() throws Exception {
        sql("DROP TABLE IF EXISTS locked");
        sql("CREATE TABLE locked (id bigint PRIMARY KEY)");
        IntStream.range(0, 10).forEach(n -> server.on("/" + n, Reply.ok("{\"id\": " + n + "}")));
        job("post: \"/{item}\"", "table: locked, key: id", "");
        try (Connection other = Postgres.connect(DATABASE);
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE locked IN SHARE MODE");
            End stopped = run("--deadline", "4s");
            assertThat(stopped.code()).as(stopped.err()).isEqualTo(4);
            other.rollback();
        }
        int sent = server.requests().size();
        assertThat(sent).isBetween(1, 3);
        assertThat(ledger()).as("a cancelled item has not failed").isEmpty();
        End rest = run("--resume");
        assertThat(rest.code()).as(rest.err()).isZero();
        assertThat(sql("SELECT count(*) FROM locked")).containsExactly("10");
        assertThat(server.requestLines()).hasSize(10).doesNotHaveDuplicates();
    }

    @Test
    void pagesThatAreRecordedAndNotPrintedArePrintedLater() throws Exception {
        sql("DROP TABLE IF EXISTS pages_of");
        sql("CREATE TABLE pages_of (id bigint PRIMARY KEY)");
        for (int n = 0; n < 10; n++) {
            server.on(
                    "/p" + n,
                    Reply.ok("[{\"id\": 1" + n + "0}, {\"id\": 1" + n + "1}]"),
                    Reply.ok("[{\"id\": 1" + n + "2}]"),
                    Reply.ok("[]"));
        }
        String pages = "pages: \"/p{item}\", next: {page: page}";
        job(pages, "table: pages_of, key: id", "print: \"{id} {slip}\"");
        End end = run();
        assertThat(end.code()).as(end.err() + server.requestLines()).isEqualTo(4);
        assertThat(end.err()).contains("Fix `print`, then --retry-failed; what was answered is kept.");
        job(pages, "table: pages_of, key: id", "print: \"{item} {id}\"");
        End fixed = run("--retry-failed");
        assertThat(fixed.code()).as(fixed.err()).isZero();
        assertThat(fixed.lines()).hasSize(30).doesNotHaveDuplicates();
        assertThat(sql("SELECT count(*) FROM pages_of")).containsExactly("30");
        assertThat(server.requestLines())
                .as("no page is fetched again")
                .hasSize(30)
                .doesNotHaveDuplicates();
    }
}
