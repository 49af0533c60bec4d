package io.vertask.app.job;

import io.vertask.app.job.yaml.Forms;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The JSON Schema of job files: the file {@code job.schema.json}, with the section {@code do} made from the forms of
 * steps.
 */
final class JobSchema {

    private JobSchema() {}

    /** The schema of jobs whose steps have these forms. */
    static JsonObject of(Forms<Step.Form> steps) {
        JsonObject schema = file();
        JsonObject section = schema.getJsonObject("properties").getJsonObject("do");
        JsonObject described = section.getJsonObject("properties");
        JsonObject keys = new JsonObject();
        steps.keys().forEach(key -> keys.put(key, property(key, described, steps)));
        JsonArray oneOf = new JsonArray();
        steps.forms().forEach(form -> form.heads().forEach(head -> oneOf.add(form(head, form))));
        section.put("properties", keys).put("oneOf", oneOf);
        return schema;
    }

    /** A step that has {@code head}, and no key that does not go with it. */
    private static JsonObject form(String head, Step.Form form) {
        JsonArray names = new JsonArray().add(head);
        form.others().forEach(names::add);
        return new JsonObject()
                .put("required", new JsonArray().add(head))
                .put("propertyNames", new JsonObject().put("enum", names));
    }

    private static JsonObject property(String key, JsonObject described, Forms<Step.Form> steps) {
        return described.containsKey(key)
                ? described.getJsonObject(key)
                : steps.forms().stream()
                        .filter(form ->
                                form.heads().contains(key) || form.others().contains(key))
                        .map(form -> form.schema(key))
                        .findFirst()
                        .orElseThrow();
    }

    private static JsonObject file() {
        try (InputStream in = Objects.requireNonNull(JobSchema.class.getResourceAsStream("job.schema.json"))) {
            return new JsonObject(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
