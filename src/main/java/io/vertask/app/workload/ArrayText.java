package io.vertask.app.workload;

import io.vertask.client.SqlType;
import io.vertx.core.json.JsonArray;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The texts of Postgres's arrays, like <code>{{1,2},{3,NULL}}</code>. */
public final class ArrayText {
    private static final Set<String> JSON = Set.of("json", "jsonb");

    private final String text;
    private final char delimiter;
    private final SqlType element;
    private int at;

    private ArrayText(String text, SqlType element) {
        this.text = text;
        this.delimiter = element.delimiter();
        this.element = element;
    }

    /**
     * Whether lists of JSON can stand for this array: its indexes begin at 1, which the server does not write then. An
     * array of JSON has one dimension, or its own lists could not be told from those in its elements.
     */
    static boolean isPlain(String text, SqlType element) {
        return text.startsWith("{") && !(JSON.contains(element.name()) && text.startsWith("{{"));
    }

    /** Reads what the server has written. */
    static JsonArray read(String text, SqlType array) {
        return new ArrayText(text, Objects.requireNonNull(array.element())).list();
    }

    private JsonArray list() {
        JsonArray list = new JsonArray();
        at++;
        while (text.charAt(at) != '}') {
            if (text.charAt(at) == delimiter) {
                at++;
            }
            list.add(text.charAt(at) == '{' ? list() : element());
        }
        at++;
        return list;
    }

    private @Nullable Object element() {
        if (text.charAt(at) != '"') {
            int start = at;
            while (text.charAt(at) != delimiter && text.charAt(at) != '}') {
                at++;
            }
            String plain = text.substring(start, at);
            return plain.equals("NULL") ? null : RowJson.value(plain, element);
        }
        StringBuilder value = new StringBuilder();
        at++;
        while (text.charAt(at) != '"') {
            if (text.charAt(at) == '\\') {
                at++;
            }
            value.append(text.charAt(at++));
        }
        at++;
        return RowJson.value(value.toString(), element);
    }

    /**
     * Writes a list so that the server reads it as an array.
     *
     * @param element makes the text of an element
     */
    public static String write(List<?> list, SqlType array, BiFunction<Object, SqlType, String> element) {
        SqlType of = Objects.requireNonNull(array.element());
        StringBuilder text = new StringBuilder("{");
        for (Object value : list) {
            if (text.length() > 1) {
                text.append(of.delimiter());
            }
            Object plain = value instanceof JsonArray nested ? nested.getList() : value;
            if (plain instanceof List<?> nested && !JSON.contains(of.name())) {
                text.append(write(nested, array, element));
            } else {
                String one = plain == null ? null : element.apply(plain, of);
                quote(text, one);
            }
        }
        return text.append('}').toString();
    }

    private static void quote(StringBuilder text, @Nullable String value) {
        if (value == null) {
            text.append("NULL");
            return;
        }
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\');
            }
            text.append(c);
        }
        text.append('"');
    }
}
