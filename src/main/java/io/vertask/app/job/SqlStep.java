package io.vertask.app.job;

import io.vertask.app.job.Node.Scalar;
import io.vertask.app.job.Node.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One SQL statement for each item. Values are bound, never spliced into the text.
 *
 * @param params one for {@code $1}, {@code $2}, ... each
 */
public record SqlStep(String sql, List<Param> params, String client, Rows rows) implements Step {

    /** What becomes of the rows: the first is the result, all are, or none is read. */
    public enum Rows {
        FIRST,
        ALL,
        NONE
    }

    static final Step.Form FORM = new Step.Form() {
        @Override
        public List<String> heads() {
            return List.of("sql");
        }

        @Override
        public List<String> others() {
            return List.of("params", "client", "rows");
        }

        @Override
        public @Nullable Step read(String head, Fields fields, Clients clients, Names names) {
            Scalar sql = fields.filled("sql");
            List<Param> params = params(fields, names);
            String client = clients.find(fields, head, PostgresConfig.class, "postgres");
            Rows rows = fields.choice("rows", Rows.class, Rows.FIRST);
            return sql == null || client == null ? null : new SqlStep(sql.text(), params, client, rows);
        }
    };

    public SqlStep {
        params = List.copyOf(params);
    }

    private static List<Param> params(Fields fields, Names names) {
        Node node = fields.node("params");
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
    public Names names(Names item) {
        return rows == Rows.NONE
                ? item.with(Stream.of("count"))
                : item.with(Stream.of("count")).opened();
    }
}
