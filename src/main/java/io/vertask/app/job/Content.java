package io.vertask.app.job;

import io.vertask.app.job.template.JsonTree;
import io.vertask.app.job.template.Names;
import io.vertask.app.job.template.Param;
import io.vertask.app.job.template.Template;
import io.vertask.app.job.template.TemplateException;
import io.vertask.app.job.template.TemplateReader;
import io.vertask.app.job.template.TemplateScope;
import io.vertask.app.job.template.Values;
import io.vertask.app.job.yaml.Fields;
import io.vertask.app.job.yaml.MessageText;
import io.vertask.app.job.yaml.YamlNode;
import io.vertask.app.job.yaml.YamlNode.Mapping;
import io.vertask.app.job.yaml.YamlNode.Scalar;
import io.vertask.app.job.yaml.YamlNode.Sequence;
import io.vertx.core.json.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The content of a request: exactly one of {@code json}, {@code form} and {@code text}. */
public sealed interface Content {

    /** The keys that give a step its content. */
    List<String> KEYS = List.of("json", "form", "text");

    /** The media type, unless a header gives another. */
    String type();

    /** The content for one item. <b>Failure.</b> {@link TemplateException} when a name of the file has no value. */
    String render(TemplateScope scope);

    /** Any value of JSON. */
    record JsonContent(JsonTree tree) implements Content {
        @Override
        public String type() {
            return "application/json";
        }

        @Override
        public String render(TemplateScope scope) {
            return Json.encode(tree.value(scope));
        }
    }

    /** The fields of an HTML form, in the file's order; a list sends its field several times. */
    record FormContent(List<Field> fields) implements Content {
        record Field(String name, Param value) {}

        @Override
        public String type() {
            return "application/x-www-form-urlencoded";
        }

        @Override
        public String render(TemplateScope scope) {
            return fields.stream()
                    .map(field -> encode(field.name()) + "="
                            + encode(Values.text(field.value().value(scope))))
                    .collect(Collectors.joining("&"));
        }

        private static String encode(String text) {
            return URLEncoder.encode(text, StandardCharsets.UTF_8);
        }
    }

    /** Any other text. */
    record TextContent(Template text) implements Content {
        @Override
        public String type() {
            return "text/plain; charset=utf-8";
        }

        @Override
        public String render(TemplateScope scope) {
            return text.render(scope);
        }
    }

    /** The content of a step; empty when it has none, or none that can be read, which has then been reported. */
    static Optional<Content> read(Fields fields, Names names) {
        List<String> given = KEYS.stream().filter(fields::has).toList();
        for (int i = 1; i < given.size(); i++) {
            String both = MessageText.quote(given.get(0)) + " and " + MessageText.quote(given.get(i));
            fields.mistakes().show(fields.keyPlace(given.get(i)), both + " at once", "keep one");
        }
        List<Content> contents = new ArrayList<>();
        for (String key : given) {
            YamlNode node = fields.node(key);
            if (node != null) {
                read(key, node, fields, TemplateReader.of(fields, key, names)).ifPresent(contents::add);
            }
        }
        return contents.stream().findFirst();
    }

    private static Optional<Content> read(String key, YamlNode node, Fields fields, TemplateReader templates) {
        return switch (key) {
            case "json" -> Optional.of(new JsonContent(JsonTree.read(node, templates)));
            case "form" -> Optional.ofNullable(form(fields, templates)).map(FormContent::new);
            default -> templates.text(fields.scalar(key)).map(TextContent::new);
        };
    }

    private static @Nullable List<FormContent.Field> form(Fields fields, TemplateReader templates) {
        Mapping mapping = fields.map("form");
        if (mapping == null) {
            return null;
        }
        List<FormContent.Field> form = new ArrayList<>();
        mapping.entries().forEach((name, entry) -> {
            List<YamlNode> values =
                    entry.value() instanceof Sequence sequence ? sequence.entries() : List.of(entry.value());
            for (YamlNode value : values) {
                if (value instanceof Scalar) {
                    Param.read(value, templates).ifPresent(param -> form.add(new FormContent.Field(name, param)));
                } else {
                    fields.wrong("form." + name, value, "one value or a list of values, not " + value.kind());
                }
            }
        });
        return List.copyOf(form);
    }
}
