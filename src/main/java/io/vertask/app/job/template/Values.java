package io.vertask.app.job.template;

import io.vertask.app.job.yaml.MessageText;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes values as text. */
public final class Values {

    private static final int MOST_NAMES = 12;

    private Values() {}

    /** Text as it is, null as {@code null}, maps and lists as JSON. */
    public static String text(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        if (value instanceof BigDecimal number) {
            return Math.abs((long) number.scale()) > 100 ? number.toString() : number.toPlainString();
        }
        if (value instanceof JsonObject || value instanceof JsonArray) {
            return Json.encode(value);
        }
        return value instanceof Map || value instanceof Collection ? Json.encode(value) : value.toString();
    }

    /** The first field names of a map. */
    static List<String> names(@Nullable Object value) {
        Collection<?> names = List.of();
        if (value instanceof JsonObject object) {
            names = object.fieldNames();
        } else if (value instanceof Map<?, ?> map) {
            names = map.keySet();
        }
        return names.stream()
                .limit(MOST_NAMES)
                .map(name -> MessageText.visible(String.valueOf(name)))
                .toList();
    }
}
