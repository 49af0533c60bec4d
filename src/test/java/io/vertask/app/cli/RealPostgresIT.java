package io.vertask.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertask.testing.Certificates;
import io.vertask.testing.Command;
import io.vertask.testing.Command.End;
import io.vertask.testing.RealPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same jobs against the system's own PostgreSQL, where it is installed. */
class RealPostgresIT {
    private static final String DATABASE = "real";

    @TempDir
    private static Path made;

    private static @Nullable Certificates certificates;
    private static @Nullable RealPostgres server;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws Exception {
        Optional<Path> bin = RealPostgres.find();
        assumeTrue(bin.isPresent(), "PostgreSQL is not installed: apt-get install postgresql");
        Certificates authority = Certificates.in(made);
        certificates = authority;
        RealPostgres started = RealPostgres.start(bin.get(), authority);
        server = started;
        started.execute(
                "postgres",
                "CREATE DATABASE " + DATABASE,
                "CREATE ROLE guarded LOGIN PASSWORD 'hunter2hunter2'",
                "CREATE ROLE secret LOGIN",
                "CREATE ROLE localhost LOGIN");
    }

    @AfterAll
    static void stop() throws Exception {
        RealPostgres started = server;
        if (started != null) {
            started.close();
        }
    }

    private static RealPostgres postgres() {
        return Objects.requireNonNull(server);
    }

    /** As a person's shell has them; {@code more} are pairs. */
    private Map<String, String> env(String... more) {
        Map<String, String> env = new HashMap<>(Map.of(
                "PGHOST",
                "127.0.0.1",
                "PGPORT",
                Integer.toString(postgres().port()),
                "PGUSER",
                "postgres",
                "PGDATABASE",
                DATABASE,
                "PGPASSFILE",
                folder.resolve("none").toString(),
                "PGAPPNAME",
                "me"));
        for (int i = 0; i < more.length; i += 2) {
            env.put(more[i], more[i + 1]);
        }
        return env;
    }

    private Path job(String text) throws IOException {
        return Files.writeString(folder.resolve("job.yaml"), text);
    }

    private End run(Map<String, String> env, String job, String... args) throws Exception {
        List<String> line = new ArrayList<>(List.of(job(job).toString()));
        line.addAll(List.of(args));
        return Command.run(folder, env, line.toArray(String[]::new));
    }

    private static final String WHO = """
            job: who
            clients: {db: {postgres: "", pool: {min: 1, max: 2}}}
            each: [1]
            do:
              sql: "SELECT current_user AS who, ssl AS tls, current_setting('application_name') AS name FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND $1::int = 1"
              params: ["{item}"]
            print: "{who} {tls} {name}"
            """;

    @Test
    void queriesTakeParametersOfEveryTypeAndKeepTheirOrder() throws Exception {
        End end = run(env(), """
                job: types
                clients: {db: {postgres: "", pool: {max: 4}}}
                each: [{n: 1, t: ü, day: "2026-02-03", x: 1.5, on: true, nothing: null}, {n: 2, t: "it's", day: "1999-12-31", x: -0.25, on: false, nothing: null}]
                do:
                  sql: "SELECT $1::int + 1 AS n, upper($2) AS t, ($3::text::date + 1)::text AS day, $4::float8 * 2 AS x, NOT $5::bool AS off, coalesce($6, 'none') AS nothing"
                  params: ["{item.n}", "{item.t}", "{item.day}", "{item.x}", "{item.on}", "{item.nothing}"]
                print: "{n} {t} {day} {x} {off} {nothing}"
                limits: {concurrency: 4}
                """);
        assertThat(end.lines())
                .as(end.err())
                .containsExactly("2 Ü 2026-02-04 3.0 false none", "3 IT'S 2000-01-01 -0.5 true none");
        assertThat(end.code()).isZero();
    }

    @Test
    void rowsGoIntoATableThatIsMadeAndReplaceThoseOfTheSameKey() throws Exception {
        String job = """
                job: squares
                clients: {db: {postgres: "", pool: {max: 4}}}
                each: {range: 1..500}
                do: {sql: "SELECT $1::int AS n, $1::int * $1::int AS square, now() AS at", params: ["{item}"], client: db}
                into: {postgres: db, table: squares, key: n, create: true}
                limits: {concurrency: 20}
                """;
        for (int again = 0; again < 2; again++) {
            End end = run(env(), job, "--fresh");
            assertThat(end.code()).as(end.err() + end.out()).isZero();
            assertThat(postgres().query(DATABASE, "SELECT count(*) || ' ' || sum(square) FROM squares"))
                    .containsExactly("500 41791750");
        }
    }

    @Test
    void whatACommitRefusesIsNotRecordedAndOnlyItsItemFails() throws Exception {
        postgres()
                .execute(
                        DATABASE,
                        "CREATE TABLE owners (id int PRIMARY KEY)",
                        "INSERT INTO owners SELECT n FROM generate_series(1, 100) n WHERE n <> 42",
                        "CREATE TABLE owned (id int PRIMARY KEY, "
                                + "owner int REFERENCES owners DEFERRABLE INITIALLY DEFERRED)");
        End end = run(env(), """
                job: owned
                clients: {db: {postgres: "", pool: {max: 2}}}
                each: {range: 1..100}
                do: {sql: "SELECT $1::int AS id, $1::int AS owner", params: ["{item}"], client: db}
                into: {postgres: db, table: owned, key: id}
                limits: {concurrency: 30}
                """);
        assertThat(end.code()).isEqualTo(1);
        assertThat(end.lines())
                .as(end.err())
                .singleElement()
                .asString()
                .startsWith("42: ERROR - into owned: ")
                .contains("owned_owner_fkey");
        assertThat(postgres().query(DATABASE, "SELECT count(*) || ' ' || count(*) FILTER (WHERE id = 42) FROM owned"))
                .containsExactly("99 0");
    }

    private static long running() throws Exception {
        return Long.parseLong(postgres()
                .query(
                        "postgres",
                        "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%/* sleeper */%' "
                                + "AND pid <> pg_backend_pid()")
                .get(0));
    }

    private static final String SLEEPERS = """
            job: sleepers
            clients: {db: {postgres: "", pool: {min: 5, max: 5}}}
            each: {range: 1..5}
            do: {sql: "SELECT pg_sleep(60) /* sleeper */, $1::int", params: ["{item}"], client: db}
            limits: {concurrency: 5}
            """;

    @Test
    void aStatementThatTimesOutEndsOnTheServer() throws Exception {
        End end = run(env("PGSSLMODE", "require"), SLEEPERS, "--timeout", "800ms", "--retries", "0");
        assertThat(end.code()).isEqualTo(1);
        assertThat(end.lines()).hasSize(5).allMatch(line -> line.contains("timed out after 800ms running the query"));
        assertThat(end.err()).contains("5 statements cancelled; still running: 0");
        assertThat(running()).isZero();
    }

    @Test
    void ctrlCTwiceStopsTheStatements() throws Exception {
        try (Command command = Command.start(folder, env(), job(SLEEPERS).toString())) {
            Command.await(Duration.ofSeconds(20), "five statements run", () -> running() == 5);
            command.signal("INT");
            command.signal("INT");
            End end = command.end();
            assertThat(end.code()).isEqualTo(130);
            assertThat(end.err()).contains("cancelled 5: 5 statements cancelled; still running: 0");
            assertThat(running()).isZero();
        }
    }

    @Test
    void tlsIsUsedWhenItIsAskedForAndACertificateIsCheckedWhenThatIs() throws Exception {
        Certificates stranger = Certificates.in(Files.createDirectory(folder.resolve("stranger")));
        String authority = Objects.requireNonNull(certificates).authority().toString();
        assertThat(run(env("PGSSLMODE", "require", "PGUSER", "secret"), WHO).lines())
                .containsExactly("secret true me");
        assertThat(run(env("PGSSLMODE", "disable"), WHO).lines()).containsExactly("postgres false me");
        assertThat(run(env("PGSSLMODE", "verify-full", "PGSSLROOTCERT", authority, "PGHOST", "localhost"), WHO)
                        .lines())
                .containsExactly("postgres true me");
        for (Map<String, String> refused : List.of(
                env("PGSSLMODE", "verify-full", "PGSSLROOTCERT", authority),
                env(
                        "PGSSLMODE",
                        "verify-full",
                        "PGSSLROOTCERT",
                        stranger.authority().toString(),
                        "PGHOST",
                        "localhost"),
                env("PGSSLMODE", "disable", "PGUSER", "secret"))) {
            End end = run(refused, WHO);
            assertThat(end.code()).as(end.out()).isEqualTo(3);
            assertThat(end.err())
                    .contains("clients.db: no connection to Postgres at")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void aPasswordComesFromTheEnvironmentOrFromAFileThatNobodyElseReads() throws Exception {
        Path file = Files.writeString(
                folder.resolve("pass"), "127.0.0.1:" + postgres().port() + ":*:guarded:hunter2hunter2\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThat(run(env("PGUSER", "guarded", "PGPASSWORD", "hunter2hunter2"), WHO)
                        .lines())
                .containsExactly("guarded true me");
        assertThat(run(env("PGUSER", "guarded", "PGPASSFILE", file.toString()), WHO)
                        .lines())
                .containsExactly("guarded true me");
        End wrong = run(env("PGUSER", "guarded", "PGPASSWORD", "hunter1hunter1"), WHO);
        assertThat(wrong.code()).isEqualTo(3);
        assertThat(wrong.err())
                .contains("password authentication failed for user \"guarded\"")
                .doesNotContain("hunter1");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        End open = run(env("PGUSER", "guarded", "PGPASSFILE", file.toString()), WHO);
        assertThat(open.code()).isEqualTo(3);
        assertThat(open.err())
                .contains("clients.db: the password file " + file + " is not read: others can read it, chmod 600 it")
                .contains("the server asks for a password, and there is none. Set PGPASSWORD or a line in ~/.pgpass")
                .doesNotContain("hunter2");
    }

    @Test
    void aCertificateOfOnesOwnIsALogin() throws Exception {
        Certificates known = Objects.requireNonNull(certificates);
        Path key = known.key(Certificates.LOCALHOST);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        assertThat(run(
                                env(
                                        "PGUSER",
                                        "localhost",
                                        "PGSSLCERT",
                                        known.certificate(Certificates.LOCALHOST)
                                                .toString(),
                                        "PGSSLKEY",
                                        key.toString()),
                                WHO)
                        .lines())
                .containsExactly("localhost true me");
        End without = run(env("PGUSER", "localhost", "PGSSLMODE", "require"), WHO);
        assertThat(without.code()).isEqualTo(3);
        assertThat(without.err()).contains("requires a valid client certificate");
    }

    @Test
    void aSocketAServiceAndTheNameOfTheRunAreAsPsqlHasThem() throws Exception {
        Path services = Files.writeString(
                folder.resolve("services"), "[real]\nhost=" + postgres().folder() + "\nuser=secret\n");
        End end = run(env("PGSERVICE", "real", "PGSERVICEFILE", services.toString(), "PGAPPNAME", ""), WHO);
        assertThat(end.lines())
                .as(end.err())
                .singleElement()
                .asString()
                .matches("secret false vertask/who/[0-9a-f]{4}");
        // the cancel goes through the socket too
        End cut = run(env("PGHOST", postgres().folder().toString()), SLEEPERS, "--timeout", "800ms", "--retries", "0");
        assertThat(cut.err()).contains("5 statements cancelled; still running: 0");
        assertThat(running()).isZero();
        End refused = run(env("PGTARGETSESSIONATTRS", "read-write"), WHO);
        assertThat(refused.code()).isEqualTo(3);
        assertThat(refused.err())
                .contains(
                        "clients.db: PGTARGETSESSIONATTRS is 'read-write', which is not supported; it may be any or ");
    }

    @Test
    void aServerThatTakesTheConnectionAndSaysNothingIsGivenUpAfterTheTimeToConnect() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            End end = run(env("PGPORT", Integer.toString(silent.getLocalPort()), "PGCONNECT_TIMEOUT", "1"), WHO);
            assertThat(end.code()).isEqualTo(3);
            assertThat(end.err()).contains("no answer within 1000 ms. Check host, port and firewall");
        }
    }
}
