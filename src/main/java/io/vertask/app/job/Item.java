package io.vertask.app.job;

import io.vertask.app.job.template.TemplateScope;
import io.vertask.app.job.template.Values;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One item of a run.
 *
 * @param n its place in the input, from 0
 * @param value the item itself; null in a job without {@code each}
 * @param key the text by which messages name it and a later run finds it again
 * @param column the name of the value, when it is the only column of a query's row
 */
public record Item(long n, @Nullable Object value, String key, Optional<String> column) {

    /** An item whose value has no name. */
    public Item(long n, @Nullable Object value, String key) {
        this(n, value, key, Optional.empty());
    }

    /** The item of a job whose {@code each} has no {@code key}: its key is its text. */
    public static Item of(long n, @Nullable Object value, String job) {
        return new Item(n, value, value == null ? job : Values.text(value));
    }

    /** The names that a template can have for it. */
    public TemplateScope scope() {
        return TemplateScope.of(value, column);
    }
}
