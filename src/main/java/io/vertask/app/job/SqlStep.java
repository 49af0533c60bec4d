package io.vertask.app.job;

import io.vertask.app.job.template.Names;
import io.vertask.app.job.template.Param;
import io.vertask.app.job.template.TemplateReader;
import io.vertask.app.job.yaml.Fields;
import io.vertask.app.job.yaml.MessageText;
import io.vertask.app.job.yaml.YamlNode;
import io.vertask.app.job.yaml.YamlNode.Scalar;
import io.vertask.app.job.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One SQL statement for each item. Values are bound, never spliced into the text.
 *
 * @param database the name of the client
 * @param params one for {@code $1}, {@code $2}, ... each
 * @param retryUnsafe whether a statement that may have taken effect is run again
 */
public record SqlStep(String sql, List<Param> params, String database, Rows rows, boolean retryUnsafe) implements Step {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$([0-9]{1,4})");
    private static final Pattern SPLICED = Pattern.compile("\\{\\+?item[.}\\[]");

    private static final Pattern RETURNING = Pattern.compile(
            "\\sreturning\\s+([a-z_][a-z0-9_]*(?:\\s*,\\s*[a-z_][a-z0-9_]*)*)\\s*;?\\s*$", Pattern.CASE_INSENSITIVE);

    /** The rows that are the result: the first, all together, each as a result of its own, or none. */
    public enum Rows {
        FIRST,
        ALL,
        EACH,
        NONE
    }

    public static final Step.Form FORM = new Step.Form() {
        @Override
        public List<String> heads() {
            return List.of("sql");
        }

        @Override
        public List<String> others() {
            return List.of("params", "client", "rows", "retry_unsafe");
        }

        @Override
        public @Nullable Step read(String head, Fields fields, Clients clients, Names names) {
            Scalar sql = fields.filled("sql");
            List<Param> params = params(fields, names);
            String client = clients.find(fields, head, PostgresConfig.class, "postgres");
            Rows rows = fields.choice("rows", Rows.class, Rows.FIRST);
            boolean retryUnsafe = fields.flag("retry_unsafe");
            return sql == null || client == null ? null : new SqlStep(sql.text(), params, client, rows, retryUnsafe);
        }
    };

    public SqlStep {
        params = List.copyOf(params);
    }

    private static List<Param> params(Fields fields, Names names) {
        YamlNode node = fields.node("params");
        List<Param> params = new ArrayList<>();
        if (node instanceof Sequence sequence) {
            TemplateReader templates = TemplateReader.of(fields, "params", names);
            sequence.entries().forEach(entry -> Param.read(entry, templates).ifPresent(params::add));
        } else if (node != null) {
            fields.wrong("params", node, "a list, not " + node.kind(), "like [\"{item}\"]");
        }
        return params;
    }

    @Override
    public Optional<String> client() {
        return Optional.of(database);
    }

    /** A statement may have an effect that a second one repeats. */
    @Override
    public boolean isRepeatable() {
        return retryUnsafe;
    }

    @Override
    public Optional<String> rowsFix() {
        return rows == Rows.NONE ? Optional.of("take `rows: first`, `rows: all` or `rows: each`") : Optional.empty();
    }

    @Override
    public List<String> notes(Job job) {
        List<String> notes = new ArrayList<>();
        poolNote(job).ifPresent(notes::add);
        int highest = highestPlaceholder();
        if (highest != params.size()) {
            notes.add("do.sql has " + (highest == 0 ? "no $1" : "values up to $" + highest) + " but do.params has "
                    + MessageText.count(params.size(), "entry", "entries"));
        }
        if (SPLICED.matcher(sql).find()) {
            notes.add("do.sql has {item}, which is sent as it stands; write $1 and params: [\"{item}\"]");
        }
        return notes;
    }

    private Optional<String> poolNote(Job job) {
        if (!(job.clients().get(database) instanceof PostgresConfig postgres)) {
            return Optional.empty();
        }
        int concurrency = job.limits().concurrency();
        long running = Math.min(concurrency, job.each().count().orElse(Long.MAX_VALUE));
        long waiting = running - postgres.poolMax();
        return waiting <= 0
                ? Optional.empty()
                : Optional.of("concurrency " + concurrency + " but clients." + postgres.name() + ".pool.max "
                        + postgres.poolMax() + ": " + MessageText.count(waiting, "task", "tasks")
                        + " will wait for a connection");
    }

    private int highestPlaceholder() {
        Matcher placeholder = PLACEHOLDER.matcher(sql);
        int highest = 0;
        while (placeholder.find()) {
            highest = Math.max(highest, Integer.parseInt(placeholder.group(1)));
        }
        return highest;
    }

    @Override
    public Names names(Names item) {
        return switch (rows) {
            case FIRST, EACH -> returning().isEmpty() ? item.opened() : item.with(returning().stream());
            case ALL -> item.with(Stream.of("rows"));
            case NONE -> item.withPlain("count");
        };
    }

    @Override
    public List<String> fields() {
        return rows == Rows.NONE ? List.of() : returning();
    }

    /** The columns that the statement ends with: {@code RETURNING id, name}; none when it does not end so simply. */
    private List<String> returning() {
        Matcher columns = RETURNING.matcher(sql);
        return sql.contains("--") || !columns.find()
                ? List.of()
                : List.of(columns.group(1).toLowerCase(Locale.ROOT).split("\\s*,\\s*"));
    }
}
