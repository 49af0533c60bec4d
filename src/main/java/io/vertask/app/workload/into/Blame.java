package io.vertask.app.workload.into;

import io.vertask.app.workload.CallFailure;
import io.vertask.client.SqlCalls;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Tuple;
import java.util.Iterator;
import java.util.List;

/**
 * The search for the value that does not fit its column's type: the server names neither row nor column.
 *
 * <p>It asks again, column by column, then halves the rows: as many questions as there are columns, and some ten more.
 */
final class Blame {
    private final SqlCalls calls;
    private final Table table;

    Blame(SqlCalls calls, Table table) {
        this.calls = calls;
        this.table = table;
    }

    /** Fails with a {@link CallFailure} that names row and column, or with {@code error} when no value is to blame. */
    Future<Void> of(PgException error, List<JsonObject> rows) {
        Iterator<String> fields = Records.fields(rows).iterator();
        return Tasks.loopWhile(() -> {
                    if (!fields.hasNext()) {
                        return Future.succeededFuture(false);
                    }
                    String field = fields.next();
                    return fits(field, rows)
                            .compose(fits -> fits ? Future.succeededFuture(true) : row(field, rows, error));
                })
                .compose(none -> Future.failedFuture(error));
    }

    private Future<Boolean> row(String field, List<JsonObject> rows, PgException error) {
        int[] range = {0, rows.size()};
        return Tasks.loopWhile(() -> {
                    if (range[1] - range[0] <= 1) {
                        return Future.succeededFuture(false);
                    }
                    int middle = (range[0] + range[1]) >>> 1;
                    return fits(field, rows.subList(range[0], middle)).map(fits -> {
                        range[fits ? 0 : 1] = middle;
                        return true;
                    });
                })
                .compose(found -> Future.failedFuture(CallFailure.lasting(
                        "SQL " + error.getSqlState(),
                        "into " + table.into().name() + ": row " + (range[0] + 1) + ", column `" + field + "` ("
                                + table.type(field) + "): " + error.getErrorMessage())));
    }

    private Future<Boolean> fits(String field, List<JsonObject> rows) {
        List<JsonObject> values = rows.stream()
                .map(row -> new JsonObject().put(field, row.getValue(field)))
                .toList();
        return calls.query(table.probe(field), Tuple.of(Recorder.text(values)))
                .map(true)
                .recover(error -> Recorder.state(error).startsWith("22")
                        ? Future.succeededFuture(false)
                        : Future.failedFuture(error));
    }
}
