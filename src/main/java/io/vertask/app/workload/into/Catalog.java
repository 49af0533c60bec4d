package io.vertask.app.workload.into;

import io.vertask.app.job.Into;
import io.vertask.client.SqlSession;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The server's catalog: a table's columns and unique indexes. */
final class Catalog {
    private static final String COLUMNS = """
            SELECT a.attname::text AS name, format_type(a.atttypid, a.atttypmod) AS type,
                   a.attnotnull AND NOT a.atthasdef AND a.attidentity = '' AS needed,
                   a.attgenerated = '' AND a.attidentity <> 'a' AS written
            FROM pg_attribute a
            WHERE a.attrelid = to_regclass($1::text) AND a.attnum > 0 AND NOT a.attisdropped
            ORDER BY a.attnum""";

    /** The unique indexes that ON CONFLICT can take: whole ones, of plain columns, checked at once. */
    private static final String UNIQUE = """
            SELECT ARRAY(SELECT a.attname::text FROM unnest(i.indkey::int2[]) WITH ORDINALITY k(n, o)
                         JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.n
                         WHERE k.o <= i.indnkeyatts) AS names
            FROM pg_index i
            WHERE i.indrelid = to_regclass($1::text) AND i.indisunique AND i.indimmediate AND i.indisvalid
              AND i.indpred IS NULL AND i.indexprs IS NULL""";

    private Catalog() {}

    /** The table, or empty when there is none. */
    static Future<Optional<Table>> find(SqlSession session, Into into) {
        return session.query(COLUMNS, Tuple.of(Table.sql(into))).map(rows -> {
            Map<String, Table.Column> columns = new LinkedHashMap<>();
            for (Row row : rows) {
                columns.put(
                        row.getString("name"),
                        new Table.Column(row.getString("type"), row.getBoolean("needed"), row.getBoolean("written")));
            }
            return columns.isEmpty() ? Optional.empty() : Optional.of(new Table(into, columns, into.key()));
        });
    }

    /** Whether a unique index has exactly the columns of the key, so that a row can replace another. */
    static Future<Boolean> hasKey(SqlSession session, Into into) {
        return session.query(UNIQUE, Tuple.of(Table.sql(into))).map(rows -> {
            List<String> wanted = into.key().stream().sorted().toList();
            for (Row row : rows) {
                List<String> names = new ArrayList<>(List.of(row.getArrayOfStrings("names")));
                names.sort(null);
                if (names.equals(wanted)) {
                    return true;
                }
            }
            return false;
        });
    }
}
