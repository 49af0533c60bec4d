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

/** {@code conf/db_users.yaml} and its like, as a user runs them against a real Postgres. */
class SqlJobIT {
    private static final String USERS = "conf/db_users.yaml";

    private static String uri = "";

    @BeforeAll
    static void users() throws SQLException {
        uri = Postgres.createDatabase("sql_job_it");
        execute(
                "CREATE TABLE users (id int PRIMARY KEY, username text NOT NULL)",
                "INSERT INTO users SELECT n, 'user' || n FROM generate_series(1, 20) n WHERE n NOT IN (7, 13)");
    }

    private static void execute(String... statements) throws SQLException {
        try (Connection connection = Postgres.connect("sql_job_it");
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static Map<String, String> database() {
        return Map.of("DATABASE_URL", uri);
    }

    @Test
    void theUsersComeInOrderAndAMissingOneIsNoError() throws IOException, InterruptedException {
        End end = Command.run(database(), USERS);
        List<String> expected = new ArrayList<>();
        for (int id = 1; id <= 20; id++) {
            if (id != 7 && id != 13) {
                expected.add("user" + id);
            }
        }
        assertThat(end.lines()).isEqualTo(expected);
        assertThat(end.code()).isZero();
        assertThat(end.err())
                .contains("note: concurrency 20 but clients.db.pool.max 10")
                .contains("ok 20   failed 0")
                .contains("in flight: peak 20 of 20");
    }

    @Test
    void whatTheServerSaysBesidesItsRowsIsNoLineOnStderr(@TempDir Path folder) throws Exception {
        execute("CREATE OR REPLACE FUNCTION noisy(n int) RETURNS int LANGUAGE plpgsql AS "
                + "$$ BEGIN RAISE NOTICE 'hello'; RAISE WARNING 'hello'; RETURN n; END $$");
        Path job = Files.writeString(folder.resolve("noisy.yaml"), """
                job: noisy
                clients: {db: {postgres: "${DATABASE_URL}"}}
                each: [1]
                do: {sql: "SELECT noisy($1) AS n", params: ["{item}"], client: db}
                print: "{n}"
                """);
        End end = Command.run(database(), job.toString(), "-q");
        assertThat(end.lines()).containsExactly("1");
        assertThat(end.err()).isEmpty();
    }

    @Test
    void itemsOnTheCommandLineReplaceThoseOfTheFileAndANumberIsANumber() throws IOException, InterruptedException {
        End end = Command.run(database(), USERS, "3", "7", "5");
        assertThat(end.lines()).containsExactly("user3", "user5");
        assertThat(end.code()).isZero();
    }

    @Test
    void libpqsVariablesAreReadWhenThereIsNoUrl() throws IOException, InterruptedException {
        End end = Command.run(
                Map.of(
                        "PGHOST",
                        Postgres.host(),
                        "PGPORT",
                        Integer.toString(Postgres.port()),
                        "PGUSER",
                        "postgres",
                        "PGDATABASE",
                        "sql_job_it"),
                USERS);
        assertThat(end.lines()).hasSize(18).first().isEqualTo("user1");
        assertThat(end.code()).isZero();
    }

    @Test
    void aDeadPortIsOneMessageAndExit3() throws IOException, InterruptedException {
        End end = Command.run(Map.of("DATABASE_URL", "postgresql://postgres@127.0.0.1:1/postgres"), USERS);
        assertThat(end.code()).isEqualTo(3);
        assertThat(end.out()).isEmpty();
        assertThat(end.err())
                .contains("clients.db")
                .contains("127.0.0.1:1")
                .contains("refused")
                .doesNotContain("\tat ");
    }

    @Test
    void aWrongPasswordIsOneMessageAndExit3WithoutThePassword() throws Exception {
        Path hba = requirePassword("locked");
        assertThat(hba).exists();
        String dsn = uri.replace("postgres@", "locked:hunter2hunter2@");
        End end = Command.run(Map.of("DATABASE_URL", dsn), USERS);
        assertThat(end.code()).isEqualTo(3);
        assertThat(end.err())
                .contains("password authentication failed for user \"locked\"")
                .doesNotContain("hunter2")
                .doesNotContain("\tat ");
    }

    /** The embedded server trusts everyone; this makes it ask one user for a password. */
    private static Path requirePassword(String user) throws SQLException, IOException {
        execute("DROP ROLE IF EXISTS " + user, "CREATE ROLE " + user + " LOGIN PASSWORD 'right'");
        try (Connection connection = Postgres.connect("sql_job_it");
                Statement statement = connection.createStatement();
                ResultSet file = statement.executeQuery("SHOW hba_file")) {
            assertThat(file.next()).isTrue();
            Path hba = Path.of(file.getString(1));
            String rule = "host all " + user + " 127.0.0.1/32 scram-sha-256\n";
            Files.writeString(hba, rule + Files.readString(hba));
            statement.execute("SELECT pg_reload_conf()");
            return hba;
        }
    }

    @Test
    void aMissingTableStopsTheJobWithTheServersMessage() throws IOException, InterruptedException {
        End end = Command.run(
                database(), USERS, "--set", "do.sql=SELECT id, username FROM nobody WHERE id = $1", "-c", "2");
        assertThat(end.code()).isEqualTo(4);
        assertThat(end.lines()).isEmpty();
        assertThat(end.err())
                .contains("do.sql: relation \"nobody\" does not exist (SQLSTATE 42P01). Stopped: 0 done")
                .doesNotContain("\tat ");
    }

    @Test
    void aStatementThatRunsTooLongIsCancelledByTheServerAndSaysSo() throws IOException, InterruptedException {
        End end = Command.run(
                database(),
                USERS,
                "--set",
                "each.range=1..2",
                "--set",
                "do.sql=SELECT $1::int AS username, pg_sleep(60)",
                "--set",
                "clients.db.statement_timeout=200ms");
        assertThat(end.code()).isEqualTo(1);
        assertThat(end.lines())
                .first()
                .isEqualTo("1: ERROR - query ran longer than 200ms and was cancelled on the server. "
                        + "Narrow it or raise statement_timeout.");
    }

    @Test
    void aTimeoutWhileAllConnectionsAreBusySaysSo() throws IOException, InterruptedException {
        End end = Command.run(
                database(),
                USERS,
                "--set",
                "each.range=1..20",
                "--set",
                "clients.db.pool={min: 1, max: 1}",
                "--set",
                "do.sql=SELECT $1::int AS username, pg_sleep(60)",
                "--timeout",
                "2s");
        assertThat(end.code()).isEqualTo(1);
        assertThat(end.out())
                .contains("timed out after 2s running the query")
                // which query is said when it still ran
                .containsPattern("waited 2s for a connection: all 1 of `db` busy( \\(oldest query .*\\))?\\."
                        + " Raise pool.max or lower concurrency\\.");
        // some of those that waited can come to begin its own
        assertThat(end.err()).containsPattern("\\d statements? cancelled").contains("still running: 0");
    }

    @Test
    void ctrlCTwiceStopsTenSleepingStatementsOnTheServer(@TempDir Path folder) throws Exception {
        Path job = folder.resolve("sleepers.yaml");
        Files.writeString(job, """
                job: sleepers
                clients: {db: {postgres: "${DATABASE_URL}", pool: {max: 10}}}
                each: {range: 1..10}
                do: {sql: "SELECT pg_sleep(60) /* sleeper */, $1::int", params: ["{item}"], client: db}
                limits: {concurrency: 10}
                """);
        try (Command command = Command.start(database(), job.toString())) {
            Command.await(Duration.ofSeconds(20), "ten statements run", () -> sleepers() == 10);
            command.signal("INT");
            Command.await(Duration.ofSeconds(5), "still running after the first", () -> sleepers() == 10);
            command.signal("INT");
            // usually within 200 ms; the rest is for a machine that is busy with other tests
            Command.await(Duration.ofSeconds(3), "no statement runs any more", () -> sleepers() == 0);
            End end = command.end();
            assertThat(end.code()).isEqualTo(130);
            assertThat(end.err())
                    .contains("stopping: 10 in flight may finish within 10s; Ctrl-C again cancels them")
                    .contains("cancelled 10: 10 statements cancelled; still running: 0")
                    .contains("stopped by Ctrl-C: 0 done, 10 cancelled, 0 not started");
        }
    }

    @Test
    void sigtermDrainsWhatIsInFlightAndStartsNothingNew(@TempDir Path folder) throws Exception {
        Path job = folder.resolve("drain.yaml");
        Files.writeString(job, """
                job: drain
                clients: {db: {postgres: "${DATABASE_URL}", pool: {max: 2}}}
                each: {range: 1..50}
                do: {sql: "SELECT pg_sleep(1.5) /* sleeper */, $1::int AS n", params: ["{item}"], client: db}
                print: "done {n}"
                limits: {concurrency: 2}
                """);
        try (Command command = Command.start(database(), job.toString())) {
            Command.await(Duration.ofSeconds(20), "two statements run", () -> sleepers() == 2);
            command.signal("TERM");
            End end = command.end();
            assertThat(end.code()).isEqualTo(143);
            assertThat(end.lines()).contains("done 1", "done 2").hasSizeLessThanOrEqualTo(4);
            assertThat(end.err()).contains("stopped by SIGTERM").contains("not started");
        }
    }

    private static int sleepers() throws SQLException {
        try (Connection connection = Postgres.connect("sql_job_it");
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("SELECT count(*) FROM pg_stat_activity WHERE state = 'active'"
                        + " AND query LIKE '%/* sleeper */%' AND pid <> pg_backend_pid()")) {
            return count.next() ? count.getInt(1) : -1;
        }
    }

    @Test
    void aStatementWithoutRowsPrintsItsCountWhereTheJobHasATextForIt(@TempDir Path folder) throws Exception {
        String job = """
                job: none
                clients: {db: {postgres: "${DATABASE_URL}"}}
                each: [1, 7]
                do: {sql: "UPDATE users SET username = username WHERE id = $1", params: ["{item}"], rows: none}
                """;
        Path silent = Files.writeString(folder.resolve("silent.yaml"), job);
        Path told = Files.writeString(folder.resolve("told.yaml"), job + "print: \"{item}: {count}\"\n");
        assertThat(Command.run(database(), told.toString()).lines()).containsExactly("1: 1", "7: 0");
        assertThat(Command.run(database(), silent.toString()).lines()).isEmpty();
        assertThat(Command.run(database(), silent.toString(), "-o", "csv").lines())
                .containsExactly("value", "1", "0");
    }
}
