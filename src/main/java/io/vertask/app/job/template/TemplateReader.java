package io.vertask.app.job.template;

import io.vertask.app.job.yaml.Fields;
import io.vertask.app.job.yaml.Mistakes;
import io.vertask.app.job.yaml.YamlNode.Scalar;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads templates and selectors from a job file, and reports their mistakes.
 *
 * @param key the key's path in messages
 */
public record TemplateReader(String key, Names names, Mistakes mistakes) {

    public static TemplateReader of(Fields fields, String key, Names names) {
        return new TemplateReader(fields.path(key), names, fields.mistakes());
    }

    public Optional<Template> url(@Nullable Scalar scalar) {
        return template(scalar, UrlTemplate::parse);
    }

    public Optional<Template> text(@Nullable Scalar scalar) {
        return template(scalar, TextTemplate::parse);
    }

    /** A URL when it begins like one, so that its items are encoded; plain text otherwise. */
    public Optional<Template> urlOrText(@Nullable Scalar scalar) {
        return scalar != null && isUrl(scalar.text()) ? url(scalar) : text(scalar);
    }

    public static boolean isUrl(String text) {
        return text.startsWith("http://") || text.startsWith("https://");
    }

    public Optional<Selector> selector(Scalar scalar) {
        return guarded(scalar, () -> Selector.parse(scalar.text()));
    }

    private Optional<Template> template(@Nullable Scalar scalar, BiFunction<String, String, Template> parser) {
        if (scalar == null) {
            return Optional.empty();
        }
        Optional<Template> template = guarded(scalar, () -> parser.apply(scalar.text(), scalar.written()));
        if (!scalar.substituted()) { // a name that came from the environment must not be shown; it fails when rendered
            template.ifPresent(one -> one.paths().forEach(path -> names.check(path, scalar.place(), mistakes)));
        }
        return template;
    }

    private <T> Optional<T> guarded(Scalar scalar, Supplier<T> parser) {
        try {
            return Optional.of(parser.get());
        } catch (TemplateException e) {
            String why =
                    scalar.substituted() ? "not valid once its variables are replaced" : String.valueOf(e.getMessage());
            mistakes.show(scalar.place(), key + ": " + why);
            return Optional.empty();
        }
    }
}
