package io.vertask.app.job.yaml;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A value of a job file with its place. */
public sealed interface YamlNode {

    Place place();

    /** The same value, found at another place: the target of an alias. */
    YamlNode at(Place place);

    /** The word for messages: {@code a map}, {@code a list}, {@code a value}. */
    String kind();

    /**
     * One word or text.
     *
     * @param written the file's own text, with its {@code ${VAR}}; the only form a message may show
     * @param text the text with its variables replaced
     * @param plain not quoted and not a block
     * @param faults variables that are not set or not valid; such a scalar has no usable text
     */
    record Scalar(Place place, String written, String text, boolean plain, List<Variables.Fault> faults)
            implements YamlNode {

        @Override
        public Scalar at(Place other) {
            return new Scalar(other, written, text, plain, faults);
        }

        @Override
        public String kind() {
            return "a value";
        }

        /** Whether some of the text came from the environment. */
        public boolean substituted() {
            return !written.equals(text);
        }

        /** Null, written plainly: {@code key:} and {@code key: null}. */
        public boolean isNull() {
            return plain && !substituted() && PlainScalar.isNull(text);
        }

        /** The plain Java value; text that came from a variable stays text. */
        @Nullable
        public Object value() {
            return plain && !substituted() ? PlainScalar.value(text) : text;
        }
    }

    /** A list. */
    record Sequence(Place place, List<YamlNode> entries) implements YamlNode {

        @Override
        public Sequence at(Place other) {
            return new Sequence(other, entries);
        }

        @Override
        public String kind() {
            return "a list";
        }
    }

    /**
     * A map; its keys are unique and keep the file's order.
     *
     * @param refused the entries that a mistake has been reported for; they may still hold a secret
     */
    record Mapping(Place place, Map<String, Entry> entries, List<Entry> refused) implements YamlNode {

        /** A key and its value. */
        public record Entry(Scalar key, YamlNode value) {}

        @Override
        public Mapping at(Place other) {
            return new Mapping(other, entries, refused);
        }

        @Override
        public String kind() {
            return "a map";
        }

        /** This map with one entry added or replaced. */
        Mapping with(Entry entry) {
            Map<String, Entry> more = new LinkedHashMap<>(entries);
            more.put(entry.key().text(), entry);
            return new Mapping(place, more, refused);
        }
    }

    /** The plain Java value: text, number, boolean, null, list or map. */
    static @Nullable Object plainValue(YamlNode node) {
        if (node instanceof Scalar scalar) {
            return scalar.value();
        }
        if (node instanceof Sequence sequence) {
            List<@Nullable Object> list = new ArrayList<>();
            sequence.entries().forEach(entry -> list.add(plainValue(entry)));
            return Collections.unmodifiableList(list);
        }
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        ((Mapping) node).entries().forEach((key, entry) -> map.put(key, plainValue(entry.value())));
        return Collections.unmodifiableMap(map);
    }
}
