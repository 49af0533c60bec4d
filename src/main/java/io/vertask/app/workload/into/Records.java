package io.vertask.app.workload.into;

import io.vertask.app.workload.Answer;
import io.vertask.app.workload.CallFailure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rows of a result. <b>Failure.</b> {@link CallFailure} for a value that can't be a row. */
final class Records {
    private Records() {}

    /** An object is a row, an array of objects is several, null is none. */
    static List<JsonObject> of(@Nullable Object value) {
        List<JsonObject> rows = new ArrayList<>();
        if (value instanceof JsonArray array) {
            for (int i = 0; i < array.size(); i++) {
                rows.add(row(array.getValue(i), "row " + (i + 1) + " of the result"));
            }
        } else if (value != null) {
            rows.add(row(value, "the result"));
        }
        return rows;
    }

    /** One row for each of a page's. */
    static List<JsonObject> of(List<Answer> rows) {
        List<JsonObject> records = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            records.add(row(rows.get(i).value(), "row " + (i + 1) + " of the page"));
        }
        return records;
    }

    @SuppressWarnings("unchecked")
    private static JsonObject row(@Nullable Object value, String which) {
        if (value instanceof JsonObject object) {
            return object;
        }
        if (value instanceof Map<?, ?> map) {
            return new JsonObject((Map<String, Object>) map);
        }
        String kind = value == null ? "null" : value instanceof JsonArray ? "an array" : "a plain value";
        throw CallFailure.lasting(
                "no row", "into: " + which + " is " + kind + ", not an object; name its fields with do.pick");
    }

    /** Every field that some row has. */
    static Set<String> fields(List<JsonObject> rows) {
        Set<String> fields = new LinkedHashSet<>();
        rows.forEach(row -> fields.addAll(row.fieldNames()));
        return fields;
    }

    /**
     * The rows in groups with the same fields. Rows with the same key stay in their order, because the last one counts.
     */
    static List<List<JsonObject>> grouped(List<JsonObject> rows, List<String> key) {
        Map<Set<String>, List<JsonObject>> groups = new LinkedHashMap<>();
        Map<List<String>, Set<String>> fieldsOf = new HashMap<>();
        boolean isApart = false;
        for (JsonObject row : rows) {
            Set<String> fields = row.fieldNames();
            groups.computeIfAbsent(fields, first -> new ArrayList<>()).add(row);
            if (!key.isEmpty()) {
                List<String> values = key.stream()
                        .map(field -> String.valueOf(row.getValue(field)))
                        .toList();
                Set<String> before = fieldsOf.put(values, fields);
                isApart |= before != null && !before.equals(fields);
            }
        }
        return isApart ? neighbours(rows) : List.copyOf(groups.values());
    }

    private static List<List<JsonObject>> neighbours(List<JsonObject> rows) {
        List<List<JsonObject>> groups = new ArrayList<>();
        Set<String> fields = Set.of();
        for (JsonObject row : rows) {
            if (groups.isEmpty() || !row.fieldNames().equals(fields)) {
                groups.add(new ArrayList<>());
                fields = row.fieldNames();
            }
            groups.get(groups.size() - 1).add(row);
        }
        return groups;
    }

    /** A row whose key has a hole would never replace another. */
    static void checkKey(List<JsonObject> rows, List<String> key) {
        for (int i = 0; i < rows.size(); i++) {
            for (String field : key) {
                if (rows.get(i).getValue(field) == null) {
                    throw CallFailure.lasting(
                            "no key", "into: row " + (i + 1) + " has no value for `" + field + "` of its key");
                }
            }
        }
    }
}
