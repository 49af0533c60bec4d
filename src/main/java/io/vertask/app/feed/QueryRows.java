package io.vertask.app.feed;

import io.vertask.app.job.Items;
import io.vertask.app.job.yaml.SizeText;
import io.vertask.app.workload.RowJson;
import io.vertask.app.workload.StartFailure;
import io.vertask.client.SqlCalls;
import io.vertask.client.SqlRowsTooLargeException;
import io.vertask.client.SqlTexts;
import io.vertask.stream.AsyncGenerator;
import io.vertask.stream.AsyncIterator;
import io.vertask.stream.Bridges;
import io.vertask.stream.Streams;
import io.vertask.task.CancelledException;
import io.vertask.task.TaskGroup;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.core.streams.ReadStream;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a query: an object of the columns, or the value itself when there is one column, whose name also stands
 * for it.
 *
 * <p>They are read through a cursor on a connection of its own as fast as the server sends them, and wait in a
 * {@link Spool} for their turn: the transaction of the query does not last as long as the run.
 */
final class QueryRows {
    private static final int FETCH = 200;

    private final SqlCalls calls;
    private final Spool spool = new Spool();
    private long count;
    /** The name of the only column, which each value is of; null when there are several. */
    private @Nullable String only;

    private QueryRows(SqlCalls calls) {
        this.calls = calls;
    }

    static AsyncIterator<Raw> of(Items.Query query, Outside.Database database) {
        return AsyncGenerator.named(
                "each.sql",
                emitter ->
                        database.open(query.client()).compose(calls -> new QueryRows(calls).run(query.sql(), emitter)));
    }

    private Future<Void> run(String sql, AsyncGenerator.Emitter<Raw> emitter) {
        return Tasks.finallyDo(
                () -> TaskGroup.with("each.sql", group -> {
                            group.start("reading", () -> read(sql));
                            return Tasks.loopWhile(() -> emit(emitter));
                        })
                        .recover(error ->
                                Future.failedFuture(error.getCause() instanceof StartFailure source ? source : error)),
                () -> calls.close().transform(closed -> spool.close()));
    }

    private Future<Boolean> emit(AsyncGenerator.Emitter<Raw> emitter) {
        return spool.next()
                .compose(some -> some.isEmpty()
                        ? Future.succeededFuture(false)
                        : Streams.forEach(Streams.of(some.get()), value -> emitter.emit(raw(value)))
                                .map(true));
    }

    /** Fails only when it is cancelled: the rows that came before a failure are items all the same. */
    private Future<Void> read(String sql) {
        return calls.<Void>stream(sql, SqlTexts.none(), FETCH, this::keep).transform(end -> {
            if (end.cause() instanceof CancelledException) {
                return Future.failedFuture(end.cause());
            }
            spool.end(end.failed() ? failure(end.cause()) : null);
            return calls.close();
        });
    }

    private Future<Void> keep(ReadStream<Row> rows) {
        List<@Nullable Object> batch = new ArrayList<>();
        return Streams.forEach(Bridges.from(rows, FETCH, Future::succeededFuture), row -> {
                    batch.add(value(row));
                    return batch.size() < FETCH && !spool.isAwaited() ? Future.succeededFuture() : flush(batch);
                })
                // the rows that came before a failure too
                .transform(end -> flush(batch)
                        .compose(kept -> end.succeeded()
                                ? Future.<Void>succeededFuture()
                                : Future.<Void>failedFuture(end.cause())));
    }

    private Future<Void> flush(List<@Nullable Object> batch) {
        if (batch.isEmpty()) {
            return Future.succeededFuture();
        }
        List<@Nullable Object> full = new ArrayList<>(batch);
        batch.clear();
        return spool.add(full).onSuccess(kept -> count += full.size());
    }

    private StartFailure failure(Throwable error) {
        if (error instanceof StartFailure known) {
            return known;
        }
        String why = error instanceof SqlRowsTooLargeException large
                ? "a row is larger than " + SizeText.format(large.limit()) + "; raise the client's max_body"
                : error.getMessage();
        return new StartFailure("each.sql: " + why
                + (count == 0
                        ? ""
                        : String.format(Locale.ROOT, "; %,d rows were read, those after them never", count)));
    }

    private Raw raw(@Nullable Object value) {
        String name = only;
        return name != null ? Raw.column(name, value) : Raw.of(value);
    }

    private @Nullable Object value(Row row) {
        JsonObject columns = RowJson.of(row);
        only = columns.size() == 1 ? row.getColumnName(0) : null;
        return only != null ? columns.getValue(only) : columns;
    }
}
