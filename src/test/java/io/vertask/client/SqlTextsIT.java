package io.vertask.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.stream.Bridges;
import io.vertask.stream.Streams;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SqlTextsIT {
    private static final SqlTexts.Writer PLAIN = (value, type, at) -> value.toString();

    private static <T> T with(Function<SqlCalls, Future<T>> program) {
        return Objects.requireNonNull(SqlServer.with(SqlServer.limits(1), new Reached(), program));
    }

    private static Throwable failure(Function<SqlCalls, Future<?>> program) {
        return with(sql -> program.apply(sql).transform(end -> {
            assertThat(end.failed()).isTrue();
            // the connection is as good as before
            return sql.query("SELECT 1", Tuple.tuple()).map(end.cause());
        }));
    }

    private static List<String> values(RowSet<Row> rows) {
        List<String> values = new ArrayList<>();
        Row row = rows.iterator().next();
        for (int i = 0; i < row.size(); i++) {
            values.add(row.getString(i) + " " + ((SqlTextRow) row).type(i).name());
        }
        return values;
    }

    @Test
    void theServersTypesDecideAndRowsAreItsTexts() {
        List<String> values = with(sql -> sql.query(
                        "SELECT $1::int + 1 AS a, $2::text AS b, '{{1,2}}'::int[] AS c, 5::oid AS d, NULL::xml AS e,"
                                + " $3::int4range AS f",
                        SqlTexts.of(Arrays.asList("41", 10115, null), PLAIN))
                .map(SqlTextsIT::values));
        assertThat(values)
                .containsExactly(
                        "42 integer", "10115 text", "{{1,2}} integer[]", "5 oid", "null xml", "null int4range");
    }

    @Test
    void whatTheWriterThrowsIsTheFailureAndNothingIsSent() {
        IllegalArgumentException no = new IllegalArgumentException("no");
        Throwable error =
                failure(sql -> sql.query("SELECT $1::int4range, 1/0", SqlTexts.of(List.of("x"), (v, t, at) -> {
                    assertThat(t.name()).isEqualTo("int4range");
                    throw no;
                })));
        assertThat(error).isSameAs(no);
    }

    @Test
    void aWrongNumberOfParametersAndABatchAreRefused() {
        assertThat(failure(sql -> sql.query("SELECT $1::int, $2::int", SqlTexts.of(List.of("1"), PLAIN))))
                .hasMessageContaining("2");
        assertThat(failure(sql -> sql.batch("SELECT 1", List.of(SqlTexts.none()))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SqlTexts");
    }

    @Test
    void aStreamHasTextsTooAndTheStatementsBetweenDoNot() {
        List<String> read = with(sql -> sql.withConnection(session -> session.stream(
                "SELECT n, ARRAY[[n]] AS a FROM generate_series($1::int, 5) n",
                SqlTexts.of(List.of(3), PLAIN),
                1,
                rows -> {
                    List<String> all = new ArrayList<>();
                    return Streams.forEach(
                                    Bridges.from(rows, 1, Future::succeededFuture),
                                    row -> session.query("SELECT ARRAY[1, 2] AS two", Tuple.tuple())
                                            .map(between -> all.add(row.getString(0)
                                                    + row.getString(1)
                                                    + Arrays.toString(between.iterator()
                                                            .next()
                                                            .getArrayOfIntegers(0)))))
                            .map(done -> all);
                })));
        assertThat(read).containsExactly("3{{3}}[1, 2]", "4{{4}}[1, 2]", "5{{5}}[1, 2]");
    }

    @Test
    void rowsOfTheDriverHaveTextsOfWhatItCannotReadAndNoLostArray() {
        Tuple none = Tuple.tuple();
        String texts = with(sql -> sql.query(
                        "SELECT 5::oid AS a, '<a/>'::xml AS b, B'101' AS c, macaddr '08:00:2b:01:02:03' AS d,"
                                + " ARRAY[1,2] AS e, $1::oid::text AS f",
                        Tuple.of("7"))
                .map(rows -> rows.iterator().next())
                .map(row -> row.getString(0)
                        + row.getString(1)
                        + row.getString(2)
                        + row.getString(3)
                        + row.getArrayOfIntegers(4).length
                        + row.getString(5)));
        assertThat(texts).isEqualTo("5<a/>10108:00:2b:01:02:0327");
        String words =
                "column `b` has an array of several dimensions, which Vert.x reads as null; use SqlTexts, or cast"
                        + " it to text";
        assertThat(failure(sql -> sql.query("SELECT ARRAY[1] AS a, ARRAY[[1]] AS b", none)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(words);
        assertThat(failure(sql -> sql.stream(
                        "SELECT ARRAY[1] AS a, CASE WHEN n > 3 THEN ARRAY[[n]] END AS b FROM generate_series(1, 5) n",
                        none,
                        2,
                        rows -> Streams.forEach(
                                Bridges.from(rows, 2, Future::succeededFuture), row -> Future.succeededFuture()))))
                .hasMessage(words);
    }
}
