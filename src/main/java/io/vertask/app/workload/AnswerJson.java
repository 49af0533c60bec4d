package io.vertask.app.workload;

import io.vertask.app.job.template.TemplateScope;
import io.vertask.app.job.template.Values;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An answer as JSON, from which a later process makes the answer again.
 *
 * <p>What an answer has twice is written once: a name whose value is the result, or a field of the result, is only
 * listed.
 */
public final class AnswerJson {
    private AnswerJson() {}

    /** The JSON of {@code answer}, without the pause that its server asked for. */
    public static JsonObject of(Answer answer) {
        Object value = answer.value();
        JsonObject json = new JsonObject().put("value", value);
        String line = answer.line();
        if (!line.equals(line(value))) {
            json.put("line", line);
        }
        names(answer.scope(), value, json);
        if (answer.empty()) {
            json.put("empty", true);
        }
        if (answer.more()) {
            json.put("more", true);
        }
        if (!answer.rows().isEmpty()) {
            JsonArray rows = new JsonArray();
            answer.rows().forEach(row -> rows.add(of(row)));
            json.put("rows", rows);
        }
        return json;
    }

    private static void names(TemplateScope scope, @Nullable Object value, JsonObject json) {
        JsonObject names = new JsonObject();
        JsonArray whole = new JsonArray();
        JsonArray fields = new JsonArray();
        scope.names().forEach((name, known) -> {
            if (known != null && known == value) {
                whole.add(name);
            } else if (known != null
                    && value instanceof JsonObject object
                    && object.getMap().get(name) == known) {
                fields.add(name);
            } else {
                names.put(name, known);
            }
        });
        json.put("names", names).put("whole", whole).put("fields", fields);
        scope.column().ifPresent(column -> json.put("column", column));
        Object body = scope.answer();
        if (body != null && body == value) {
            json.put("fieldsAreNames", true);
        } else if (body != null) {
            json.put("answer", body);
        }
    }

    private static String line(@Nullable Object value) {
        return value instanceof String text ? text : value instanceof Number ? Values.text(value) : Json.encode(value);
    }

    /**
     * Makes the answer that {@link #of} wrote.
     *
     * <p><b>Failure.</b> {@link ClassCastException} when the JSON is no answer.
     */
    public static Answer read(JsonObject json) {
        Object value = json.getValue("value");
        Map<String, @Nullable Object> names = new LinkedHashMap<>();
        json.getJsonArray("whole", new JsonArray()).forEach(name -> names.put((String) name, value));
        json.getJsonObject("names", new JsonObject()).forEach(name -> names.put(name.getKey(), name.getValue()));
        if (value instanceof JsonObject object) {
            json.getJsonArray("fields", new JsonArray())
                    .forEach(name -> names.put((String) name, object.getValue((String) name)));
        }
        TemplateScope scope = TemplateScope.of(names.get("item"), Optional.ofNullable(json.getString("column")))
                .with(names)
                .answer(json.getBoolean("fieldsAreNames", false) ? value : json.getValue("answer"));
        List<Answer> rows = new ArrayList<>();
        json.getJsonArray("rows", new JsonArray()).forEach(row -> rows.add(read((JsonObject) row)));
        return new Answer(
                scope,
                json.getString("line", line(value)),
                value,
                json.getBoolean("empty", false),
                json.getBoolean("more", false),
                rows,
                Optional.empty());
    }
}
