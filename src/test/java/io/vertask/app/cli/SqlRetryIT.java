package io.vertask.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testing.Command;
import io.vertask.testing.Command.End;
import io.vertask.testing.FakePostgres;
import io.vertask.testing.Fault;
import io.vertask.testing.Postgres;
import io.vertask.testing.TcpFaultProxy;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is tried again, against a real Postgres: everything that certainly had no effect, and nothing twice. */
class SqlRetryIT {
    private static final String DATABASE = "sql_retry_it";

    private static String uri = "";

    @TempDir
    private Path folder;

    @BeforeAll
    static void functions() throws SQLException {
        uri = Postgres.createDatabase(DATABASE);
        execute(
                "CREATE TABLE tally (item int)",
                "CREATE TABLE account (id int PRIMARY KEY, v int NOT NULL)",
                "INSERT INTO account VALUES (1, 0), (2, 0)",
                "CREATE SEQUENCE calls",
                // fails the first `times` calls; a sequence keeps its number when all else is rolled back
                "CREATE FUNCTION failing(state text, times int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN"
                        + " INSERT INTO tally VALUES (0); IF nextval('calls') <= times THEN"
                        + " RAISE EXCEPTION 'no: %', state USING ERRCODE = state; END IF; RETURN 7; END $$",
                "CREATE PROCEDURE halves(state text) LANGUAGE plpgsql AS $$ BEGIN INSERT INTO tally VALUES (1);"
                        + " COMMIT; RAISE EXCEPTION 'no' USING ERRCODE = state; END $$",
                "CREATE PROCEDURE halfway() LANGUAGE plpgsql AS $$ BEGIN INSERT INTO tally VALUES (1);"
                        + " COMMIT; PERFORM pg_sleep(20); END $$",
                "CREATE FUNCTION bump(a int, b int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN"
                        + " UPDATE account SET v = v + 1 WHERE id = a; PERFORM pg_sleep(0.2);"
                        + " UPDATE account SET v = v + 1 WHERE id = b; RETURN 1; END $$",
                "CREATE FUNCTION stubborn(item int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN"
                        + " BEGIN PERFORM pg_sleep(20); EXCEPTION WHEN query_canceled THEN NULL; END;"
                        + " INSERT INTO tally VALUES (item); RETURN item; END $$");
    }

    @BeforeEach
    void afresh() throws SQLException {
        execute("TRUNCATE tally", "ALTER SEQUENCE calls RESTART", "UPDATE account SET v = 0");
    }

    private static void execute(String... statements) throws SQLException {
        try (Connection connection = Postgres.connect(DATABASE);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static long number(String sql) throws SQLException {
        try (Connection connection = Postgres.connect(DATABASE);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static long tally() throws SQLException {
        return number("SELECT count(*) FROM tally");
    }

    private Path job(String sql, String more) throws IOException {
        return Files.writeString(folder.resolve("job.yaml"), """
                job: again
                clients: {db: {postgres: "${DATABASE_URL}", pool: {max: 4}, statement_timeout: 5s}}
                each: {range: 1..1}
                do: {sql: "%s", client: db}
                limits: {retries: 3, backoff: 10ms, timeout: 20s}
                """.formatted(sql) + more);
    }

    private End at(String database, String sql, String... args) throws Exception {
        List<String> line = new ArrayList<>(List.of(job(sql, "").toString()));
        line.addAll(List.of(args));
        return Command.run(folder, Map.of("DATABASE_URL", database), line.toArray(String[]::new));
    }

    private End run(String sql, String... args) throws Exception {
        return at(uri, sql, args);
    }

    @ParameterizedTest
    @ValueSource(strings = {"40001", "40P01", "55P03", "53300", "57P03"})
    void whatWasRolledBackAndMayPassIsTriedAgain(String state) throws Exception {
        End end = run("SELECT failing('" + state + "', 2) AS x");
        assertThat(end.lines()).as(end.err()).containsExactly("{\"x\":7}");
        assertThat(end.err()).contains("retried 2");
        assertThat(tally()).isEqualTo(1);
        assertThat(run("SELECT failing('" + state + "', 100) AS x", "--retries", "1")
                        .out())
                .isEqualTo("1: ERROR - no: " + state + " (SQLSTATE " + state + ") (2 attempts)\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"23505", "22012", "40002", "53100", "57014", "42P01", "42501", "25006", "XX000", "P0001"})
    void whatWouldFailAgainIsNotTriedAgainAndFailsOnlyItsItem(String state) throws Exception {
        End end = run("SELECT failing('" + state + "', 1) AS x");
        assertThat(end.out()).startsWith("1: ERROR - ").contains("no: " + state);
        assertThat(end.code()).isEqualTo(1);
        assertThat(end.err()).contains("retried 0");
    }

    @Test
    void deadlocksAndSerializationFailuresDisappear() throws Exception {
        End deadlocks = run(
                "SELECT bump(1 + $1::int % 2, 2 - $1::int % 2)",
                "--set", "do.params=[\"{item}\"]", "--set", "each.range=1..4", "-c", "2");
        assertThat(deadlocks.code()).as(deadlocks.out()).isZero();
        assertThat(number("SELECT v FROM account WHERE id = 1")).isEqualTo(4);
        End serial = at(
                uri + "?options=-c%20default_transaction_isolation%3Dserializable",
                "UPDATE account SET v = v + 1 WHERE id = 2 AND pg_sleep(0.02) IS NOT NULL",
                "--set",
                "each.range=1..12",
                "-c",
                "4",
                "--retries",
                "30");
        assertThat(serial.code()).as(serial.out()).isZero();
        assertThat(number("SELECT v FROM account WHERE id = 2")).isEqualTo(16);
    }

    @Test
    void ourOwnLimitsAreTriedAgainAndSomebodyElsesCancelIsNot() throws Exception {
        String slowOnce = "SELECT CASE WHEN nextval('calls') = 1 THEN pg_sleep(30) END, 1 AS x";
        End own = run(slowOnce, "--set", "clients.db.statement_timeout=300ms");
        assertThat(own.code()).as(own.out()).isZero();
        // more than once on a slow machine
        assertThat(own.err()).containsPattern("retried [1-9]");
        execute("ALTER SEQUENCE calls RESTART");
        assertThat(run(slowOnce, "--timeout", "400ms").err()).contains("ok 1").containsPattern("retried [1-9]");
        execute("ALTER SEQUENCE calls RESTART");
        End other =
                run("SELECT CASE WHEN nextval('calls') = 1 THEN pg_cancel_backend(pg_backend_pid()) END, pg_sleep(1)");
        assertThat(other.out())
                .isEqualTo("1: ERROR - somebody else cancelled the statement on the server: "
                        + "canceling statement due to user request (SQLSTATE 57014)\n");
        assertThat(other.err()).contains("retried 0");
    }

    /** Kills its own session, unless it can only read. */
    private static final String KILLS_ITSELF =
            "CASE WHEN current_setting('transaction_read_only') = 'off' THEN pg_terminate_backend(pg_backend_pid()) END";

    @Test
    void aReaderWhoseSessionIsKilledIsReadAgain() throws Exception {
        End end = run("SELECT " + KILLS_ITSELF + ", pg_sleep(0.1)::text, 5 AS x");
        assertThat(end.code()).as(end.out()).isZero();
        assertThat(end.out()).contains("\"x\":5");
        assertThat(end.err()).contains("retried 1");
    }

    @Test
    void aWriterWhoseSessionIsKilledIsNeverRunTwice() throws Exception {
        String writer = "INSERT INTO tally SELECT 1 FROM (SELECT nextval('calls') AS n) c"
                + " WHERE n > 1 OR pg_terminate_backend(pg_backend_pid()) IS NOT NULL AND pg_sleep(0.1) IS NOT NULL";
        End end = run(writer);
        assertThat(end.code()).isEqualTo(1);
        assertThat(end.out())
                .isEqualTo("1: ERROR - it is unknown whether the statement took effect: its connection was lost while "
                        + "it ran, and it may write, so it was not run again. Look, and set retry_unsafe: true if twice "
                        + "does no harm (2 attempts)\n");
        assertThat(number("SELECT last_value FROM calls")).isEqualTo(1);
        assertThat(Files.readString(ledger())).contains("\"kind\":\"unknown\"").contains("\"retryable\":false");
        execute("ALTER SEQUENCE calls RESTART");
        End unsafe = run(writer, "--fresh", "--set", "do.retry_unsafe=true");
        assertThat(unsafe.code()).as(unsafe.out()).isZero();
        assertThat(tally()).isEqualTo(1);
    }

    private Path ledger() throws IOException {
        try (var runs = Files.list(folder.resolve(".vertask"))) {
            return runs.map(run -> run.resolve("results.jsonl"))
                    .filter(Files::exists)
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void withoutRetriesALostWriterIsUnknownToo() throws Exception {
        End end = run(
                "INSERT INTO tally SELECT 1 WHERE pg_terminate_backend(pg_backend_pid()) AND pg_sleep(0.1) IS NOT NULL",
                "--retries",
                "0");
        assertThat(end.out())
                // then the server's words, unless its reset comes first
                .startsWith("1: ERROR - it is unknown whether the statement took effect: the connection broke while it "
                        + "ran: ");
        assertThat(Files.readString(ledger())).contains("\"kind\":\"unknown\"");
    }

    @Test
    void aProcedureThatCommittedInTheMiddleIsNotCalledAgain() throws Exception {
        End end = run("CALL halves('40001')");
        assertThat(end.code()).isEqualTo(1);
        assertThat(end.out()).contains("it is unknown how much of the statement took effect: no (SQLSTATE 40001)");
        assertThat(tally()).isEqualTo(1);
    }

    @Test
    void aConnectionThatBreaksWhileTheStatementIsPreparedHasDoneNothing() throws Exception {
        try (FakePostgres server = FakePostgres.start((number, in, out) -> {
            out.write(FakePostgres.loggedIn());
            FakePostgres.read(in);
            if (number > 1) {
                out.write(FakePostgres.message(
                        'E',
                        FakePostgres.text("SERROR"),
                        FakePostgres.text("C22012"),
                        FakePostgres.text("Masked"),
                        new byte[1]));
                out.write(FakePostgres.ready());
                in.readByte();
            }
        })) {
            End end = at("postgresql://postgres@127.0.0.1:" + server.port() + "/x", "INSERT INTO tally VALUES (1)");
            assertThat(end.out()).contains("asked (SQLSTATE 22012)").doesNotContain("unknown");
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void aStatementWhoseAnswerNeverCameIsUnknown() throws Exception {
        try (TcpFaultProxy proxy = TcpFaultProxy.to(Postgres.port());
                Command command = Command.start(
                        folder,
                        Map.of(
                                "DATABASE_URL",
                                uri.replace(":" + Postgres.port(), ":" + proxy.port()) + "?sslmode=disable"),
                        job("INSERT INTO tally SELECT 1 FROM pg_sleep(1)", "").toString(),
                        "--timeout",
                        "3s")) {
            Command.await(
                    Duration.ofSeconds(20),
                    "the statement runs",
                    () -> number("SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE "
                                    + "'INSERT INTO tally%' AND wait_event = 'PgSleep'")
                            == 1);
            proxy.inject(new Fault.Stall());
            Command.await(Duration.ofSeconds(20), "it is committed", () -> tally() == 1);
            Command.await(Duration.ofSeconds(20), "it is tried again", () -> proxy.acceptedConnections() > 2);
            proxy.heal();
            End end = command.end();
            assertThat(end.out()).as(end.err()).contains("it is unknown whether the statement took effect");
            assertThat(tally()).isEqualTo(1);
        }
    }

    @Test
    void aProcedureThatRunsOutOfTimeIsNotCalledAgain() throws Exception {
        End end = run("; /* commits */ CALL halfway()", "--timeout", "1s");
        assertThat(end.out()).as(end.err()).contains("it is unknown how much of the statement took effect: timed out");
        assertThat(tally()).isEqualTo(1);
        assertThat(run("; /* commits */ CALL halfway()", "--retry-failed").code())
                .isEqualTo(1);
        assertThat(tally()).isEqualTo(1);
    }

    @Test
    void aStatementThatEndsWellAfterItsTimeIsDoneOnce() throws Exception {
        End end = run("SELECT stubborn(3) AS x", "--timeout", "400ms");
        assertThat(end.lines()).as(end.err()).containsExactly("{\"x\":3}");
        assertThat(tally()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT nothing FROM tally",
                "SELECT * FROM nothing",
                "SELECT nothing(1)",
                "SELEC 1",
                "INSERT INTO tally (nothing) VALUES (1)"
            })
    void aMistakeInTheStatementStopsTheJob(String sql) throws Exception {
        End end = run(sql, "--set", "each.range=1..500", "-c", "1");
        assertThat(end.code()).isEqualTo(4);
        assertThat(end.out()).isEmpty();
        assertThat(end.err()).contains("do.sql: ").contains("(SQLSTATE 42").contains("499 not started");
    }
}
