package io.vertask.app.workload.sql;

import io.vertask.app.job.SqlStep;
import io.vertask.app.job.template.TemplateScope;
import io.vertask.app.workload.Answer;
import io.vertask.app.workload.CallFailure;
import io.vertask.app.workload.RowJson;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.Locale;

/** The answer that a statement's rows make. <b>Failure.</b> {@link CallFailure} for a value that can't be read. */
final class Rows {
    private Rows() {}

    /** The answer that one of many rows is. */
    static Answer each(Row row, TemplateScope item) {
        JsonObject json = RowJson.of(row);
        return Answer.of(item.answer(json), json.encode(), json);
    }

    /** The answer after the last of {@code count} rows; its line is printed only by a caller that prints no rows. */
    static Answer sum(long count, TemplateScope item) {
        String line = String.format(Locale.ROOT, count == 1 ? "%,d row" : "%,d rows", count);
        return Answer.of(item, line, new JsonObject().put("rows", count)).withoutLine();
    }

    static Answer read(SqlStep step, RowSet<Row> rows, TemplateScope item) {
        return switch (step.rows()) {
            case NONE -> Answer.of(item.with("count", rows.rowCount()), rows.rowCount() + " rows", rows.rowCount());
            case FIRST -> {
                // no row is a result too, with nothing to print
                boolean none = rows.size() == 0;
                JsonObject row =
                        none ? new JsonObject() : RowJson.of(rows.iterator().next());
                Answer answer = Answer.of(item.answer(row), row.encode(), none ? null : row);
                yield none ? answer.withoutLine() : answer;
            }
            case EACH -> throw new IllegalStateException("rows: each has no rows at the end");
            case ALL -> {
                JsonArray all = new JsonArray();
                rows.forEach(row -> all.add(RowJson.of(row)));
                yield Answer.of(item.with("rows", all), all.encode(), all);
            }
        };
    }
}
