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
import java.util.List;
import java.util.Map;
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
    void aNumberHasAllItsDigitsAndOtherTypesAreTextsThatPostgresReads() throws Exception {
        End end = run(
                "[1, 2, 3]", "  sql: SELECT * FROM origin WHERE id = $1\n  params: [\"{item}\"]", "", "-o", "jsonl");
        assertThat(end.lines()).hasSize(3);
        assertThat(end.lines().get(0))
                .contains("\"n\":12345678901234567890.125,\"m\":-1234.5,\"d\":\"infinity\",\"t\":\"infinity\"")
                .contains("\"b\":\"\\\\x00ff\",\"i\":\"10.1.2.3/8\",\"c\":\"10.0.0.0/8\",\"s\":\"P1Y-3DT4H5M6.7S\"")
                .contains("\"p\":\"(1.0,2.0)\",\"o\":\"<(1.0,2.0),3.0>\",\"nn\":[\"NaN\",1.5]");
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
    void whatTheDriverReadsAsNullIsAnErrorThatNamesTheColumn() throws Exception {
        End end = run("[1]", "  sql: \"SELECT 1 AS a, '<a/>'::xml AS doc\"", "");
        assertThat(end.code()).isEqualTo(1);
        assertThat(end.out()).contains("the values of column `doc` (xml) can't be read. Cast it to text: name::text");
        assertThat(run("[1]", "  sql: \"SELECT 5::oid::text AS o\"", "print: \"{o}\"")
                        .lines())
                .containsExactly("5");
        assertThat(run("[1]", "  sql: \"SELECT pg_sleep(0), 2 AS two\"", "print: \"{two}\"")
                        .lines())
                .containsExactly("2");
        assertThat(run("[1]", "  sql: \"SELECT 'Infinity'::numeric AS n\"", "").out())
                .contains("a value of the rows can't be read:")
                .contains("Cast its column to text: name::text");
        assertThat(run("[5]", "  sql: \"SELECT $1::oid::text AS o\"\n  params: [\"{item}\"]", "")
                        .out())
                .contains(
                        "a parameter of this type can't be bound. Make it of a text in the statement: $1::text::TYPE");
    }

    @Test
    void aParameterOfAnotherTypeThanItsValueSaysHowToWriteIt() throws Exception {
        End text = run("[2024-02-29]", "  sql: \"SELECT $1::date + 1 AS next\"\n  params: [\"{item}\"]", "");
        assertThat(text.lines())
                .containsExactly("2024-02-29: ERROR - $1 is a text, and the statement takes it as another type."
                        + " Name its own type first: $1::text::TYPE");
        End asText = run("[2024-02-29]", "  sql: \"SELECT $1::text::date + 1 AS next\"\n  params: [\"{item}\"]", "");
        assertThat(asText.lines()).containsExactly("{\"next\":\"2024-03-01\"}");
        End number = run("[17]", "  sql: \"SELECT $1::text AS t\"\n  params: [\"{item}\"]", "");
        assertThat(number.lines())
                .containsExactly("17: ERROR - $1 is a number, and the statement takes it as another type."
                        + " Name its own type first: $1::numeric::TYPE");
        End asNumber = run("[17]", "  sql: \"SELECT $1::numeric::text AS t\"\n  params: [\"{item}\"]", "");
        assertThat(asNumber.lines()).containsExactly("{\"t\":\"17\"}");
    }
}
