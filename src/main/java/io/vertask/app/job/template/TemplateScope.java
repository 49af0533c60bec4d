package io.vertask.app.job.template;

import io.vertask.app.job.yaml.MessageText;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The values that a template can name for one item: {@code item}, what was added ({@code status}, picked names), and
 * the fields of the answer: a JSON body or a row. An added name hides a field of the same name.
 */
public final class TemplateScope {

    private final Map<String, @Nullable Object> names;
    private final Optional<String> column;
    private final @Nullable Object answer;

    private TemplateScope(Map<String, @Nullable Object> names, Optional<String> column, @Nullable Object answer) {
        this.names = names;
        this.column = column;
        this.answer = answer;
    }

    public static TemplateScope of(@Nullable Object item) {
        return of(item, Optional.empty());
    }

    /** The item of a query's row with one column: {@code {item}} is its value, and {@code {item.id}} too. */
    public static TemplateScope of(@Nullable Object item, Optional<String> column) {
        Map<String, @Nullable Object> names = new LinkedHashMap<>();
        names.put("item", item);
        return new TemplateScope(names, column, null);
    }

    /** This scope with one more name. */
    public TemplateScope with(String name, @Nullable Object value) {
        Map<String, @Nullable Object> more = new LinkedHashMap<>(names);
        more.put(name, value);
        return new TemplateScope(more, column, answer);
    }

    /** This scope with more names, such as the picked ones. */
    public TemplateScope with(Map<String, ?> values) {
        Map<String, @Nullable Object> more = new LinkedHashMap<>(names);
        more.putAll(values);
        return new TemplateScope(more, column, answer);
    }

    /** This scope with the fields of an answer: a {@code JsonObject} or {@code Map}; anything else has no fields. */
    public TemplateScope answer(@Nullable Object body) {
        return new TemplateScope(names, column, body);
    }

    /** The item itself. */
    public @Nullable Object item() {
        return names.get("item");
    }

    /**
     * The value in which a field of the item is looked up: the item, or a map of the one column when that has the
     * field's name.
     */
    @Nullable
    Object item(@Nullable String field) {
        Object item = item();
        if (field == null || !field.equals(column.orElse(null))) {
            return item;
        }
        boolean known = item instanceof JsonObject object
                ? object.containsKey(field)
                : item instanceof Map<?, ?> map && map.containsKey(field);
        return known ? item : Collections.singletonMap(field, item);
    }

    /** The names and their values, without the fields of the answer. */
    public Map<String, @Nullable Object> names() {
        return Collections.unmodifiableMap(names);
    }

    /** The name of the query's only column, which the item is the value of. */
    public Optional<String> column() {
        return column;
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
            return path.below(root.equals("item") ? item(path.field()) : names.get(root));
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
