package io.vertask.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testing.Command;
import io.vertask.testing.Command.End;
import io.vertask.testing.PagedServer;
import io.vertask.testing.Postgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever ends a run that records rows: what is reported is what the table has, and a later run does the rest, each
 * row once. No table has a key, so that a row that is recorded twice shows.
 */
class IntoStopIT {
    private static final String DATABASE = "into_stop_it";

    @TempDir
    private Path folder;

    private Map<String, String> env = Map.of();

    @BeforeEach
    void database() throws SQLException {
        env = Map.of("DATABASE_URL", Postgres.createDatabase(DATABASE));
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = Postgres.connect(DATABASE);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long number(String sql) throws SQLException {
        try (Connection connection = Postgres.connect(DATABASE);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static long rows() throws SQLException {
        return number("SELECT count(*) FROM t");
    }

    /** The lines of the ledger of the only run that end with {@code ok}. */
    private long reported(boolean ok) throws IOException {
        try (Stream<Path> runs = Files.list(folder.resolve(".vertask"))) {
            List<Path> all = runs.toList();
            assertThat(all).hasSize(1);
            return Files.readAllLines(all.get(0).resolve("results.jsonl")).stream()
                    .filter(line -> line.contains("\"ok\":" + ok))
                    .count();
        }
    }

    private String numbers() throws IOException {
        Path file = folder.resolve("numbers.yaml");
        Files.writeString(file, """
                job: numbers
                clients: {db: {postgres: "${DATABASE_URL}", pool: {max: 4}}}
                each: {range: 1..100}
                do: {sql: "SELECT $1::int AS id", params: ["{item}"]}
                into: {postgres: db, table: t}
                limits: {concurrency: 10}
                """);
        return file.toString();
    }

    /** A table whose rows from the 51st on wait as long as somebody holds lock 77. */
    private static void slowTable() throws SQLException {
        execute("CREATE TABLE t (id int)");
        execute("CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.id > 50 THEN "
                + "PERFORM pg_advisory_xact_lock_shared(77); END IF; RETURN NEW; END $$");
        execute("CREATE TRIGGER hold BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION hold()");
    }

    private static Connection lock() throws SQLException {
        Connection connection = Postgres.connect(DATABASE);
        connection.createStatement().execute("SELECT pg_advisory_lock(77)");
        return connection;
    }

    private static void untilABatchWaits() throws Exception {
        Command.await(
                Duration.ofSeconds(30),
                "a batch waits",
                () -> number("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") == 1);
    }

    private void theRestComesOnceWith(String flag) throws Exception {
        End rest = Command.run(folder, env, numbers(), flag);
        assertThat(rest.code()).as(rest.err()).isZero();
        assertThat(rows()).isEqualTo(100);
        assertThat(number("SELECT count(DISTINCT id) FROM t")).isEqualTo(100);
        assertThat(reported(true)).isEqualTo(100);
    }

    @Test
    void ctrlCTwiceInABatchRollsItBackAndReportsNoneOfIt() throws Exception {
        slowTable();
        try (Connection held = lock();
                Command command = Command.start(folder, env, numbers())) {
            assertThat(held).isNotNull();
            untilABatchWaits();
            command.signal("INT");
            command.signal("INT");
            End end = command.end();
            assertThat(end.code()).isEqualTo(130);
            assertThat(rows()).isEqualTo(reported(true)).isBetween(1L, 99L);
            assertThat(end.err())
                    .contains("stopped by Ctrl-C: " + rows() + " done, ")
                    .contains("1 statement cancelled; still running: 0");
        }
        theRestComesOnceWith("--resume");
    }

    @Test
    void aCancelThatComesDuringTheCommitIsTooLateAndTheItemsAreReported() throws Exception {
        slowTable();
        execute("DROP TRIGGER hold ON t");
        execute("CREATE CONSTRAINT TRIGGER hold AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
                + "EXECUTE FUNCTION hold()");
        try (Connection held = lock();
                Command command = Command.start(folder, env, numbers())) {
            untilABatchWaits();
            command.signal("INT");
            command.signal("INT");
            // the second signal is on its way; when it comes after all, the rows are reported just the same
            held.createStatement().execute("SELECT pg_sleep(1), pg_advisory_unlock_all()");
            End end = command.end();
            assertThat(end.code()).isEqualTo(130);
            assertThat(rows()).isEqualTo(reported(true)).isBetween(51L, 99L);
        }
        theRestComesOnceWith("--resume");
    }

    @Test
    void aDrainCommitsTheBatchThatWaitsAndTheOneBehindIt() throws Exception {
        slowTable();
        try (Connection held = lock();
                Command command = Command.start(folder, env, numbers())) {
            untilABatchWaits();
            command.signal("INT");
            held.createStatement().execute("SELECT pg_advisory_unlock_all()");
            End end = command.end();
            // all of it was there when the signal came after the last item had begun
            assertThat(end.code()).isIn(130, 0);
            assertThat(rows()).isEqualTo(reported(true)).isGreaterThan(50);
            assertThat(end.err()).contains("failed 0").contains("cancelled 0");
        }
        theRestComesOnceWith("--resume");
    }

    @Test
    void stopAfterLeavesNoItemBetweenTableAndReport() throws Exception {
        execute("CREATE TABLE t (id int CONSTRAINT not_thirty CHECK (id <> 30))");
        End end = Command.run(folder, env, numbers(), "--stop-after", "1");
        assertThat(end.code()).isEqualTo(4);
        assertThat(end.lines())
                .singleElement()
                .asString()
                .startsWith("30: ERROR - into t: ")
                .contains("not_thirty");
        assertThat(end.err()).contains("stop_after 1: 1 of ");
        assertThat(rows()).isEqualTo(reported(true)).isBetween(1L, 98L);
        assertThat(reported(false)).isEqualTo(1);
        execute("ALTER TABLE t DROP CONSTRAINT not_thirty");
        theRestComesOnceWith("--retry-failed");
    }

    private String pages(PagedServer server, String each) throws IOException {
        Path file = folder.resolve("pages.yaml");
        Files.writeString(file, """
                job: pages
                clients: {db: {postgres: "${DATABASE_URL}"}, api: {url: "%s"}}
                each: %s
                do: {pages: "/link/{+item}", client: api, next: link, pick: {list: =item, number: number}}
                into: {postgres: db, table: t, create: true}
                limits: {concurrency: 1}
                """.formatted(server.url(), each));
        return file.toString();
    }

    @Test
    void checkpointsStayUntilNobodyCanAskForThem() throws Exception {
        execute("CREATE TABLE t (list text, number int)");
        String done = "SELECT count(*) FROM vertask_checkpoints WHERE done";
        String each = "[\"short?per_page=100\", \"long?per_page=5\"]";
        try (PagedServer server = PagedServer.start(300, 15);
                Command command = Command.start(folder, env, pages(server, each))) {
            Command.await(Duration.ofSeconds(30), "the short one is done", () -> rows() > 0 && number(done) == 1);
            command.signal("INT");
            command.signal("INT");
            assertThat(command.end().code()).isEqualTo(130);
            assertThat(number(done)).isEqualTo(1);
            End rest = Command.run(folder, env, pages(server, each), "--resume");
            assertThat(rest.code()).as(rest.err()).isZero();
            assertThat(rows()).isEqualTo(600);
            assertThat(number("SELECT count(DISTINCT (list, number)) FROM t")).isEqualTo(600);
            assertThat(number("SELECT count(*) FROM vertask_checkpoints")).isZero();
        }
    }

    @Test
    void whatAFullDiskKeptOutOfTheLedgerIsFoundByItsCheckpoint() throws Exception {
        try (PagedServer server = PagedServer.start(5, 0)) {
            StringBuilder each = new StringBuilder();
            for (int i = 0; i < 40; i++) {
                each.append(i == 0 ? "[" : ", ").append("i").append(i);
            }
            String job = pages(server, each.append(']').toString());
            // a limit of 1 kB for each file it writes stands for a full disk
            End full = Command.bash(
                    folder,
                    Map.of("DATABASE_URL", env.get("DATABASE_URL"), "VERTASK_JAVA_OPTS", "-XX:-UsePerfData"),
                    "ulimit -f 1; vertask '" + job + "' | cat");
            assertThat(full.err()).contains("results.jsonl can't be written: File too large");
            assertThat(rows()).isGreaterThan(5 * reported(true));
            End rest = Command.run(folder, env, job, "--resume");
            assertThat(rest.code()).as(rest.err()).isZero();
            assertThat(rows()).isEqualTo(200);
            assertThat(number("SELECT count(DISTINCT (list, number)) FROM t")).isEqualTo(200);
        }
    }
}
