package io.vertask.app.job;

import io.vertask.app.job.template.Template;
import io.vertask.app.job.template.TemplateException;
import io.vertask.app.job.template.TemplateScope;
import io.vertask.app.job.yaml.Fields;
import io.vertask.app.job.yaml.PlainScalar;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code each}: the items of a job.
 *
 * @param as turns each item of the source into the text that is the item; empty: the item is the source's own value
 * @param every the least time between one item and the next; empty: as fast as they are wanted
 * @param key makes, of the source's value, the text by which a later run finds the item again; empty: the item's text
 */
public record Each(Items items, Optional<Template> as, Optional<Duration> every, Optional<Template> key)
        implements Iterable<@Nullable Object> {

    /** A job without {@code each}: one item, null. */
    public static final Each ONE = of(new Items.One());

    private static Each of(Items items) {
        return new Each(items, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * The items that these words stand for, each read as it would be in the file: {@code 3} is a number, {@code 007} is
     * text.
     */
    public static Each of(List<String> words) {
        List<@Nullable Object> values = new ArrayList<>();
        words.forEach(word -> values.add(PlainScalar.value(word)));
        return of(new Items.Listed(Collections.unmodifiableList(values)));
    }

    /**
     * The {@code n}-th item, made from the source's value.
     *
     * <p><b>Failure.</b> {@link TemplateException} when {@code as} or {@code key} names a field that the value does not
     * have.
     *
     * @param column the name of the value, when it is the only column of a query's row
     * @param job the job's name, which is the key of an item without a value
     */
    public Item item(long n, @Nullable Object value, Optional<String> column, String job) {
        TemplateScope scope = TemplateScope.of(value, column);
        Object made = as.isPresent() ? rendered("as", as.get(), scope) : value;
        Item item = Item.of(n, made, job);
        String text = key.isPresent() ? rendered("key", key.get(), scope) : item.key();
        return new Item(n, made, text, as.isPresent() ? Optional.empty() : column);
    }

    private static String rendered(String which, Template template, TemplateScope scope) {
        try {
            return template.render(scope);
        } catch (TemplateException unknownField) {
            throw new TemplateException("each." + which + ": " + unknownField.getMessage());
        }
    }

    /**
     * Goes through the items, when the job itself has them.
     *
     * <p><b>Failure.</b> {@link IllegalStateException} when they come from outside. {@code next()} throws
     * {@link TemplateException} when {@code as} names a field that the item does not have.
     */
    @Override
    public Iterator<@Nullable Object> iterator() {
        if (!(items instanceof Items.Written written)) {
            throw new IllegalStateException("the items of " + items + " come from outside");
        }
        Iterator<@Nullable Object> source = written.iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return source.hasNext();
            }

            @Override
            public @Nullable Object next() {
                return item(0, source.next(), Optional.empty(), "").value();
            }
        };
    }

    /** Whether every item is a text, or a number that is only a text of digits. */
    public boolean isText() {
        return as.isPresent() || items.isText();
    }

    /** The number of items; empty when it is not known before the end. */
    public OptionalLong count() {
        return items.count();
    }

    static Each read(Fields job, Clients clients) {
        return EachReader.read(job, clients);
    }

    /** The fields that at least one item has; none when all are plain values; null when the file does not say. */
    @Nullable
    Set<String> itemFields() {
        return as.isPresent() ? Set.of() : fields(items);
    }

    static @Nullable Set<String> fields(Items items) {
        if (items instanceof Items.Range
                || items instanceof Items.Glob
                || (items instanceof Items.File file && file.format() == Items.Format.LINES)
                || (items instanceof Items.Stdin stdin && stdin.format() == Items.Format.LINES)) {
            return Set.of();
        }
        if (!(items instanceof Items.Listed listed) || listed.values().isEmpty()) {
            return null; // without `each`, or with an empty one, the command line may give the items
        }
        Set<String> fields = new HashSet<>();
        for (Object value : listed.values()) {
            if (value instanceof Map<?, ?> map) {
                map.keySet().forEach(key -> fields.add(String.valueOf(key)));
            }
        }
        return fields;
    }
}
