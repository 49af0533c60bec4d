package io.vertask.app.job.template;

import io.vertask.app.job.yaml.MessageText;
import org.jspecify.annotations.Nullable;

/**
 * A selection from an answer: a dotted path ({@code license.name}, {@code [0].id}), {@code .} for all of it, or
 * {@code =item} for the item itself and {@code =item.name} for its fields.
 */
public final class Selector {

    private static final String ITEM = "=item";

    private final String text;
    private final boolean fromItem;
    private final @Nullable Path path;

    private Selector(String text, boolean fromItem, @Nullable Path path) {
        this.text = text;
        this.fromItem = fromItem;
        this.path = path;
    }

    /** Parses it. <b>Failure.</b> {@link TemplateException} when the text is not a selector. */
    public static Selector parse(String text) {
        if (text.equals(".") || text.equals(ITEM)) {
            return new Selector(text, text.equals(ITEM), null);
        }
        if (!text.startsWith("=")) {
            return new Selector(text, false, Path.parse(text));
        }
        if (text.startsWith(ITEM + ".") || text.startsWith(ITEM + "[")) {
            String rest = text.substring(ITEM.length());
            return new Selector(text, true, Path.parse(rest.startsWith(".") ? rest.substring(1) : rest));
        }
        throw new TemplateException(MessageText.quote(text) + " is not a selector; after = comes item or item.field");
    }

    /**
     * The selected value; null also when something on the way is null or not there, as an answer may leave a field out.
     */
    public @Nullable Object select(@Nullable Object body, @Nullable Object item) {
        Object from = fromItem ? item : body;
        return path == null ? from : path.find(from);
    }

    /** The same, of the item that a scope has. */
    public @Nullable Object selected(@Nullable Object body, TemplateScope scope) {
        return select(body, path == null ? scope.item() : scope.item(path.root()));
    }

    /** {@link #isIn(Object, TemplateScope)} for a selector that does not name the item. */
    public boolean isIn(@Nullable Object body) {
        return path == null || path.isIn(body);
    }

    /** Whether the selected value is there, null included; true also below a null, which hides what is there. */
    public boolean isIn(@Nullable Object body, TemplateScope scope) {
        return path == null || path.isIn(fromItem ? scope.item(path.root()) : body);
    }

    @Override
    public String toString() {
        return text;
    }
}
