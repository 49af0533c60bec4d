package io.vertask.app.job;

import io.vertask.app.job.template.Names;
import io.vertask.app.job.template.Template;
import io.vertask.app.job.template.TemplateReader;
import io.vertask.app.job.yaml.Fields;
import io.vertask.app.job.yaml.Forms;
import io.vertask.app.job.yaml.MessageText;
import io.vertask.app.job.yaml.Mistakes;
import io.vertask.app.job.yaml.YamlNode;
import io.vertask.app.job.yaml.YamlNode.Mapping;
import io.vertask.app.job.yaml.YamlNode.Scalar;
import io.vertask.app.job.yaml.YamlNode.Sequence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the section {@code each}. */
final class EachReader {

    private static final Pattern RANGE = Pattern.compile("(-?[0-9]{1,18})\\.\\.(-?[0-9]{1,18})");
    private static final Pattern JSONL = Pattern.compile(".*\\.(jsonl|ndjson)", Pattern.CASE_INSENSITIVE);

    /** One source of items: its key, the reader of its value, and the keys that only it has. */
    private record Source(String head, Reader reader, List<String> own) implements Forms.Form {
        interface Reader {
            @Nullable
            Items read(Fields fields, Clients clients);
        }

        Source(String head, Reader reader) {
            this(head, reader, List.of());
        }

        @Override
        public List<String> heads() {
            return List.of(head);
        }

        @Override
        public List<String> others() {
            return Stream.concat(Stream.of("as", "every", "key"), own.stream()).toList();
        }
    }

    /** A new source is one line here. */
    private static final Forms<Source> FORMS = new Forms<>(List.of(
            new Source("range", EachReader::range),
            new Source("list", EachReader::list),
            new Source("file", EachReader::file, List.of("format")),
            new Source("stdin", EachReader::stdin),
            new Source("glob", EachReader::glob),
            new Source("sql", EachReader::sql, List.of("client"))));

    private EachReader() {}

    static Each read(Fields job, Clients clients) {
        YamlNode node = job.node("each");
        if (node == null) {
            return Each.ONE;
        }
        if (node instanceof Sequence sequence) {
            return each(listed(sequence, job.mistakes()));
        }
        if (!(node instanceof Mapping mapping)) {
            job.wrong(
                    "each",
                    node,
                    "a list, or a map with one of: " + heads(),
                    "like [a, b], {range: 1..20} or {file: items.txt}");
            return Each.ONE;
        }
        Fields fields = Fields.of(mapping, "each", job.mistakes(), FORMS.keys());
        Forms.Chosen<Source> chosen = FORMS.choose(fields, "each");
        Items items = chosen == null ? null : chosen.form().reader().read(fields, clients);
        Names names = Names.ofItem(items == null ? null : Each.fields(items));
        Optional<Template> as = TemplateReader.of(fields, "as", names).urlOrText(fields.filled("as"));
        Optional<Duration> every = fields.duration("every");
        Optional<Template> key = TemplateReader.of(fields, "key", names).text(fields.filled("key"));
        return new Each(items == null ? new Items.One() : items, as, every, key);
    }

    private static Each each(Items items) {
        return new Each(items, Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static String heads() {
        return MessageText.list(FORMS.forms().stream().map(Source::head).toList());
    }

    private static @Nullable Items range(Fields fields, Clients clients) {
        if (fields.node("range") instanceof Sequence both) {
            String ends = both.entries().stream()
                    .map(end -> end instanceof Scalar scalar ? scalar.written() : "?")
                    .collect(Collectors.joining(".."));
            boolean isRange = RANGE.matcher(ends).matches();
            fields.wrong("range", both, "FIRST..LAST, not a list", "like " + (isRange ? ends : "1..20"));
            return null;
        }
        Scalar scalar = fields.filled("range");
        if (scalar == null) {
            return null;
        }
        Matcher range = RANGE.matcher(scalar.text());
        if (!range.matches()) {
            fields.wrong("range", scalar, "FIRST..LAST, not " + MessageText.quote(scalar.written()), "like 1..20");
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

    private static @Nullable Items list(Fields fields, Clients clients) {
        YamlNode node = fields.node("list");
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
        for (YamlNode entry : sequence.entries()) {
            if (entry instanceof Sequence) {
                mistakes.show(entry.place(), "an item is one value or a map, not a list");
            } else {
                values.add(YamlNode.plainValue(entry));
            }
        }
        return new Items.Listed(Collections.unmodifiableList(values));
    }

    private static @Nullable Items file(Fields fields, Clients clients) {
        Optional<String> path = fields.text("file");
        boolean json = path.isPresent() && JSONL.matcher(path.get()).matches();
        Items.Format format =
                fields.choice("format", Items.Format.class, json ? Items.Format.JSONL : Items.Format.LINES);
        return path.map(file -> new Items.File(file, format)).orElse(null);
    }

    private static Items stdin(Fields fields, Clients clients) {
        return new Items.Stdin(fields.choice("stdin", Items.Format.class, Items.Format.LINES));
    }

    private static @Nullable Items glob(Fields fields, Clients clients) {
        Scalar scalar = fields.filled("glob");
        if (scalar == null) {
            return null;
        }
        try {
            return Items.Glob.of(scalar.text());
        } catch (IllegalArgumentException notAPattern) {
            String why = scalar.substituted() ? "it is not a valid pattern" : String.valueOf(notAPattern.getMessage());
            fields.wrong("glob", scalar, "a pattern like data/*.bin", why);
            return null;
        }
    }

    private static @Nullable Items sql(Fields fields, Clients clients) {
        Optional<String> sql = fields.text("sql");
        String client = clients.find(fields, "sql", PostgresConfig.class, "postgres");
        return sql.isEmpty() || client == null ? null : new Items.Query(sql.get(), client);
    }
}
