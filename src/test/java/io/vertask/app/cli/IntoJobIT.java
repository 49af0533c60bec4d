package io.vertask.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testing.Command;
import io.vertask.testing.Command.End;
import io.vertask.testing.PagedServer;
import io.vertask.testing.Postgres;
import io.vertask.testing.RecordingHttpServer;
import io.vertask.testing.Reply;
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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code into: {postgres: ...}} as a user runs it, against a real Postgres. */
class IntoJobIT {
    private static final String DATABASE = "into_job_it";
    private static final String EXPORT = "conf/issues_export.yaml";

    private static String uri = "";

    @TempDir
    private Path folder;

    @BeforeAll
    static void database() throws SQLException {
        uri = Postgres.createDatabase(DATABASE);
    }

    private static void execute(String... statements) throws SQLException {
        try (Connection connection = Postgres.connect(DATABASE);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static List<String> query(String sql) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (Connection connection = Postgres.connect(DATABASE);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                lines.add(rows.getString(1));
            }
        }
        return lines;
    }

    private static Map<String, String> env() {
        return Map.of("DATABASE_URL", uri, "GITHUB_TOKEN", "hunter2hunter2");
    }

    /** A job whose items are rows themselves: {@code sql} gives them back. */
    private End rows(String each, String step, String into, String... args) throws IOException, InterruptedException {
        Path file = folder.resolve("rows.yaml");
        Files.writeString(
                file,
                "job: rows\nclients: {db: {postgres: \"${DATABASE_URL}\", pool: {max: 1}}}\neach: " + each
                        + "\ndo: {sql: \"" + step + "\", params: [\"{item}\"], rows: all}\ninto: {postgres: db, " + into
                        + "}\n");
        List<String> line = new ArrayList<>(List.of(file.toString()));
        line.addAll(List.of(args));
        return Command.run(env(), line.toArray(String[]::new));
    }

    @Test
    void theExportMakesItsTableAndRunsAgainWithoutDoubles() throws Exception {
        try (PagedServer server = PagedServer.start(250, 0)) {
            String[] args = {
                EXPORT,
                "--set",
                "clients.github.url=" + server.url(),
                "--set",
                "do.pages=/link/{+item}?per_page=100",
                "--set",
                "limits.concurrency=2"
            };
            End end = Command.run(env(), args);
            assertThat(end.lines())
                    .as(end.err())
                    .containsExactly("python/cpython: 250 rows", "pallets/flask: 250 rows");
            assertThat(end.code()).isZero();
            assertThat(query("SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = "
                            + "'gh_issues'::regclass AND attnum > 0 ORDER BY attnum"))
                    .containsExactly("text", "bigint", "text", "text", "timestamp with time zone");
            execute("UPDATE gh_issues SET title = 'old' WHERE number <= 10");
            assertThat(Command.run(env(), args).code()).isZero();
            assertThat(query("SELECT repo || ' ' || count(*) || ' ' || count(DISTINCT number) FROM gh_issues "
                            + "WHERE title = 'issue ' || number GROUP BY repo ORDER BY repo"))
                    .containsExactly("pallets/flask 250 250", "python/cpython 250 250");
            assertThat(query("SELECT item FROM vertask_checkpoints")).isEmpty();
            assertThat(end.out() + end.err()).doesNotContain("hunter2");
        }
    }

    @Test
    void valuesBecomeTheTypesOfATableThatIsThere() throws Exception {
        execute(
                "CREATE SCHEMA IF NOT EXISTS \"odd.one\"",
                "CREATE TABLE \"odd.one\".\"Weird \"\"name\" (\"a b\" varchar(20), n numeric(10, 2), day date, tags text[], "
                        + "doc jsonb, extra int DEFAULT 7, PRIMARY KEY (\"a b\"))");
        End end = rows(
                "[1, 2]",
                "SELECT $1::int AS \\\"a b\\\", '3.5' AS n, '2026-02-03' AS day, '[\\\"x\\\"]'::json AS tags, 1 AS doc",
                "table: '\"odd.one\".\"Weird \"\"name\"', key: [a b]");
        assertThat(end.code()).as(end.err() + end.out()).isZero();
        assertThat(end.out()).isEmpty();
        assertThat(query("SELECT concat_ws('|', \"a b\", n, day, tags, doc, extra) FROM \"odd.one\".\"Weird \"\"name\" "
                        + "ORDER BY 1"))
                .containsExactly("1|3.50|2026-02-03|{x}|1|7", "2|3.50|2026-02-03|{x}|1|7");
    }

    @Test
    void aValueThatTheTableWouldChangeIsRefusedByRowAndColumn() throws Exception {
        String sql = "SELECT CASE $1::int WHEN 2 THEN to_json('01067'::text) ELSE to_json(10114 + $1::int) END AS zip";
        End zips = rows("[1, 2, 3]", sql, "table: zips, create: true", "-c", "1");
        assertThat(zips.lines())
                .containsExactly("2: ERROR - into zips: row 1, column `zip` (bigint) is the text 01067, and would be "
                        + "changed. Make the table yourself, with a column of type text");
        assertThat(query("SELECT zip FROM zips ORDER BY 1")).containsExactly("10115", "10117");
        execute("CREATE TABLE own_zips (zip text)");
        assertThat(rows("[1, 2, 3]", sql, "table: own_zips").code()).isZero();
        assertThat(query("SELECT zip FROM own_zips ORDER BY 1")).containsExactly("01067", "10115", "10117");
    }

    @Test
    void ofTheSameKeyTheLastRowCountsAndWithoutAKeyEveryRowIsNew() throws Exception {
        String three = "SELECT $1::int AS id, 'v' || n AS v FROM generate_series(1, 3) n";
        assertThat(rows("[1]", three, "table: last, key: id, create: true").code())
                .isZero();
        assertThat(query("SELECT id || v FROM last")).containsExactly("1v3");
        assertThat(rows("[1]", three, "table: every, create: true").code()).isZero();
        assertThat(query("SELECT id || v FROM every ORDER BY 1")).containsExactly("1v1", "1v2", "1v3");
    }

    @Test
    void onlyTheItemWhoseRowDoesNotFitFails() throws Exception {
        execute("CREATE TABLE picky (id int PRIMARY KEY, v smallint CHECK (v <> 13))");
        End end = rows(
                "{range: 1..200}",
                "SELECT $1::int AS id, CASE $1::int WHEN 77 THEN 'many' WHEN 120 THEN '13' ELSE '5' END AS v",
                "table: picky, key: id",
                "-c",
                "50");
        assertThat(end.code()).isEqualTo(1);
        assertThat(end.lines()).as(end.err()).hasSize(2);
        assertThat(end.lines().get(0))
                .startsWith("77: ERROR - into picky: row 1, column `v` (smallint): invalid input syntax");
        assertThat(end.lines().get(1)).startsWith("120: ERROR - into picky: ").contains("picky_v_check");
        assertThat(query("SELECT count(*) FROM picky")).containsExactly("198");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "table: nowhere                             | table nowhere is not in database of `db`; make it, or let this job make it with create: true",
                "table: none.t, create: true                | there is no schema none for table none.t",
                "table: fixed, key: [n]                     | table fixed has no unique index for `key`; make one: CREATE UNIQUE INDEX ON",
                "table: narrow, key: [repo]                 | table narrow has no column `number`; it has: repo",
                "table: needy, key: [number]                | table needy needs a value for its column `owner`, which is NOT NULL and has no default",
            })
    void whatCannotGoWellIsSaidBeforeAnythingIsSent(String into, String message) throws Exception {
        execute(
                "CREATE TABLE IF NOT EXISTS fixed (n int, number int, repo text)",
                "CREATE TABLE IF NOT EXISTS narrow (repo text PRIMARY KEY)",
                "CREATE TABLE IF NOT EXISTS needy (number int PRIMARY KEY, repo text, n int, owner text NOT NULL)");
        try (PagedServer server = PagedServer.start(5, 0)) {
            Path file = folder.resolve("early.yaml");
            Files.writeString(
                    file,
                    "job: early\nclients: {db: {postgres: \"${DATABASE_URL}\"}, api: {url: \"" + server.url()
                            + "\"}}\ndo: {pages: /link, client: api, next: link, pick: {repo: title, number: number, n: number}}\n"
                            + "into: {postgres: db, " + into + "}\n");
            End end = Command.run(env(), file.toString());
            assertThat(end.code()).isEqualTo(3);
            assertThat(end.err()).contains("into: " + message).doesNotContain("\tat ");
            assertThat(server.fetches()).isEmpty();
        }
    }

    /** A job whose items are the rows that a server gives. */
    private End answers(String into, String... rows) throws IOException, InterruptedException {
        try (RecordingHttpServer server = RecordingHttpServer.start()) {
            for (int i = 0; i < rows.length; i++) {
                server.on("/" + (i + 1), Reply.ok(rows[i]));
            }
            Path file = folder.resolve("answers.yaml");
            Files.writeString(
                    file,
                    "job: answers\nclients: {db: {postgres: \"${DATABASE_URL}\"}, api: {url: \"" + server.url()
                            + "\"}}\neach: {range: 1.." + rows.length
                            + "}\ndo: {get: \"/{item}\", client: api}\ninto: {postgres: db, " + into + "}\n");
            return Command.run(folder, env(), file.toString(), "-c", "1");
        }
    }

    @Test
    void aFieldThatTheFirstRowsDidNotHaveFailsItsItemWithTheCure() throws Exception {
        End end = answers("table: later, create: true", "{\"id\": 1}", "{\"id\": 2, \"more\": 1.10}", "{\"id\": 3}");
        assertThat(end.lines())
                .containsExactly(
                        "2: ERROR - into: table later has no column `more`; it has: id. Add it with ALTER TABLE"
                                + " \"later\" ADD COLUMN \"more\" numeric, or name the fields to record with do.pick");
        assertThat(end.code()).isEqualTo(1);
        assertThat(query("SELECT id FROM later ORDER BY id")).containsExactly("1", "3");
    }

    @Test
    void aFieldThatARowLacksKeepsItsValueOrGetsItsDefaultWhateverRowsComeWithIt() throws Exception {
        execute(
                "CREATE TABLE parts (id int PRIMARY KEY, a text DEFAULT 'none', b text DEFAULT 'none')",
                "INSERT INTO parts VALUES (1, 'old', 'old'), (2, 'old', 'old')");
        End end = answers(
                "table: parts, key: id",
                "[{\"id\": 1, \"a\": \"x\"}, {\"id\": 2, \"b\": \"x\"}, {\"id\": 3, \"a\": \"x\"}, "
                        + "{\"id\": 4, \"a\": \"x\"}, {\"id\": 4, \"b\": \"y\"}, {\"id\": 4, \"a\": \"z\"}]");
        assertThat(end.code()).as(end.err()).isZero();
        assertThat(query("SELECT concat_ws(' ', id, a, b) FROM parts ORDER BY id"))
                .containsExactly("1 x old", "2 old x", "3 x none", "4 z y");
    }

    @Test
    void numbersOfAnAnswerKeepTheirDigitsIntoATableOfTheirOwn() throws Exception {
        End end = answers(
                "table: digits, create: true",
                "{\"wei\": 1234567890.123456789012345678, \"one\": 1.10, \"big\": 12345678901234567890123, \"e\": 1e400}",
                "{\"wei\": 0.1000000000000000055511151231257827, \"one\": 2, \"big\": 1, \"e\": -1.5E-30}");
        assertThat(end.code()).as(end.err()).isZero();
        assertThat(query("SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = "
                        + "'digits'::regclass AND attnum > 0"))
                .containsOnly("numeric");
        assertThat(query("SELECT concat_ws(' ', wei, one, big, e = 10::numeric ^ 400, e = -1.5e-30) FROM digits"))
                .containsExactly(
                        "1234567890.123456789012345678 1.10 12345678901234567890123 t f",
                        "0.1000000000000000055511151231257827 2 1 f t");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{offset: o, size: 2, step: size, end: 404} | o=0 o=2 o=4 o=4 o=6",
                "{page: p, end: 404}                        | p=1 p=2 p=3 p=3 p=4",
            })
    void anotherProcessGoesOnFromACountedPageToTheStatusThatEndsThem(String next, String targets) throws Exception {
        String table = "counted_" + next.charAt(1);
        try (RecordingHttpServer server = RecordingHttpServer.start()) {
            server.on(
                    "/list",
                    Reply.ok("[{\"id\": 1}]"),
                    Reply.ok("[]"),
                    Reply.status(500, ""),
                    Reply.ok("[{\"id\": 2}, {\"id\": 3}]"),
                    Reply.status(404, ""));
            Path file = folder.resolve("counted.yaml");
            Files.writeString(
                    file,
                    "job: " + table + "\nclients: {db: {postgres: \"${DATABASE_URL}\"}, api: {url: \"" + server.url()
                            + "\"}}\neach: [x]\ndo: {pages: /list, client: api, next: " + next
                            + "}\ninto: {postgres: db, table: " + table + ", create: true}\n");
            assertThat(Command.run(folder, env(), file.toString()).code()).isEqualTo(1);
            End end = Command.run(folder, env(), file.toString(), "--retry-failed");
            assertThat(end.lines()).as(end.err()).containsExactly("x: 3 rows");
            assertThat(end.code()).isZero();
            assertThat(server.requestLines())
                    .containsExactlyElementsOf(List.of(targets.split(" ")).stream()
                            .map(target -> "GET /list?" + target)
                            .toList());
            assertThat(query("SELECT id FROM " + table + " ORDER BY id")).containsExactly("1", "2", "3");
            assertThat(query("SELECT item FROM vertask_checkpoints WHERE job = '" + table + "'"))
                    .isEmpty();
        }
    }
}
