package io.vertask.app.workload.into;

import static io.vertask.app.job.SqlNames.quoted;

import io.vertask.app.job.Into;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A table of the catalog: its columns with the server's own words for their types.
 *
 * @param columns by name, in the table's order
 * @param key whose columns a row replaces another by; empty: rows are only added
 */
record Table(Into into, Map<String, Column> columns, List<String> key) {

    /**
     * One column.
     *
     * @param type as SQL writes it: {@code character varying(20)}
     * @param needed neither null nor left out
     * @param written false for one whose value the server makes, and lets nobody else make
     */
    record Column(String type, boolean needed, boolean written) {}

    /** The table's name in SQL. */
    static String sql(Into into) {
        return into.schema().map(schema -> quoted(schema) + ".").orElse("") + quoted(into.table());
    }

    /** Why rows with exactly these fields can't go in; empty when they can, as far as names tell. */
    Optional<String> refuses(Collection<String> fields) {
        for (String field : fields) {
            Column column = columns.get(field);
            if (column == null) {
                return Optional.of("table " + into.name() + " has no column `" + field + "`; it has: "
                        + columns.keySet().stream().limit(20).collect(Collectors.joining(" ")));
            }
            if (!column.written()) {
                return Optional.of("column `" + field + "` of table " + into.name() + " is made by the server");
            }
        }
        return columns.entrySet().stream()
                .filter(column -> column.getValue().needed() && !fields.contains(column.getKey()))
                .findFirst()
                .map(column -> "table " + into.name() + " needs a value for its column `" + column.getKey()
                        + "`, which is NOT NULL and has no default; the rows have: " + String.join(" ", fields));
    }

    /** {@code CREATE TABLE} for columns of these types. */
    static String create(Into into, Map<String, String> types) {
        List<String> parts = new ArrayList<>();
        types.forEach((name, type) -> parts.add(quoted(name) + " " + type));
        if (!into.key().isEmpty()) {
            parts.add("PRIMARY KEY (" + list(into.key()) + ")");
        }
        return "CREATE TABLE IF NOT EXISTS " + sql(into) + " (" + String.join(", ", parts) + ")";
    }

    /**
     * Takes the rows of a JSON array, {@code $1}, into these columns. Of rows with the same key the last one counts:
     * one statement can't touch a row twice.
     */
    String insert(Collection<String> fields) {
        String names = list(fields);
        String ordinal = quoted("vertask: ordinal");
        String sql = "INSERT INTO " + sql(into) + " (" + names + ") SELECT "
                + (key.isEmpty() ? "" : "DISTINCT ON (" + list(key) + ") ") + names + " FROM ROWS FROM ("
                + "json_to_recordset($1::text::json) AS (" + definitions(fields) + ")) WITH ORDINALITY AS r (" + names
                + ", " + ordinal + ") ORDER BY "
                + (key.isEmpty() ? "" : list(key) + ", ") + ordinal + (key.isEmpty() ? "" : " DESC");
        if (key.isEmpty()) {
            return sql;
        }
        String others = fields.stream()
                .filter(field -> !key.contains(field))
                .map(field -> quoted(field) + " = EXCLUDED." + quoted(field))
                .collect(Collectors.joining(", "));
        return sql + " ON CONFLICT (" + list(key) + ") DO " + (others.isEmpty() ? "NOTHING" : "UPDATE SET " + others);
    }

    /** Reads one column of a JSON array, {@code $1}, and keeps nothing: to find out whether its values fit. */
    String probe(String field) {
        return "SELECT count(" + quoted(field) + ") FROM json_to_recordset($1::text::json) AS r ("
                + definitions(List.of(field)) + ")";
    }

    private String definitions(Collection<String> fields) {
        return fields.stream().map(field -> quoted(field) + " " + type(field)).collect(Collectors.joining(", "));
    }

    /** The type of a column that {@link #refuses} knows to be there. */
    String type(String field) {
        return Objects.requireNonNull(columns.get(field)).type();
    }

    private static String list(Collection<String> names) {
        return names.stream().map(name -> quoted(name)).collect(Collectors.joining(", "));
    }
}
