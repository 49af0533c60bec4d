package io.vertask.app.job;

import io.vertask.app.job.Node.Mapping;
import io.vertask.app.job.Node.Scalar;
import io.vertask.app.job.Node.Sequence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The items of a job, one after the other.
 *
 * @param as turns each item of the source into the text that is the item; empty: the item is the source's own value
 */
public record Each(Items items, Optional<Template> as) implements Iterable<@Nullable Object> {

    /** A job without {@code each}: one item, null. */
    public static final Each ONE = new Each(new Items.One(), Optional.empty());

    private static final Pattern RANGE = Pattern.compile("(-?[0-9]{1,18})\\.\\.(-?[0-9]{1,18})");

    /** One source of items: its key, and how its value is read. A new source is one line in {@link #FORMS}. */
    private record Source(String head, Reader reader) implements Forms.Form {
        interface Reader {
            @Nullable
            Items read(Fields fields);
        }

        @Override
        public List<String> heads() {
            return List.of(head);
        }

        @Override
        public List<String> others() {
            return List.of("as");
        }
    }

    private static final Forms<Source> FORMS =
            new Forms<>(List.of(new Source("range", Each::range), new Source("list", Each::list)));

    /** These words, each read as it would be in the file: {@code 3} is a number, {@code 007} is text. */
    public static Each of(List<String> words) {
        List<@Nullable Object> values = new ArrayList<>();
        words.forEach(word -> values.add(PlainScalar.value(word)));
        return new Each(new Items.Listed(Collections.unmodifiableList(values)), Optional.empty());
    }

    /**
     * The items from the first.
     *
     * <p><b>Failure.</b> {@code next()} throws {@link TemplateException} when {@code as} names a field the item has
     * not.
     */
    @Override
    public Iterator<@Nullable Object> iterator() {
        Iterator<@Nullable Object> source = items.iterator();
        if (as.isEmpty()) {
            return source;
        }
        Template template = as.get();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return source.hasNext();
            }

            @Override
            public @Nullable Object next() {
                return template.render(Scope.of(source.next()));
            }
        };
    }

    /** How many items there are; empty when that is not known before the end. */
    public OptionalLong count() {
        return items.count();
    }

    static Each read(Fields job) {
        Node node = job.node("each");
        if (node == null) {
            return ONE;
        }
        if (node instanceof Sequence sequence) {
            return new Each(listed(sequence, job.mistakes()), Optional.empty());
        }
        if (!(node instanceof Mapping mapping)) {
            job.wrong("each", node, "a list, or a map with one of: range list", "like [a, b] or {range: 1..20}");
            return ONE;
        }
        Fields fields = Fields.of(mapping, "each", job.mistakes(), FORMS.keys());
        Forms.Chosen<Source> chosen = FORMS.choose(fields, "each");
        Items items = chosen == null ? null : chosen.form().reader().read(fields);
        Names names = Names.ofItem(items == null ? null : fields(items));
        Optional<Template> as = TemplateReader.of(fields, "as", names).urlOrText(fields.filled("as"));
        return new Each(items == null ? new Items.One() : items, as);
    }

    private static @Nullable Items range(Fields fields) {
        Scalar scalar = fields.filled("range");
        if (scalar == null) {
            return null;
        }
        Matcher range = RANGE.matcher(scalar.text());
        if (!range.matches()) {
            fields.wrong("range", scalar, "FIRST..LAST, not " + Words.quote(scalar.written()), "like 1..20");
            return null;
        }
        long first = Long.parseLong(range.group(1));
        long last = Long.parseLong(range.group(2));
        if (first > last) {
            fields.wrong("range", scalar, "FIRST..LAST with the smaller number first", "like 1..20");
            return null;
        }
        return new Items.Range(first, last);
    }

    private static @Nullable Items list(Fields fields) {
        Node node = fields.node("list");
        if (node instanceof Sequence sequence) {
            return listed(sequence, fields.mistakes());
        }
        if (node != null) {
            fields.wrong("list", node, "a list, not " + node.kind());
        }
        return null;
    }

    private static Items listed(Sequence sequence, Mistakes mistakes) {
        List<@Nullable Object> values = new ArrayList<>();
        for (Node entry : sequence.entries()) {
            if (entry instanceof Sequence) {
                mistakes.show(entry.place(), "an item is one value or a map, not a list");
            } else {
                values.add(Node.plainValue(entry));
            }
        }
        return new Items.Listed(Collections.unmodifiableList(values));
    }

    /** The fields that at least one item has; none when all are plain values; null when the file does not tell. */
    @Nullable
    Set<String> itemFields() {
        return as.isPresent() ? Set.of() : fields(items);
    }

    private static @Nullable Set<String> fields(Items items) {
        if (items instanceof Items.Range) {
            return Set.of();
        }
        if (!(items instanceof Items.Listed listed) || listed.values().isEmpty()) {
            return null; // without `each`, or with an empty one, the command line may bring the items
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
