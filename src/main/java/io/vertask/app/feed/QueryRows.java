package io.vertask.app.feed;

import io.vertask.app.job.Items;
import io.vertask.app.workload.RowJson;
import io.vertask.app.workload.StartFailure;
import io.vertask.client.SqlCalls;
import io.vertask.client.SqlTexts;
import io.vertask.stream.AsyncGenerator;
import io.vertask.stream.AsyncIterator;
import io.vertask.stream.Bridges;
import io.vertask.stream.Streams;
import io.vertask.task.CancelledException;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;

/**
 * The rows of a query, through a cursor on a connection of its own: an object of the columns, or the value itself when
 * there is one column, whose name also stands for it.
 */
final class QueryRows {
    private static final int FETCH = 200;

    private QueryRows() {}

    static AsyncIterator<Raw> of(Items.Query query, Outside.Database database) {
        return AsyncGenerator.named(
                "each.sql",
                emitter -> database.open(query.client())
                        .compose(calls -> Tasks.finallyDo(() -> read(query, calls, emitter), calls::close)));
    }

    private static Future<Void> read(Items.Query query, SqlCalls calls, AsyncGenerator.Emitter<Raw> emitter) {
        return calls.<Void>stream(
                        query.sql(),
                        SqlTexts.none(),
                        FETCH,
                        rows -> Streams.forEach(
                                Bridges.from(rows, FETCH, Future::succeededFuture), row -> emitter.emit(raw(row))))
                .recover(error -> Future.failedFuture(
                        error instanceof CancelledException || error instanceof StartFailure
                                ? error
                                : new StartFailure("each.sql: " + error.getMessage())));
    }

    private static Raw raw(Row row) {
        JsonObject columns = RowJson.of(row);
        String first = row.getColumnName(0);
        return columns.size() == 1 ? Raw.column(first, columns.getValue(first)) : Raw.of(columns);
    }
}
