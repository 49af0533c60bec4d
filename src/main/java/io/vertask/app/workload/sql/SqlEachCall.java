package io.vertask.app.workload.sql;

import io.vertask.app.job.PostgresConfig;
import io.vertask.app.job.SqlStep;
import io.vertask.app.job.template.TemplateScope;
import io.vertask.app.job.yaml.SizeText;
import io.vertask.app.workload.Answer;
import io.vertask.app.workload.CallFailure;
import io.vertask.app.workload.StreamedCall;
import io.vertask.client.PhaseListener;
import io.vertask.client.SqlCalls;
import io.vertask.client.SqlErrors;
import io.vertask.client.SqlRowsTooLargeException;
import io.vertask.client.SqlTexts;
import io.vertask.stream.Bridges;
import io.vertask.stream.Streams;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import io.vertx.core.streams.ReadStream;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of one item's statement, each a result of its own. They are read in a transaction through a cursor, as fast
 * as they are taken, so that only a few are in memory.
 *
 * <p>An attempt that fails has been rolled back, unless its connection broke at the commit.
 */
final class SqlEachCall implements StreamedCall {
    private static final int FETCH = 200;

    private final SqlStep step;
    private final PostgresConfig config;
    private final SqlCalls calls;
    private final TemplateScope item;
    private final boolean lines;
    private boolean committing;
    private boolean described;
    private long count;

    SqlEachCall(SqlStep step, PostgresConfig config, SqlCalls calls, TemplateScope item, boolean lines) {
        this.step = step;
        this.config = config;
        this.calls = calls;
        this.item = item;
        this.lines = lines;
    }

    @Override
    public Future<Answer> attempt(PhaseListener phases, RowsOut out) {
        committing = false;
        described = false;
        count = 0;
        SqlTexts params = Params.of(step.params(), item, lines);
        return calls.<Void>withConnection(
                        phases,
                        session -> session.stream(
                                step.sql(),
                                params,
                                FETCH,
                                rows -> handOut(rows, out).onSuccess(all -> committing = true)))
                .transform(end -> end.succeeded()
                        ? Future.succeededFuture(Rows.sum(count, item))
                        : Future.failedFuture(failure(Params.named(end.cause(), params))));
    }

    private Future<Void> handOut(ReadStream<Row> rows, RowsOut out) {
        described = true;
        List<Answer> page = new ArrayList<>();
        return Streams.forEach(Bridges.from(rows, FETCH, Future::succeededFuture), row -> {
                    page.add(Rows.each(row, item));
                    return page.size() < FETCH ? Future.succeededFuture() : flush(page, out);
                })
                .compose(all -> flush(page, out));
    }

    private Future<Void> flush(List<Answer> page, RowsOut out) {
        if (page.isEmpty()) {
            return Future.succeededFuture();
        }
        List<Answer> full = List.copyOf(page);
        page.clear();
        count += full.size();
        // a turn of the loop for others between two pages
        return Tasks.sleep(Duration.ZERO).compose(next -> out.rows(full));
    }

    private Throwable failure(Throwable cause) {
        Throwable words = SqlFailures.of(cause, config);
        if (!(words instanceof CallFailure failure) || cause instanceof CallFailure) {
            return words;
        }
        if (cause instanceof SqlRowsTooLargeException large) {
            return CallFailure.lasting(
                    failure.brief(),
                    "a row is larger than " + SizeText.format(large.limit()) + "; raise max_body of clients."
                            + config.name());
        }
        if (SqlErrors.connectionLost(cause) && !committing) {
            return CallFailure.passing(
                    "connection lost", "the connection broke while the rows were read: " + SqlFailures.lost(cause));
        }
        if (SqlErrors.connectionLost(cause)) {
            return step.retryUnsafe() ? failure.passing() : CallFailure.lasting("unknown", failure.getMessage());
        }
        if (!described
                && cause instanceof PgException pg
                && String.valueOf(pg.getSqlState()).startsWith("42")) {
            return CallFailure.stopsJob(failure.brief(), "do.sql: " + failure.getMessage());
        }
        return failure;
    }
}
