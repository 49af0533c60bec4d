package io.vertask.app.workload.into;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The column types that {@code create: true} takes from the first rows.
 *
 * <p>Whole numbers are {@code bigint}, past its range {@code numeric}; other numbers {@code numeric}, except floats of
 * a query or a step, {@code double precision}; {@code true} and {@code false} are {@code boolean}; objects and arrays
 * are {@code jsonb}; texts are {@code timestamptz} when all of them are a date, a time and an offset as ISO 8601 has
 * them. Everything else, and what is null in every row, is {@code text}.
 */
final class TableTypes {
    private static final Pattern TIMESTAMP = Pattern.compile(
            "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
                    + "(?:\\.[0-9]{1,9})?(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])");

    private TableTypes() {}

    /** By column, in the order of the fields' first appearance. */
    static Map<String, String> of(List<JsonObject> rows) {
        Map<String, @Nullable String> types = new LinkedHashMap<>();
        for (JsonObject row : rows) {
            for (Map.Entry<String, Object> field : row) {
                String known = types.get(field.getKey());
                types.put(field.getKey(), both(known, of(field.getValue())));
            }
        }
        Map<String, String> all = new LinkedHashMap<>();
        types.forEach((name, type) -> all.put(name, type == null ? "text" : type));
        return all;
    }

    private static @Nullable String of(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        if (value instanceof Boolean) {
            return "boolean";
        }
        if (value instanceof Number number) {
            return number instanceof Integer || number instanceof Long
                    ? "bigint"
                    : isExact(number) ? "numeric" : "double precision";
        }
        if (value instanceof JsonObject || value instanceof JsonArray) {
            return "jsonb";
        }
        return TIMESTAMP.matcher(value.toString()).matches() ? "timestamptz" : "text";
    }

    /** Whether the number may have any digits: it is not a float of a query or a step. JSON's only float is -0.0. */
    private static boolean isExact(Number number) {
        return number instanceof BigDecimal
                || number instanceof BigInteger
                || Double.doubleToRawLongBits(number.doubleValue()) == Long.MIN_VALUE;
    }

    private static @Nullable String both(@Nullable String one, @Nullable String other) {
        if (one == null || one.equals(other)) {
            return other == null ? one : other;
        }
        if (other == null) {
            return one;
        }
        List<String> numbers = List.of("bigint", "double precision", "numeric");
        int wider = Math.max(numbers.indexOf(one), numbers.indexOf(other));
        boolean bothNumbers = numbers.contains(one) && numbers.contains(other);
        return bothNumbers ? numbers.get(wider) : one.equals("jsonb") || other.equals("jsonb") ? "jsonb" : "text";
    }
}
