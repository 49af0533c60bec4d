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
            case NONE -> new Answer(item, rows.rowCount() + " rows", true);
            case FIRST -> {
                // no row is a result: there is just nothing to print
                boolean none = rows.size() == 0;
                JsonObject row =
                        none ? new JsonObject() : rows.iterator().next().toJson();
                yield new Answer(item.answer(row), row.encode(), none);
            }
            case ALL -> {
                JsonArray all = new JsonArray();
                rows.forEach(row -> all.add(row.toJson()));
                yield new Answer(item.with("rows", all), all.encode(), false);
            }
        };
    }
}
