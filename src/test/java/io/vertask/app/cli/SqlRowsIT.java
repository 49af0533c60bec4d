package io.vertask.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testing.Command;
import io.vertask.testing.Command.End;
import io.vertask.testing.Postgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results and sources of any size in a small memory, against a real Postgres. */
class SqlRowsIT {
    private static final String DATABASE = "sql_rows_it";
    private static final String TOO_LARGE = "1: ERROR - the rows are larger than 10MB (max_body of clients.db). "
            + "`rows: each` hands them out one by one; or raise max_body.";

    private static String uri = "";

    @TempDir
    private Path folder;

    @BeforeAll
    static void database() throws SQLException {
        uri = Postgres.createDatabase(DATABASE);
    }

    private static String text(String sql) throws SQLException {
        try (Connection connection = Postgres.connect(DATABASE);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? String.valueOf(row.getString(1)) : "";
        }
    }

    private Map<String, String> small() {
        return Map.of("DATABASE_URL", uri, "JAVA_TOOL_OPTIONS", "-Xmx100m");
    }

    private End run(String sql, String rows, String... args) throws Exception {
        List<String> line = new ArrayList<>(List.of(job(sql, rows).toString(), "--fresh"));
        line.addAll(List.of(args));
        return Command.run(folder, small(), line.toArray(String[]::new));
    }

    private Path job(String sql, String rows) throws IOException {
        return Files.writeString(folder.resolve("job.yaml"), """
                job: rows
                clients: {db: {postgres: "${DATABASE_URL}", pool: {max: 2}}}
                each: [1]
                do: {sql: "%s", client: db, rows: %s}
                """.formatted(sql, rows));
    }

    private static final String LARGE = "SELECT g AS id, repeat('x', 1000) AS t FROM generate_series(1, 200000) g";

    @Test
    void allRowsOfALargeResultFailByNameAndAreStoppedOnTheServer() throws Exception {
        End end = run(LARGE, "all");
        assertThat(end.code()).isEqualTo(1);
        assertThat(end.lines()).containsExactly(TOO_LARGE);
        assertThat(run("SELECT g FROM generate_series(1, 5000000) g", "all").lines())
                .containsExactly(TOO_LARGE);
        assertThat(run("SELECT repeat('x', 200000000) AS t", "all").lines()).containsExactly(TOO_LARGE);
        assertThat(run(
                                "SELECT repeat('x', 2000) AS t FROM generate_series(1, 100)",
                                "all",
                                "--set",
                                "clients.db.max_body=100kB")
                        .out())
                .contains("larger than 100kB");
        assertThat(text("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'vertask/rows%'"))
                .isEqualTo("0");
    }

    @Test
    void theFirstRowOfALargeResultAndItsCountNeedNoMemory() throws Exception {
        assertThat(run(LARGE, "first").lines()).singleElement().asString().startsWith("{\"id\":1,");
        assertThat(run(LARGE, "none", "-o", "jsonl").out()).contains("\"result\":200000");
        assertThat(run("SELECT repeat('x', 20000000) AS t", "first").lines()).containsExactly(TOO_LARGE);
    }

    @Test
    void eachRowIsAResultInASmallMemory() throws Exception {
        End end = run(LARGE, "each", "--set", "print={item} {id}");
        assertThat(end.code()).as(end.err()).isZero();
        assertThat(end.lines()).hasSize(200_000).startsWith("1 1", "1 2").endsWith("1 200000");
        End jsonl = run("SELECT g AS id FROM generate_series(1, 3) g", "each", "-o", "jsonl");
        assertThat(jsonl.lines()).hasSize(4).last().asString().contains("\"result\":{\"rows\":3}");
        assertThat(run("SELECT 1 AS x WHERE false", "each").out()).isEmpty();
        assertThat(run("SELECT repeat('x', 20000000) AS t", "each").out())
                .isEqualTo("1: ERROR - a row is larger than 10MB; raise max_body of clients.db\n");
    }

    @Test
    void aQueryThatFailsAfterRowsWereHandedOutIsNotRunAgain() throws Exception {
        End end = run("SELECT 1 / (g - 5000) AS x FROM generate_series(1, 9000) g", "each", "--retries", "3");
        assertThat(end.code()).isEqualTo(1);
        assertThat(end.lines())
                .hasSizeBetween(2, 5_000)
                .last()
                .asString()
                .matches("1: ERROR - division by zero \\(SQLSTATE 22012\\); [0-9,]+ rows were handed out before; "
                        + "the item begins again with --retry-failed");
        assertThat(end.err()).contains("retried 0");
    }

    @Test
    void theTimeoutIsForTheServerAndNotForTheReader() throws Exception {
        End slow = run(
                "SELECT g AS x, pg_sleep(CASE WHEN g = 300 THEN 20 ELSE 0 END)::text FROM generate_series(1, 400) g",
                "each",
                "--timeout",
                "1s");
        assertThat(slow.out()).contains("timed out after 1s running the query").contains("rows were handed out before");
        End reader = Command.bash(
                folder,
                small(),
                "vertask '" + job(LARGE, "each")
                        + "' --fresh --timeout 2s -q --set 'print={id}' | (read one; sleep 4; wc -l)");
        assertThat(reader.lines()).as(reader.err()).containsExactly("199999");
    }

    @Test
    void withIntoTheRowsOfAnItemAreOneTransaction() throws Exception {
        String into = "into={postgres: db, table: recorded, create: true}";
        String sql = "SELECT g AS id, CASE WHEN g = %d THEN 'x' ELSE '1' END AS n FROM generate_series(1, 5000) g";
        End end = run("SELECT g AS id, 1 AS n FROM generate_series(1, 5000) g", "each", "--set", into);
        assertThat(end.lines()).as(end.err()).containsExactly("1: 5,000 rows");
        assertThat(text("SELECT count(*) || ' ' || sum(id) FROM recorded")).isEqualTo("5000 12502500");
        End broken = run(sql.formatted(4_000), "each", "--set", into);
        assertThat(broken.code()).isEqualTo(1);
        assertThat(broken.out())
                .startsWith("1: ERROR - into recorded: row ")
                .contains("column `n` (bigint) is the text x");
        assertThat(text("SELECT count(*) FROM recorded")).isEqualTo("5000");
        assertThat(run("SELECT 1 / (g - 4000) AS id, 1 AS n FROM generate_series(1, 5000) g", "each", "--set", into)
                        .code())
                .isEqualTo(1);
        assertThat(text("SELECT count(*) FROM recorded")).isEqualTo("5000");
    }

    private Path source(String sql) throws IOException {
        return Files.writeString(folder.resolve("source.yaml"), """
                job: source
                clients: {db: {postgres: "${DATABASE_URL}"}}
                each: {sql: "%s", client: db, key: "{item.id}"}
                do: {sleep: 1ms}
                print: "{item.id} {item.price}"
                limits: {concurrency: 100, rate: 4000/s}
                """.formatted(sql));
    }

    @Test
    void aSourceHoldsNoTransactionWhileItsItemsRun() throws Exception {
        String sql = "SELECT g AS id, repeat('y', 200) AS t, g * 1.10 AS price FROM generate_series(1, 40000) g";
        try (Command command =
                Command.start(folder, small(), source(sql).toString(), "--fresh", "--progress", "plain")) {
            Command.await(
                    Duration.ofSeconds(30),
                    "the query is over while items run",
                    () -> command.said().contains("source  ")
                            && text("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'vertask/source%'")
                                    .equals("0"));
            assertThat(command.isAlive()).isTrue();
            End end = command.end();
            assertThat(end.code()).as(end.err()).isZero();
            assertThat(end.lines()).hasSize(40_000).endsWith("40000 44000.00");
        }
        try (var left = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .noneMatch(name -> name.startsWith("vertask-") && name.endsWith(".rows"));
        }
    }

    @Test
    void aSourceThatDiesGivesWhatItHadAndSaysTheServersReason() throws Exception {
        String sql = "SELECT g AS id, 1 AS price, CASE WHEN g = 2000 THEN pg_terminate_backend(pg_backend_pid())::text"
                + " WHEN g > 2000 THEN pg_sleep(1)::text END FROM generate_series(1, 3000) g";
        End end = Command.run(folder, small(), source(sql).toString(), "--fresh");
        assertThat(end.code()).isEqualTo(4);
        assertThat(end.lines()).hasSizeGreaterThan(100);
        assertThat(end.err())
                // the server's words are lost when its reset comes first
                .containsPattern("each\\.sql: .*(terminating connection due to administrator command|reset).*; "
                        + "[0-9,]+ rows were read, those after them never\\. Stopped: ")
                .doesNotContain("bug");
        End none = Command.run(folder, small(), source("SELECT nothing").toString(), "--fresh");
        assertThat(none.code()).isEqualTo(3);
    }
}
