package io.vertask.app.job.template;

import io.vertask.app.job.yaml.MessageText;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A dotted path into JSON-like values: {@code owner.login}, {@code items[0].id}. */
public final class Path {

    /** Stands for a value that is not there; null is a value that is there. */
    private static final Object ABSENT = new Object();

    private static final Pattern SEGMENT =
            Pattern.compile("(?:(?<=^|[^.])\\[([0-9]{1,9})\\]|(?:^|\\.)([^.\\[\\]{}]+))");

    private final String text;
    private final List<Object> segments;

    private Path(String text, List<Object> segments) {
        this.text = text;
        this.segments = segments;
    }

    /** Parses it. <b>Failure.</b> {@link TemplateException} when the text is not a path. */
    public static Path parse(String text) {
        List<Object> segments = new ArrayList<>();
        Matcher segment = SEGMENT.matcher(text).useTransparentBounds(true).useAnchoringBounds(false);
        int end = 0;
        while (segment.region(end, text.length()).lookingAt()) {
            String index = segment.group(1);
            segments.add(index != null ? (Object) Integer.valueOf(index) : segment.group(2));
            end = segment.end();
        }
        if (!text.isBlank() && !text.equals(text.strip())) {
            throw new TemplateException(
                    MessageText.quote("{" + text + "}") + " has blanks inside; write {" + text.strip() + "}");
        }
        if (segments.isEmpty() || end < text.length() || !text.equals(text.strip())) {
            throw new TemplateException(
                    MessageText.quote(text) + " is not a path; a path looks like owner.login or items[0].id");
        }
        return new Path(text, List.copyOf(segments));
    }

    /** The first name; null when the path begins with an index. */
    public @Nullable String root() {
        return segments.get(0) instanceof String name ? name : null;
    }

    /** The second name; null when there is none or it is an index. */
    public @Nullable String field() {
        return segments.size() > 1 && segments.get(1) instanceof String name ? name : null;
    }

    public int length() {
        return segments.size();
    }

    /** The value at this path; null also when something on the way is null or not there. */
    public @Nullable Object find(@Nullable Object from) {
        Object value = from;
        for (Object segment : segments) {
            value = step(value, segment);
            if (value == ABSENT) {
                return null;
            }
        }
        return value;
    }

    /** Whether there is a value at this path, null included; true also below a null, which hides what is there. */
    boolean isIn(@Nullable Object from) {
        Object value = from;
        for (Object segment : segments) {
            if (value == null) {
                return true;
            }
            value = step(value, segment);
            if (value == ABSENT) {
                return false;
            }
        }
        return true;
    }

    /**
     * The value at this path, below the value of its first segment.
     *
     * <p><b>Failure.</b> {@link TemplateException} when something on the way is null or not there.
     */
    @Nullable
    Object below(@Nullable Object root) {
        Object value = root;
        StringBuilder done = new StringBuilder(String.valueOf(segments.get(0)));
        for (Object segment : segments.subList(1, segments.size())) {
            Object next = step(value, segment);
            String written = segment instanceof Integer ? "[" + segment + "]" : MessageText.quote((String) segment);
            if (next == ABSENT) {
                String why = "{" + text + "}: " + MessageText.quote(done.toString()) + missing(value, written);
                boolean isName = value != null && segment instanceof String;
                throw isName ? TemplateException.unknownName(why) : new TemplateException(why);
            }
            done.append(segment instanceof Integer ? written : "." + segment);
            value = next;
        }
        return value;
    }

    private static String missing(@Nullable Object value, String written) {
        if (value == null) {
            return " is null";
        }
        List<String> names = Values.names(value);
        return " has no " + written + (names.isEmpty() ? "" : "; it has: " + MessageText.list(names));
    }

    private static @Nullable Object step(@Nullable Object value, Object segment) {
        if (segment instanceof Integer index) {
            if (value instanceof JsonArray array) {
                return index < array.size() ? array.getValue(index) : ABSENT;
            }
            return value instanceof List<?> list && index < list.size() ? list.get(index) : ABSENT;
        }
        if (value instanceof JsonObject object) {
            return object.containsKey((String) segment) ? object.getValue((String) segment) : ABSENT;
        }
        return value instanceof Map<?, ?> map && map.containsKey(segment) ? map.get(segment) : ABSENT;
    }

    @Override
    public String toString() {
        return text;
    }
}
