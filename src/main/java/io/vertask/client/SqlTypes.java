package io.vertask.client;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The types of one database that have been met so far: the usual ones from the start, others from its catalog. */
final class SqlTypes {
    /** Number, number of the array type, name; they are the same on every server. */
    private static final String USUAL = """
            16 1000 boolean
            17 1001 bytea
            18 1002 "char"
            19 1003 name
            20 1016 bigint
            21 1005 smallint
            23 1007 integer
            25 1009 text
            26 1028 oid
            114 199 json
            142 143 xml
            600 1017 point
            650 651 cidr
            700 1021 real
            701 1022 double precision
            705 0 unknown
            790 791 money
            829 1040 macaddr
            869 1041 inet
            1042 1014 character
            1043 1015 character varying
            1082 1182 date
            1083 1183 time without time zone
            1114 1115 timestamp without time zone
            1184 1185 timestamp with time zone
            1186 1187 interval
            1266 1270 time with time zone
            1560 1561 bit
            1562 1563 bit varying
            1700 1231 numeric
            2278 0 void
            2950 2951 uuid
            3802 3807 jsonb""";

    private static final Map<Integer, SqlType> KNOWN = USUAL.lines()
            .map(line -> line.split(" ", 3))
            .flatMap(usual -> {
                SqlType type = new SqlType(Integer.parseInt(usual[0]), usual[2], null, ',');
                int array = Integer.parseInt(usual[1]);
                return array == 0 ? Stream.of(type) : Stream.of(type, new SqlType(array, usual[2] + "[]", type, ','));
            })
            .collect(Collectors.toUnmodifiableMap(SqlType::oid, type -> type));

    /** One row a type, those first that others of them are made of. */
    private static final String CATALOG = """
            WITH RECURSIVE need (oid, depth) AS (
              SELECT t.oid, 0 FROM pg_catalog.pg_type t WHERE t.oid IN (%s)
              UNION ALL
              SELECT CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.typelem END, need.depth + 1
              FROM need JOIN pg_catalog.pg_type t ON t.oid = need.oid
              WHERE t.typtype = 'd' OR t.typoutput = 'pg_catalog.array_out'::regproc)
            SELECT t.oid::bigint AS oid, pg_catalog.format_type(t.oid, NULL) AS name, t.typdelim::text AS delimiter,
                   CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE 0 END::bigint AS base,
                   CASE t.typoutput WHEN 'pg_catalog.array_out'::regproc THEN t.typelem ELSE 0 END::bigint AS element
            FROM need JOIN pg_catalog.pg_type t ON t.oid = need.oid ORDER BY need.depth DESC""";

    private final Map<Integer, SqlType> met = new ConcurrentHashMap<>();

    /** The type, or null when it was not {@link #learn learned}. */
    @Nullable
    SqlType known(int oid) {
        SqlType usual = KNOWN.get(oid);
        return usual != null ? usual : met.get(oid);
    }

    boolean areKnown(int[] oids) {
        for (int oid : oids) {
            if (known(oid) == null) {
                return false;
            }
        }
        return true;
    }

    /** Asks the catalog for those of {@code oids} that are not known; no statement may run on the connection. */
    Future<Void> learn(SqlConnection connection, int[] oids) {
        int[] missing =
                IntStream.of(oids).filter(oid -> known(oid) == null).distinct().toArray();
        if (missing.length == 0) {
            return Future.succeededFuture();
        }
        String list = Arrays.stream(missing).mapToObj(Integer::toUnsignedString).collect(Collectors.joining(","));
        return connection.query(CATALOG.formatted(list)).execute().map(rows -> {
            rows.forEach(this::add);
            for (int oid : missing) {
                // dropped meanwhile
                met.putIfAbsent(oid, new SqlType(oid, "type " + Integer.toUnsignedString(oid), null, ','));
            }
            return null;
        });
    }

    private void add(Row row) {
        int oid = row.getLong("oid").intValue();
        SqlType base = known(row.getLong("base").intValue());
        SqlType element = known(row.getLong("element").intValue());
        char delimiter = row.getString("delimiter").charAt(0);
        met.put(oid, base != null ? base : new SqlType(oid, row.getString("name"), element, delimiter));
    }
}
