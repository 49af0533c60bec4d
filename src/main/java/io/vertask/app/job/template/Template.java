package io.vertask.app.job.template;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A text with places for values: a URL by RFC 6570, or plain text with dotted paths.
 *
 * <p>Its {@code toString} is what the file says, variables not replaced.
 */
public sealed interface Template permits UrlTemplate, TextTemplate {

    /**
     * An RFC 6570 template: {@code {item}} is encoded, {@code {+item}} keeps what may stand in a URL.
     *
     * <p><b>Failure.</b> {@link TemplateException} when the text is not such a template.
     */
    static Template url(String text) {
        return UrlTemplate.parse(text, text);
    }

    /**
     * A text with {@code {owner.login}} and {@code {items[0].id}}; a doubled brace is a literal one.
     *
     * <p><b>Failure.</b> {@link TemplateException} when the text is not such a template.
     */
    static Template text(String text) {
        return TextTemplate.parse(text, text);
    }

    /** The text with its values. <b>Failure.</b> {@link TemplateException} when a name is not in the scope. */
    String render(TemplateScope scope);

    /**
     * The text with its values as a message may show it: what comes from the environment is shown by its name,
     * {@code ${VAR}}, for it may be a secret.
     *
     * <p><b>Failure.</b> As {@link #render}.
     */
    default String shown(TemplateScope scope) {
        return render(scope);
    }

    /** The paths it names, in order. */
    List<Path> paths();

    /**
     * Checks that an item has the fields that the template names, before there is an answer.
     *
     * <p><b>Failure.</b> {@link TemplateException} when it lacks one.
     */
    default void checkItem(TemplateScope item) {
        paths().stream().filter(path -> "item".equals(path.root())).forEach(item::value);
    }

    /** The first names of its paths: {@code item}, {@code status}. */
    default Set<String> names() {
        return paths().stream().map(path -> String.valueOf(path.root())).collect(Collectors.toUnmodifiableSet());
    }
}
