package io.vertask.app.job.template;

import io.vertask.app.job.yaml.YamlNode;
import io.vertask.app.job.yaml.YamlNode.Mapping;
import io.vertask.app.job.yaml.YamlNode.Scalar;
import io.vertask.app.job.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A value of JSON whose texts are templates; a text that is exactly one placeholder becomes the item's own value. */
public sealed interface JsonTree {

    /** Its value for one item. <b>Failure.</b> {@link TemplateException} when a name of the file has no value. */
    @Nullable
    Object value(TemplateScope scope);

    /** A text, number, boolean or null. */
    record Leaf(Param param) implements JsonTree {
        @Override
        public @Nullable Object value(TemplateScope scope) {
            return param.value(scope);
        }
    }

    /** A list. */
    record Listed(List<JsonTree> entries) implements JsonTree {
        @Override
        public Object value(TemplateScope scope) {
            List<@Nullable Object> values = new ArrayList<>();
            entries.forEach(entry -> values.add(entry.value(scope)));
            return values;
        }
    }

    /** An object. */
    record Mapped(Map<String, JsonTree> entries) implements JsonTree {
        @Override
        public Object value(TemplateScope scope) {
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            entries.forEach((key, entry) -> values.put(key, entry.value(scope)));
            return values;
        }
    }

    static JsonTree read(YamlNode node, TemplateReader templates) {
        if (node instanceof Sequence sequence) {
            List<JsonTree> entries = new ArrayList<>();
            sequence.entries().forEach(entry -> entries.add(read(entry, templates)));
            return new Listed(List.copyOf(entries));
        }
        if (node instanceof Mapping mapping) {
            unquoted(mapping, templates);
            Map<String, JsonTree> entries = new LinkedHashMap<>();
            mapping.entries().forEach((key, entry) -> entries.put(key, read(entry.value(), templates)));
            return new Mapped(Collections.unmodifiableMap(entries));
        }
        return new Leaf(Param.read(node, templates).orElse(new Param.Fixed(null)));
    }

    /** {@code id: {item}} is a map with the key {@code item} in YAML; it is reported as a missing quote. */
    private static void unquoted(Mapping mapping, TemplateReader templates) {
        if (mapping.entries().size() != 1) {
            return;
        }
        Mapping.Entry only = mapping.entries().values().iterator().next();
        String name = only.key().text();
        boolean empty =
                only.value() instanceof Scalar scalar && scalar.written().isEmpty() && scalar.plain();
        if (empty && templates.names().known().contains(name.replaceFirst("[.\\[].*", ""))) {
            templates
                    .mistakes()
                    .show(
                            mapping.place(),
                            templates.key() + ": `{" + name + "}` without quotes is a map",
                            "a text with braces needs quotes: \"{" + name + "}\"");
        }
    }
}
