package io.vertask.app.workload.sql;

import io.vertask.app.job.Scope;
import io.vertask.app.job.SqlStep;
import io.vertask.app.workload.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

/** What the rows of a statement give to {@code print}. */
final class Rows {
    private Rows() {}

    static Answer read(SqlStep step, RowSet<Row> rows, Scope item) {
        return switch (step.rows()) {
            case NONE ->
                Answer.of(item.with("count", rows.rowCount()), rows.rowCount() + " rows", rows.rowCount())
                        .withoutLine();
            case FIRST -> {
                // no row is a result: there is just nothing to print
                boolean none = rows.size() == 0;
                JsonObject row =
                        none ? new JsonObject() : rows.iterator().next().toJson();
                Answer answer = Answer.of(item.answer(row), row.encode(), none ? null : row);
                yield none ? answer.withoutLine() : answer;
            }
            case ALL -> {
                JsonArray all = new JsonArray();
                rows.forEach(row -> all.add(row.toJson()));
                yield Answer.of(item.with("rows", all), all.encode(), all);
            }
        };
    }
}
