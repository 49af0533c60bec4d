package io.vertask.app.workload.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertask.app.job.template.JsonText;
import io.vertask.app.job.template.Param;
import io.vertask.app.job.template.Template;
import io.vertask.app.job.template.TemplateScope;
import io.vertask.app.workload.RowJson;
import io.vertask.client.SqlCalls;
import io.vertask.client.SqlLimits;
import io.vertask.client.SqlTexts;
import io.vertask.task.Tasks;
import io.vertask.testing.Certificates;
import io.vertask.testing.Joined;
import io.vertask.testing.Postgres;
import io.vertask.testing.RealPostgres;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Values of every type that the server's catalog has: what is read of a row, written as a line of JSON and bound to a
 * parameter again, is the same value to the server.
 */
@Timeout(120)
class EveryTypeIT {
    /** Values of the server's own types; those of ranges, rows and arrays are made of them. */
    private static final String VALUES = """
            bool: true ¦ false
            bytea: \\x00ff5c27 ¦ abc\\\\d ¦
            "char": a ¦ 1 ¦ é ¦ { ¦
            name: x ¦ NULL ¦ {a,b} ¦ ümlaut "q"
            int2: 0 ¦ -32768 ¦ 32767
            int4: 0 ¦ -2147483648 ¦ 2147483647
            int8: 0 ¦ -9223372036854775808 ¦ 9223372036854775807 ¦ 9007199254740993
            text: x ¦ ¦ 01067 ¦ 10115 ¦ NULL ¦ null ¦ {1,2} ¦ {{1}} ¦ [0:1]={1} ¦ a,b;c"d\\e ¦ {"k": 1} ¦ '' ¦ 日本 😀 ¦ true ¦ NaN
            varchar: x ¦ {} ¦ 1e5
            bpchar: x ¦ {}
            oid: 0 ¦ 4294967295
            regclass: pg_class ¦ 0
            regtype: integer ¦ timestamp with time zone
            regproc: now ¦ 0
            regprocedure: abs(integer)
            regoper: !~~
            regoperator: +(integer,integer)
            regcollation: "C"
            regrole: postgres
            regnamespace: pg_catalog
            regconfig: english
            regdictionary: simple
            tid: (0,1) ¦ (4294967295,65535)
            xid: 0 ¦ 4294967295
            cid: 0 ¦ 4294967295
            xid8: 0 ¦ 18446744073709551615
            oidvector: 1 2 3 ¦ 4294967295
            int2vector: 1 -2 3
            json: {"a": [1, null, 1.10]} ¦ 1234567890.123456789012345678 ¦ [] ¦ "x\\ny" ¦ true ¦ 1e400 ¦ 12345678901234567890123 ¦ -0.0 ¦ {}
            jsonb: {"a": [1, null, 1.10]} ¦ 1234567890.123456789012345678 ¦ [[1]] ¦ "x" ¦ "10115" ¦ false ¦ {} ¦ 1e400 ¦ "null"
            jsonpath: $.a[*] ? (@ > 1)
            xml: <a b="c">d</a> ¦ text
            float4: 0 ¦ -0 ¦ NaN ¦ Infinity ¦ -Infinity ¦ 1e-45 ¦ 3.4028235e38 ¦ 0.1 ¦ 16777216 ¦ 1e15
            float8: 0 ¦ -0 ¦ NaN ¦ Infinity ¦ -Infinity ¦ 5e-324 ¦ 1.7976931348623157e308 ¦ 0.1 ¦ 2e-3 ¦ 1e22 ¦ 9007199254740993
            numeric: 0 ¦ 100 ¦ 1.50 ¦ -0.00 ¦ NaN ¦ Infinity ¦ -Infinity ¦ 1234567890.123456789012345678 ¦ 1e400 ¦ 1e-400 ¦ 12345678901234567890 ¦ 1e131071
            money: 0 ¦ 1234.50 ¦ -0.01 ¦ -92233720368547758.08 ¦ 92233720368547758.07 ¦ 1234567
            date: 2024-02-29 ¦ 0001-01-01 ¦ 4713-01-01 BC ¦ 0044-03-15 BC ¦ infinity ¦ -infinity ¦ 5874897-12-31 ¦ 9999-12-31
            time: 00:00 ¦ 24:00 ¦ 23:59:59.999999 ¦ 10:00
            timetz: 00:00+00 ¦ 24:00-15:59 ¦ 10:00:00.5+05:30 ¦ 01:02:03+15:59:59
            timestamp: 2024-02-29 10:00 ¦ 4713-01-01 00:00:00 BC ¦ infinity ¦ -infinity ¦ 294276-12-31 23:59:59.999999 ¦ 1883-11-18 12:00 ¦ 0001-01-01 00:00 ¦ 2024-01-01 00:00:00.123456
            timestamptz: 2024-02-29 10:00+00 ¦ 4713-01-02 00:00:00+00 BC ¦ infinity ¦ -infinity ¦ 294276-12-31 23:59:59.999999+00 ¦ 1850-01-01 12:00+00 ¦ 0001-01-01 00:00+00 ¦ 9999-12-31 23:59:59+00 ¦ 2024-01-01 00:00:00.123456+00
            interval: 1 year 2 mons -3 days 04:05:06.789 ¦ 0 ¦ -00:00:00.5 ¦ 178000000 years ¦ -1 mon ¦ 1 day -00:00:01 ¦ 2562047788:00:54.775807 ¦ 14 mons ¦ 100:00 ¦ -1 year 1 mon
            inet: 10.1.2.3/8 ¦ ::1 ¦ 10.0.0.1 ¦ ::ffff:1.2.3.4/128 ¦ fe80::1/64
            cidr: 10.0.0.0/8 ¦ fe80::/10 ¦ 0.0.0.0/0
            macaddr: 08:00:2b:01:02:03
            macaddr8: 08:00:2b:01:02:03:04:05
            bit: 1 ¦ 0
            varbit: 1010 ¦ ¦ 11111111111111111
            uuid: 123e4567-e89b-12d3-a456-426614174000
            pg_lsn: 16/B374D848 ¦ FFFFFFFF/FFFFFFFF
            tsvector: 'a':1A 'b c':2 ¦ 'it''s'
            tsquery: 'a' & !'b':*A ¦
            refcursor: cur ¦ {x}
            aclitem: postgres=r/postgres
            txid_snapshot: 10:20:10,14
            pg_snapshot: 10:20:10,14
            point: (1,2) ¦ (-0,1e300) ¦ (NaN,Infinity)
            line: {1,-1,0}
            lseg: [(1,2),(3,4)]
            box: (3,4),(1,2)
            path: ((1,2),(3,4)) ¦ [(1,2),(3,4)]
            polygon: ((0,0),(1,0),(0,1))
            circle: <(1,2),3>
            int4range: [1,3) ¦ empty ¦ (,) ¦ [1,)
            int8range: [1,9223372036854775807) ¦ empty
            numrange: [1.50,1e400) ¦ (,NaN)
            daterange: [2024-01-01,infinity) ¦ [4713-01-01 BC,2024-01-01)
            tsrange: ["2024-01-01 00:00:00","2024-01-02 10:00:00") ¦ empty
            tstzrange: ["2024-01-01 00:00:00+00",)
            int4multirange: {[1,3),[5,9)} ¦ {}
            int8multirange: {[1,3)}
            nummultirange: {[1.50,2)}
            datemultirange: {[2024-01-01,2024-02-01)}
            tsmultirange: {["2024-01-01 00:00:00","2024-01-02 10:00:00")}
            tstzmultirange: {["2024-01-01 00:00:00+00",)}
            public.mood: sad ¦ it's "q" ¦ {a} ¦ NULL
            public.pair: (1,x) ¦ (,"a ""b"" \\\\ {c}") ¦ (,)
            public.positive: 1 ¦ 2147483647
            public.list: {1,2} ¦ {{1,2},{3,4}} ¦ {}
            public.document: {"k": [1]} ¦ [1, 2] ¦ []
            public.span: [1.5,2.5)
            public.span_multirange: {[1.5,2.5)}""";

    private static final String[] OWN = {
        "CREATE TYPE mood AS ENUM ('sad', 'it''s \"q\"', '{a}', 'NULL')",
        "CREATE TYPE pair AS (a int, b text)",
        "CREATE DOMAIN positive AS int CHECK (VALUE > 0)",
        "CREATE DOMAIN list AS int[]",
        "CREATE DOMAIN document AS jsonb",
        "CREATE TYPE span AS RANGE (subtype = float8)",
        "CREATE TABLE document_of (d document, ds document[], p positive, l list, ms mood[])"
    };

    /** Whose texts the server itself does not read. */
    private static final List<String> NO_INPUT = List.of(
            "pg_node_tree",
            "pg_ndistinct",
            "pg_dependencies",
            "pg_mcv_list",
            "pg_brin_bloom_summary",
            "pg_brin_minmax_multi_summary",
            "gtsvector",
            "ghstore");

    /** The server does not read its own text: "cannot accept a value of type", "more than one function named". */
    private static final Set<String> NO_WAY_BACK = Set.of("0A000", "42725");

    private static final List<Param> ITEM = List.of(Param.of(Template.text("{item.v}")));

    @TempDir
    private Path made;

    @Test
    void aValueOfAnyTypeComesBackAsItWas() throws Exception {
        Optional<Path> bin = RealPostgres.find();
        assumeTrue(bin.isPresent(), "PostgreSQL is not installed: apt-get install postgresql");
        try (RealPostgres server = RealPostgres.start(bin.get(), Certificates.in(made))) {
            server.execute("postgres", OWN);
            everyType(server.port(), "postgres", Map.of());
            everyType(
                    server.port(),
                    "postgres",
                    Map.of(
                            "IntervalStyle",
                            "sql_standard",
                            "bytea_output",
                            "escape",
                            "TimeZone",
                            "America/St_Johns",
                            "quote_all_identifiers",
                            "on"));
        }
    }

    @Test
    void alsoOfANewerServer() throws Exception {
        Postgres.createDatabase("every_type_it");
        try (var connection = Postgres.connect("every_type_it");
                var statement = connection.createStatement()) {
            for (String own : OWN) {
                statement.execute(own);
            }
        }
        everyType(Postgres.port(), "every_type_it", Map.of("IntervalStyle", "iso_8601", "TimeZone", "Asia/Kolkata"));
    }

    /** A value in SQL, and its type as SQL writes it. */
    private record Value(String type, String sql) {}

    private void everyType(int port, String database, Map<String, String> settings) {
        PgConnectOptions options = new PgConnectOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setUser("postgres")
                .setDatabase(database);
        settings.forEach(options::addProperty);
        Vertx vertx = Vertx.vertx();
        List<String> wrong = new ArrayList<>();
        try {
            Integer checked = Tasks.run(
                    vertx,
                    () -> SqlCalls.open(vertx, options, SqlLimits.of(0, 1))
                            .compose(sql -> Tasks.finallyDo(
                                    () -> values(sql).compose(values -> all(sql, values, wrong)), sql::close)));
            assertThat(wrong).isEmpty();
            assertThat(checked).isGreaterThan(1_000);
        } finally {
            Joined.within(10, vertx.close());
        }
    }

    /** Values of all types of the catalog; fails for a type without one. */
    private static Future<List<Value>> values(SqlCalls sql) {
        return sql.query(
                        "SELECT format_type(t.oid, NULL) AS name, t.typname::text AS short, t.typtype::text AS kind,"
                                + " t.typarray <> 0 AS has_array, t.typrelid::regclass::text AS relation"
                                + " FROM pg_type t WHERE t.typtype <> 'p' AND t.typoutput <> 'pg_catalog.array_out'::regproc"
                                + " AND t.typname !~ '^pg_toast' AND t.typnamespace <> 'information_schema'::regnamespace"
                                + " ORDER BY t.oid",
                        Tuple.tuple())
                .map(rows -> {
                    Map<String, String> known = VALUES.lines()
                            .map(line -> line.split(":", 2))
                            .collect(Collectors.toMap(line -> line[0], line -> line[1]));
                    List<Value> values = new ArrayList<>();
                    List<String> none = new ArrayList<>();
                    for (Row row : rows) {
                        String type = row.getString("name");
                        String brief = row.getString("short");
                        String list = known.getOrDefault(brief, known.getOrDefault("public." + brief, known.get(type)));
                        List<String> some = new ArrayList<>();
                        if (list != null) {
                            Arrays.stream(list.split("¦"))
                                    .forEach(one -> some.add("'" + one.strip().replace("'", "''") + "'::" + type));
                        } else if (row.getString("kind").equals("c")) {
                            some.add("(SELECT t FROM " + row.getString("relation") + " t LIMIT 1)");
                        } else if (!NO_INPUT.contains(brief)) {
                            none.add(type);
                        }
                        some.forEach(one -> values.add(new Value(type, one)));
                        values.add(new Value(type, "NULL::" + type));
                        if (row.getBoolean("has_array")) {
                            arrays(type, some).forEach(one -> values.add(new Value(type + "[]", one)));
                        }
                    }
                    assertThat(none).as("types without a value in this test").isEmpty();
                    return values;
                });
    }

    private static List<String> arrays(String type, List<String> some) {
        List<String> arrays = new ArrayList<>(List.of("'{}'::" + type + "[]", "NULL::" + type + "[]"));
        arrays.add("ARRAY[NULL]::" + type + "[]");
        if (!some.isEmpty()) {
            arrays.add("ARRAY[" + String.join(", ", some) + ", NULL]");
            arrays.add(
                    "ARRAY[" + some.stream().map(one -> "[" + one + ", NULL]").collect(Collectors.joining(", ")) + "]");
            arrays.add("array_fill(" + some.get(0) + ", ARRAY[2, 1, 2])");
            arrays.add("array_fill(" + some.get(0) + ", ARRAY[2], ARRAY[5])");
        }
        return arrays;
    }

    private static Future<Integer> all(SqlCalls sql, List<Value> values, List<String> wrong) {
        int[] at = {0};
        return Tasks.loopWhile(() -> at[0] == values.size()
                        ? Future.succeededFuture(false)
                        : check(sql, values.get(at[0]++)).map(why -> {
                            why.ifPresent(wrong::add);
                            return true;
                        }))
                .map(done -> values.size());
    }

    /** Why a value does not come back as it was. */
    private static Future<Optional<String>> check(SqlCalls sql, Value value) {
        String what = value.sql() + ": ";
        // its white space is not the value
        boolean json = value.type().matches("\"?jsonb?\"?(\\[])?");
        String text = json ? "to_json(v)::jsonb::text" : "v::text";
        return sql.query("SELECT v, " + text + " AS t FROM (SELECT " + value.sql() + " AS v) s", SqlTexts.none())
                .compose(rows -> {
                    Row row = rows.iterator().next();
                    String expected = row.getString("t");
                    Object read = RowJson.of(row).getValue("v");
                    if ((read == null) != (expected == null)) {
                        return Future.succeededFuture(Optional.of(what + "read as " + read));
                    }
                    // as `-o jsonl` writes it, and a job reads it again
                    String line = new JsonObject().put("v", read).encode();
                    return sql.query(
                                    "SELECT " + text + " AS t FROM (SELECT $1::" + value.type() + " AS v) s",
                                    Params.of(ITEM, TemplateScope.of(JsonText.value(line)), false))
                            .map(again -> {
                                String back = again.iterator().next().getString("t");
                                return Objects.equals(back, expected)
                                        ? Optional.<String>empty()
                                        : Optional.of(what + "written as " + line + ", came back as " + back);
                            });
                })
                .recover(error -> Future.succeededFuture(
                        error instanceof PgException pg && NO_WAY_BACK.contains(pg.getSqlState())
                                ? Optional.empty()
                                : Optional.of(what + error)));
    }
}
