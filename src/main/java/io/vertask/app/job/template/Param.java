package io.vertask.app.job.template;

import io.vertask.app.job.yaml.YamlNode;
import io.vertask.app.job.yaml.YamlNode.Scalar;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A value to bind to a statement. */
public sealed interface Param {

    /** The value for one item. <b>Failure.</b> {@link TemplateException} when a name of the file has no value. */
    @Nullable
    Object value(TemplateScope scope);

    /** Whether it is a text made from the template, not a value that one placeholder stands for. */
    default boolean isText() {
        return false;
    }

    /** Whether it is {@code {item}}: the whole item. */
    default boolean isItem() {
        return false;
    }

    /** The same value for every item: a number, a boolean, null. */
    record Fixed(@Nullable Object constant) implements Param {
        @Override
        public @Nullable Object value(TemplateScope scope) {
            return constant;
        }
    }

    /** A text made from the item; exactly one placeholder keeps the item's type. */
    record Rendered(Template template) implements Param {
        @Override
        public @Nullable Object value(TemplateScope scope) {
            return template instanceof TextTemplate text ? text.value(scope) : template.render(scope);
        }

        @Override
        public boolean isText() {
            return !(template instanceof TextTemplate text && text.isPlaceholder());
        }

        @Override
        public boolean isItem() {
            return !isText() && template.paths().get(0).toString().equals("item");
        }
    }

    static Param of(Template template) {
        return new Rendered(template);
    }

    static Optional<Param> read(YamlNode entry, TemplateReader templates) {
        if (!(entry instanceof Scalar scalar)) {
            templates
                    .mistakes()
                    .show(entry.place(), "a parameter must be one value, not " + entry.kind(), "quote it: \"{item}\"");
            return Optional.empty();
        }
        if (!scalar.faults().isEmpty()) {
            return Optional.empty();
        }
        Object value = scalar.value();
        return value instanceof String ? templates.text(scalar).map(Param::of) : Optional.of(new Fixed(value));
    }
}
