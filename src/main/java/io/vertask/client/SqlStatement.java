package io.vertask.client;

import io.vertask.client.SqlUse.Running;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.PromiseInternal;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import org.jspecify.annotations.Nullable;

/**
 * One statement on its way through the server, and the cancelling of it.
 *
 * <pre>
 *  RUNNING ──ended──▶ QUIET
 *     │
 *    stop: a cancel request, and again 50 ms after the server has dealt with the last one
 *     ▼
 *  STOPPING ──ended, and no cancel request is on its way──▶ QUIET
 *     │
 *    too long: the connection is closed hard ──▶ QUIET
 * </pre>
 *
 * <p>{@link #quiet} is the gate: until then a cancel request could still hit whatever the session runs next, so neither
 * the caller nor the pool hears of the end before. Again and again, because the server drops a request that comes
 * before it has begun the statement.
 *
 * <p><b>Threads.</b> The session's event loop only.
 */
final class SqlStatement {
    static final long RESEND_MS = 50;
    private static final String QUERY_CANCELED = "57014";

    private final SqlSession session;
    private final ContextInternal loop;
    private final String sql;
    private final long since = System.nanoTime();
    private final PromiseInternal<RowSet<Row>> quiet;

    private @Nullable RowSet<Row> rows;
    private @Nullable Throwable error;
    private @Nullable Throwable stop;
    private boolean ended;
    private boolean requesting;
    private boolean over;
    private long resend = -1;
    private long deadline = -1;

    SqlStatement(SqlSession session, ContextInternal loop, String sql) {
        this.session = session;
        this.loop = loop;
        this.sql = sql;
        this.quiet = loop.promise();
    }

    /** Its result, when nothing can disturb the session any more. */
    Future<RowSet<Row>> quiet() {
        return quiet.future();
    }

    Running running() {
        return new Running(SqlWords.shortened(sql), since);
    }

    void begin(Tuple params) {
        Future<RowSet<Row>> result;
        try {
            result = session.connection.preparedQuery(sql).execute(params);
        } catch (RuntimeException refused) {
            result = Future.failedFuture(refused);
        }
        result.onComplete((got, failure) -> loop.emit(nothing -> ended(got, failure)));
    }

    private void ended(@Nullable RowSet<Row> got, @Nullable Throwable failure) {
        if (over) {
            return;
        }
        ended = true;
        rows = got;
        error = failure;
        loop.owner().cancelTimer(resend);
        finishWhenQuiet();
    }

    /** Asks the server to stop it; {@link #quiet} then fails with {@code why} if that had an effect. */
    void stop(Throwable why) {
        if (over || stop != null) {
            return;
        }
        stop = why;
        limit();
        if (!ended) {
            onLoop(this::request);
        }
    }

    private void request() {
        if (ended || over) {
            return;
        }
        requesting = true;
        session.cancel().request(session.connection).onComplete(any -> onLoop(this::requested));
    }

    private void requested() {
        requesting = false;
        if (ended) {
            finishWhenQuiet();
        } else if (!over) {
            resend = loop.setTimer(RESEND_MS, id -> onLoop(this::request));
        }
    }

    private void onLoop(Runnable step) {
        loop.emit(nothing -> step.run());
    }

    private void finishWhenQuiet() {
        if (!ended || requesting || over) {
            return;
        }
        Throwable failure = error;
        if (stop != null && SqlErrors.isState(failure, QUERY_CANCELED)) {
            session.reached().statementCancelled();
            failure = stop;
        }
        finish(failure);
    }

    /** Closes the connection hard when the statement takes longer than a cancelled one may. */
    void limit() {
        deadline = loop.setTimer(session.limits().cancelTimeout().toMillis(), id -> onLoop(this::giveUp));
    }

    private void giveUp() {
        if (!over) {
            session.reached().socketClosed();
            session.closeHard();
            finish(stop != null ? stop : new IllegalStateException("no answer to " + sql));
        }
    }

    private void finish(@Nullable Throwable failure) {
        over = true;
        loop.owner().cancelTimer(deadline);
        loop.owner().cancelTimer(resend);
        if (failure == null) {
            quiet.complete(rows);
        } else {
            quiet.fail(failure);
        }
    }
}
