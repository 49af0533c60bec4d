package io.vertask.app.job.template;

import io.vertask.app.job.yaml.MessageText;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values that a template can name for one item: {@code item}, what was added ({@code status}, picked names), and
 * the fields of the answer: a JSON body or a row. An added name hides a field of the same name.
 */
public final class TemplateScope {

    private final Map<String, @Nullable Object> names;
    private final @Nullable Object answer;

    private TemplateScope(Map<String, @Nullable Object> names, @Nullable Object answer) {
        this.names = names;
        this.answer = answer;
    }

    public static TemplateScope of(@Nullable Object item) {
        Map<String, @Nullable Object> names = new LinkedHashMap<>();
        names.put("item", item);
        return new TemplateScope(names, null);
    }

    /** This scope with one more name. */
    public TemplateScope with(String name, @Nullable Object value) {
        Map<String, @Nullable Object> more = new LinkedHashMap<>(names);
        more.put(name, value);
        return new TemplateScope(more, answer);
    }

    /** This scope with more names, such as the picked ones. */
    public TemplateScope with(Map<String, ?> values) {
        Map<String, @Nullable Object> more = new LinkedHashMap<>(names);
        more.putAll(values);
        return new TemplateScope(more, answer);
    }

    /** This scope with the fields of an answer: a {@code JsonObject} or {@code Map}; anything else has no fields. */
    public TemplateScope answer(@Nullable Object body) {
        return new TemplateScope(names, body);
    }

    /** The item itself. */
    public @Nullable Object item() {
        return names.get("item");
    }

    /** The names and their values, without the fields of the answer. */
    public Map<String, @Nullable Object> names() {
        return Collections.unmodifiableMap(names);
    }

    /** The answer whose fields are names too; null when there is none. */
    public @Nullable Object answer() {
        return answer;
    }

    /** The value of a path. <b>Failure.</b> {@link TemplateException} when it is not there. */
    @Nullable
    Object value(Path path) {
        String root = path.root();
        if (root != null && names.containsKey(root)) {
            return path.below(names.get(root));
        }
        if (root != null && answer instanceof JsonObject object && object.containsKey(root)) {
            return path.below(object.getValue(root));
        }
        if (root != null && answer instanceof Map<?, ?> map && map.containsKey(root)) {
            return path.below(map.get(root));
        }
        throw TemplateException.unknownName(
                "{" + path + "}: no such name; there is: " + MessageText.list(names.keySet())
                        + (Values.names(answer).isEmpty() ? "" : " " + MessageText.list(Values.names(answer))));
    }
}
