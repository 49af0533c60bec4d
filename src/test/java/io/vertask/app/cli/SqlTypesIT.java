package io.vertask.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testing.Command;
import io.vertask.testing.Command.End;
import io.vertask.testing.Postgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the values of Postgres types that JSON has not. */
class SqlTypesIT {
    private static final String COLUMNS = "id int PRIMARY KEY, n numeric, m money, d date, t timestamptz, b bytea, "
            + "i inet, c cidr, s interval, p point, o circle, nn numeric[]";

    private static String uri = "";

    @TempDir
    private Path folder;

    @BeforeAll
    static void tables() throws SQLException {
        uri = Postgres.createDatabase("sql_types_it");
        execute(
                "CREATE TABLE origin (" + COLUMNS + ")",
                "CREATE TABLE copy (" + COLUMNS + ")",
                "INSERT INTO origin VALUES (1, 12345678901234567890.125, '-1234.50', 'infinity', 'infinity', '\\x00ff', "
                        + "'10.1.2.3/8', '10.0.0.0/8', '1 year -3 days 04:05:06.7', '(1,2)', '<(1,2),3>', '{NaN,1.5}')",
                "INSERT INTO origin VALUES (2, 100, 1, '-infinity', '-infinity', '', '::1', 'fe80::/10', "
                        + "'-00:00:00.5', NULL, NULL, '{12345678901234567891}')",
                "INSERT INTO origin (id, n, t, s) VALUES (3, 'NaN', '2024-01-01 12:00:00.5+02', '0')");
    }

    private static void execute(String... statements) throws SQLException {
        try (Connection connection = Postgres.connect("sql_types_it");
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static List<String> rows(String table) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = Postgres.connect("sql_types_it");
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT r::text FROM " + table + " r ORDER BY id")) {
            while (found.next()) {
                rows.add(found.getString(1));
            }
        }
        return rows;
    }

    /** Of one job, whose `do` and `each` are given. */
    private End run(String each, String step, String more, String... args) throws Exception {
        Path job = Files.writeString(
                folder.resolve("job.yaml"),
                "job: types\nclients: {db: {postgres: \"${DATABASE_URL}\"}}\neach: " + each + "\ndo:\n  client: db\n"
                        + step + "\n" + more);
        List<String> line = new ArrayList<>(List.of(job.toString()));
        line.addAll(List.of(args));
        return Command.run(folder, Map.of("DATABASE_URL", uri), line.toArray(String[]::new));
    }

    @Test
    void aCopyOfATableIsTheTable() throws Exception {
        End end = run(
                "[1, 2, 3]",
                "  sql: SELECT * FROM origin WHERE id = $1\n  params: [\"{item}\"]",
                "into: {postgres: db, table: copy, key: [id]}");
        assertThat(end.code()).as(end.out()).isZero();
        assertThat(rows("copy")).isEqualTo(rows("origin"));
    }

    @Test
    void aCopyOfATableWithColumnsOfOddTypesIsTheTable() throws Exception {
        String columns =
                "(id int PRIMARY KEY, a int[], x xml, b varbit, o oid, d date, t time, n numeric, ns numeric[], "
                        + "m macaddr, r tstzrange, p point[], j jsonb, js jsonb[], f feeling, fs feeling[], c couple, "
                        + "cs couple[], by bytea[], iv interval[], s text[], lsn pg_lsn, q tsvector)";
        execute(
                "CREATE TYPE feeling AS ENUM ('sad', '{x}')",
                "CREATE TYPE couple AS (a int, b text)",
                "CREATE TABLE odd " + columns,
                "CREATE TABLE odd_copy " + columns,
                "INSERT INTO odd VALUES (1, '{{1,NULL},{3,4}}', '<a/>', B'101', 4294967295, '4713-01-01 BC', '24:00',"
                        + " 'Infinity', '{NaN,1e400,1.50}', '08:00:2b:01:02:03', '[2024-01-01,infinity)',"
                        + " ARRAY['(1,2)'::point], '{\"a\": [1.10, 12345678901234567890.125]}',"
                        + " ARRAY['{\"k\": 1}'::jsonb, NULL], '{x}', ARRAY['sad', '{x}', NULL]::feeling[],"
                        + " ROW(1, 'a \"b\"'), ARRAY[ROW(1, 'x'), ROW(NULL, NULL)]::couple[], ARRAY['\\x00ff'::bytea],"
                        + " ARRAY['1 day', '-00:00:01']::interval[], '[0:1]={\"NULL\",\"a,b\"}', '16/B374D848',"
                        + " 'a:1A')",
                "INSERT INTO odd (id) VALUES (2)");
        End end = run(
                "[1, 2]",
                "  sql: SELECT * FROM odd WHERE id = $1\n  params: [\"{item}\"]",
                "into: {postgres: db, table: odd_copy, key: [id]}");
        assertThat(end.code()).as(end.out()).isZero();
        assertThat(rows("odd_copy")).isEqualTo(rows("odd")).hasSize(2);
    }

    @Test
    void aNumberHasAllItsDigitsAndOtherTypesAreTextsThatPostgresReads() throws Exception {
        End end = run(
                "[1, 2, 3]", "  sql: SELECT * FROM origin WHERE id = $1\n  params: [\"{item}\"]", "", "-o", "jsonl");
        assertThat(end.lines()).hasSize(3);
        assertThat(end.lines().get(0))
                .contains("\"n\":12345678901234567890.125,\"m\":-1234.5,\"d\":\"infinity\",\"t\":\"infinity\"")
                .contains("\"b\":\"\\\\x00ff\",\"i\":\"10.1.2.3/8\",\"c\":\"10.0.0.0/8\",\"s\":\"P1Y-3DT4H5M6.7S\"")
                .contains("\"p\":\"(1,2)\",\"o\":\"<(1,2),3>\",\"nn\":[\"NaN\",1.5]");
        assertThat(end.lines().get(1))
                .contains("\"n\":100,\"m\":1,\"d\":\"-infinity\",\"t\":\"-infinity\",\"b\":\"\\\\x\"")
                .contains("\"i\":\"::1\",\"c\":\"fe80::/10\",\"s\":\"PT-0.5S\"")
                .contains("\"nn\":[12345678901234567891]");
        assertThat(end.lines().get(2))
                .contains("\"n\":\"NaN\"")
                .contains("\"t\":\"2024-01-01T10:00:00.500Z\"")
                .contains("\"s\":\"PT0S\"");
    }

    @Test
    void aLaterRunFindsAnItemThatIsARowAgain() throws Exception {
        String each = "{sql: \"SELECT n, i FROM origin WHERE id < 3 ORDER BY id\", client: db}";
        String step = "  sql: SELECT 1 AS one";
        assertThat(run(each, step, "", "--allow-failures", "0").code()).isZero();
        End again = run(each, step, "", "--resume");
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(again.lines()).isEmpty();
    }

    @Test
    void aNumberThatTheParameterCannotHoldIsNotCutToAnotherOne() throws Exception {
        End end = run(
                "[4294967297, 1.5, 1.0]",
                "  sql: SELECT id FROM origin WHERE id = $1\n  params: [\"{item}\"]",
                "print: \"{id}\"");
        assertThat(end.lines())
                .containsExactly(
                        "4294967297: ERROR - $1 is 4294967297, and the statement takes it as integer; to have it as it is, write $1::numeric",
                        "1.5: ERROR - $1 is 1.5, and the statement takes it as integer; to have it as it is, write $1::numeric",
                        "1");
        End wide = run(
                "[70000, 9007199254740993]",
                "  sql: SELECT $1::smallint AS small, $2::bigint AS large\n  params: [1, \"{item}\"]",
                "print: \"{large}\"");
        assertThat(wide.lines()).containsExactly("70000", "9007199254740993");
        End small = run("[70000]", "  sql: SELECT $1::smallint AS small\n  params: [\"{item}\"]", "");
        assertThat(small.out()).contains("$1 is 70000, and the statement takes it as smallint");
    }

    @Test
    void noTypeIsReadAsNullOrAsSomethingElse() throws Exception {
        End end = run(
                "[1]",
                "  sql: \"SELECT '<a/>'::xml AS x, 5::oid AS o, B'101' AS b, macaddr '08:00:2b:01:02:03' AS m,"
                        + " '{{1,2},{3,NULL}}'::int[] AS two, '[0:1]={1,2}'::int[] AS low,"
                        + " '4713-01-01 BC'::date AS bc, 'Infinity'::numeric AS inf, '24:00'::time AS t,"
                        + " '{Infinity,1.50}'::numeric[] AS ns, '[1,3)'::int4range AS r, (1, 'x') AS row,"
                        + " pg_sleep(0) AS v, '1234567890.123456789012345678'::jsonb AS j\"",
                "");
        assertThat(end.code()).as(end.out()).isZero();
        assertThat(end.lines())
                .containsExactly("{\"x\":\"<a/>\",\"o\":5,\"b\":\"101\",\"m\":\"08:00:2b:01:02:03\","
                        + "\"two\":[[1,2],[3,null]],\"low\":\"[0:1]={1,2}\",\"bc\":\"4713-01-01 BC\",\"inf\":\"Infinity\","
                        + "\"t\":\"24:00:00\",\"ns\":[\"Infinity\",1.50],\"r\":\"[1,3)\",\"row\":\"(1,x)\",\"v\":null,"
                        + "\"j\":1234567890.123456789012345678}");
    }

    @Test
    void typesOfOnesOwnAndTheirArraysAreRead() throws Exception {
        execute(
                "CREATE TYPE mood AS ENUM ('sad', 'it''s \"q\"')",
                "CREATE DOMAIN positive AS int",
                "CREATE DOMAIN document AS jsonb",
                "CREATE TABLE own (m mood[], p positive[], d document)");
        String columns = "m, p, d, pg_typeof(p)::text AS t";
        End end = run(
                "[{m: [sad, null, \"it's \\\"q\\\"\"], p: [1, 2], d: []}, {m: [], p: [], d: {k: 1.10}}]",
                "  sql: INSERT INTO own VALUES ($1, $2, $3) RETURNING " + columns
                        + "\n  params: [\"{item.m}\", \"{item.p}\", \"{item.d}\"]",
                "limits: {concurrency: 1}");
        assertThat(end.lines())
                .containsExactly(
                        "{\"m\":[\"sad\",null,\"it's \\\"q\\\"\"],\"p\":[1,2],\"d\":[],\"t\":\"positive[]\"}",
                        "{\"m\":[],\"p\":[],\"d\":{\"k\":1.10},\"t\":\"positive[]\"}");
    }

    @Test
    void jsonThatCannotBeReadIsAFailureThatNamesItsColumn() throws Exception {
        End end = run("[1]", "  sql: \"SELECT 1 AS a, ('[' || repeat('1', 1001) || ']')::json AS doc\"", "");
        assertThat(end.code()).isEqualTo(1);
        assertThat(end.out())
                .contains("a value of column `doc` (json) can't be read:")
                .contains("Cast it to text: doc::text");
    }

    @Test
    void whatALineLooksLikeDoesNotDecideItsType() throws Exception {
        execute("CREATE TABLE zips (zip text, name text)", "INSERT INTO zips VALUES ('01067', 'D'), ('10115', 'B')");
        Files.writeString(folder.resolve("zips.txt"), "01067\n10115\n1.50\n");
        End zips = run(
                "{file: zips.txt}",
                "  sql: SELECT name, $2::numeric * 2 AS twice FROM zips WHERE zip = $1\n  params: [\"{item}\", \"{item}\"]",
                "print: \"{item} {name} {twice}\"");
        assertThat(zips.lines()).containsExactly("01067 D 2134", "10115 B 20230");
        // the types of the others stay the statement's own where it leaves one to the value
        End mixed = run(
                "{file: zips.txt}",
                "  sql: INSERT INTO zips VALUES ($1, jsonb_build_object('k', $2, 'n', $3)::text) RETURNING *\n"
                        + "  params: [\"{item}\", \"{item}\", 5]",
                "print: \"{zip} {name}\"");
        assertThat(mixed.lines())
                .containsExactly(
                        "01067 {\"k\": \"01067\", \"n\": 5}",
                        "10115 {\"k\": \"10115\", \"n\": 5}",
                        "1.50 {\"k\": \"1.50\", \"n\": 5}");
    }

    @Test
    void theStatementsOwnTypeDecidesHowAValueIsBound() throws Exception {
        String[][] bound = {
            {"date", "2024-02-29", "2024-02-29"},
            {"text", "17", "17"},
            {"text", "1.50", "1.50"},
            {"text", "{k: [1]}", "{\"k\":[1]}"},
            {"numeric", "\"1234567890123456789012345.10\"", "1234567890123456789012345.10"},
            {"boolean", "true", "true"},
            {"boolean", "\"off\"", "false"},
            {"uuid", "123E4567-e89b-12d3-a456-426614174000", "123e4567-e89b-12d3-a456-426614174000"},
            {"int[]", "[1, null, 3]", "{1,NULL,3}"},
            {"int[]", "[[1, 2], [3, 4]]", "{{1,2},{3,4}}"},
            {"text[]", "[\"a,b\", \"NULL\", null, \"\\\"\"]", "{\"a,b\",\"NULL\",NULL,\"\\\"\"}"},
            {"jsonb[]", "[{k: 1}, [1], x]", "{\"{\\\"k\\\": 1}\",[1],\"\\\"x\\\"\"}"},
            {"jsonb", "[1, 1.10, a]", "[1, 1.10, \"a\"]"},
            {"jsonb", "\"10115\"", "\"10115\""},
            {"bytea", "\"\\\\x00ff\"", "\\x00ff"},
            {"inet", "10.1.2.3/8", "10.1.2.3/8"},
            {"oid", "5", "5"},
            {"interval", "P1DT2H", "1 day 02:00:00"},
            {"int4range", "\"[1,3)\"", "[1,3)"},
            {"timestamp", "2024-02-29T10:00:00", "2024-02-29 10:00:00"},
            {"numeric", "null", "null"},
        };
        End end = run(each(bound, false), step(bound), "print: \"" + print(bound) + "\"");
        assertThat(end.out().strip().split(" ¦ ", -1))
                .containsExactly(Arrays.stream(bound).map(one -> one[2]).toArray(String[]::new));
    }

    private static String step(String[][] cases) {
        List<String> columns = new ArrayList<>();
        List<String> params = new ArrayList<>();
        for (int i = 0; i < cases.length; i++) {
            columns.add("$" + (i + 1) + "::" + cases[i][0] + "::text AS c" + i);
            params.add("\"{item.v" + i + "}\"");
        }
        return "  sql: \"SELECT " + String.join(", ", columns) + "\"\n  params: [" + String.join(", ", params) + "]";
    }

    private static String print(String[][] cases) {
        return IntStream.range(0, cases.length).mapToObj(i -> "{c" + i + "}").collect(Collectors.joining(" ¦ "));
    }

    /** One item with all values, or one for each, whose others are null. */
    private static String each(String[][] cases, boolean apart) {
        List<String> items = new ArrayList<>();
        for (int i = 0; i < (apart ? cases.length : 1); i++) {
            int only = i;
            items.add(IntStream.range(0, cases.length)
                    .mapToObj(at -> "v" + at + ": " + (apart && at != only ? "null" : cases[at][1]))
                    .collect(Collectors.joining(", ", "{", "}")));
        }
        return items.toString();
    }

    @Test
    void whatCannotBeBoundIsRefusedByParameterValueAndType() throws Exception {
        String[][] refused = {
            {"int", "[1, 2]", "[1,2], and the statement takes it as integer"},
            {"int", "{k: 1}", "{\"k\":1}, and the statement takes it as integer"},
            {"int", "true", "true, and the statement takes it as integer: invalid input syntax for type integer"},
            {"int", "abc", "abc, and the statement takes it as integer: invalid input syntax for type integer"},
            {"int[]", "5", "5, and the statement takes it as integer[]"},
            {"int[]", "[1.5]", "1.5, and the statement takes it as integer; to have it as it is"},
            {"int[]", "\"[1]\"", "[1], and the statement takes it as integer[]: malformed array literal"},
            {"date", "2024-02-30", "2024-02-30, and the statement takes it as date: date/time field value out of"},
            {"uuid", "7", "7, and the statement takes it as uuid: invalid input syntax for type uuid"},
            {
                "text",
                "\"\\uD83D\"",
                "?, and the statement takes it as text; it has half a character, which UTF-8 has no bytes for"
            },
        };
        End end = run(each(refused, true), step(refused), "");
        assertThat(end.out()).doesNotContain("java.").doesNotContain("JsonArray");
        for (int i = 0; i < refused.length; i++) {
            assertThat(end.lines().get(i)).contains("ERROR - $" + (i + 1) + " is " + refused[i][2]);
        }
    }

    @Test
    void aLineForAJsonParameterIsThatJson() throws Exception {
        Files.writeString(folder.resolve("docs.txt"), "{\"k\":1}\n[1.10]\n\"x\"\n10115\nhello\n");
        String step = "  sql: \"SELECT jsonb_typeof($1) || ' ' || $1::text AS t\"\n  params: [\"{item%s}\"]";
        End lines = run("{file: docs.txt}", step.formatted(""), "print: \"{t}\"");
        assertThat(lines.lines())
                .containsExactly(
                        "object {\"k\": 1}",
                        "array [1.10]",
                        "string \"x\"",
                        "number 10115",
                        "hello: ERROR - $1 is hello, and the statement takes it as jsonb: invalid input syntax for type json"
                                + " (SQLSTATE 22P02); to have it as a text in JSON, write to_jsonb($1::text)");
        Files.writeString(
                folder.resolve("docs.jsonl"),
                "{\"v\":{\"k\":1}}\n{\"v\":\"{\\\"k\\\":1}\"}\n{\"v\":\"10115\"}\n{\"v\":null}\n");
        End json = run("{file: docs.jsonl}", step.formatted(".v"), "print: \"{t}\"");
        assertThat(json.lines())
                .containsExactly("object {\"k\": 1}", "string \"{\\\"k\\\":1}\"", "string \"10115\"", "null");
    }

    @Test
    void twoColumnsOfOneNameAreRefusedByName() throws Exception {
        End end = run("[1]", "  sql: \"SELECT 1 AS a, 2 AS a\"", "print: \"{a}\"", "-o", "lines");
        assertThat(end.code()).isEqualTo(1);
        assertThat(end.out()).contains("1: ERROR - two columns of the query are called `a`");
    }

    @Test
    void theOnlyColumnOfAQueryIsTheItemAndHasItsName() throws Exception {
        End end = run(
                "{sql: \"SELECT id FROM origin ORDER BY id\", client: db, key: \"no. {item.id}\"}",
                "  sql: SELECT n FROM origin WHERE id = $1 AND id = $2\n  params: [\"{item}\", \"{item.id}\"]",
                "print: \"{item} {item.id} {n}\"",
                "-o",
                "lines");
        assertThat(end.lines()).containsExactly("1 1 12345678901234567890.125", "2 2 100", "3 3 NaN");
    }
}
