package io.vertask.client;

import io.vertask.task.CancelledException;
import io.vertask.task.Coroutine;
import io.vertask.task.Tasks;
import io.vertask.task.Waiter;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.streams.ReadStream;
import io.vertx.sqlclient.Cursor;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one statement, fetched as they are wanted.
 *
 * <pre>
 *  (BEGIN) ──▶ prepare ──▶ body ⇄ fetch, when the stream has run dry
 *                            │
 *                          ended: stop the fetch ──▶ close cursor and statement ──▶ (COMMIT or ROLLBACK)
 * </pre>
 *
 * <p>For as long as the body runs there is one wait in its scope, so that a cancel reaches the fetch and the reader
 * also when the body itself waits for nothing of ours.
 *
 * <p><b>Threads.</b> The session's event loop only.
 */
final class SqlCursor {
    private static final long GOOD_FETCH = 1_000_000;
    /** The rows of one fetch may have this many times the limit of one row together. */
    private static final int MOST_FETCH = 8;

    private final SqlSession session;
    private final String sql;
    private final int fetchSize;
    private final DemandStream<Row> rows = new DemandStream<>(this::fetch);

    private Tuple given = Tuple.tuple();
    private PgArrays arrays = PgArrays.NONE;
    private UnaryOperator<Row> made = UnaryOperator.identity();
    private @Nullable PreparedStatement prepared;
    private @Nullable Cursor cursor;
    private @Nullable SqlStatement<RowSet<Row>> fetch;
    private @Nullable Waiter<Void> life;
    private int nextSize;
    private boolean awaitingIdle;
    private boolean over;

    SqlCursor(SqlSession session, String sql, int fetchSize) {
        this.session = session;
        this.sql = sql;
        this.fetchSize = fetchSize;
        this.nextSize = session.limits().maxRowBytes() == Long.MAX_VALUE ? fetchSize : 1;
    }

    <T> Future<T> read(
            Tuple params, Function<? super ReadStream<Row>, ? extends Future<T>> body, boolean inTransaction) {
        Coroutine<T> reading = () -> opened(params, body);
        return inTransaction
                ? Tasks.finallyDo(reading, this::close)
                : Transaction.run(session, () -> Tasks.finallyDo(reading, this::close), () -> {});
    }

    private <T> Future<T> opened(Tuple params, Function<? super ReadStream<Row>, ? extends Future<T>> body) {
        return session.run("preparing ", sql, () -> prepare(params)).compose(statement -> {
            prepared = statement;
            cursor = statement.cursor(params);
            given = params;
            Future<Void> unused = Waiter.await("the rows of " + SqlWords.shortened(sql), wait -> {
                life = wait;
                wait.onCancel(this::cut);
            });
            rows.open(ContextInternal.current());
            return SqlCalls.called(body, rows);
        });
    }

    private Future<PreparedStatement> prepare(Tuple params) {
        SqlTextCall call = session.texts();
        return params instanceof SqlTexts texts
                ? call.prepare(sql, texts).onSuccess(statement -> made = call.rows())
                : session.connection
                        .prepare(sql)
                        .onSuccess(statement -> arrays = call.described().arrays());
    }

    private Future<RowSet<Row>> read(Cursor from, Tuple params) {
        SqlSocket.descriptions(session.connection).arrays(arrays);
        return from.read(nextSize)
                .map(arrays::checked)
                .recover(error -> Future.failedFuture(SqlTexts.failure(params, error)));
    }

    private boolean cut(CancelledException cause) {
        rows.cut(cause);
        if (fetch != null) {
            fetch.stop(cause);
        }
        return true;
    }

    private void fetch() {
        Cursor from = cursor;
        if (over || fetch != null || awaitingIdle || from == null) {
            return;
        }
        Future<Void> idle = session.idle();
        if (!idle.isComplete()) {
            // the reader's own statement goes first
            awaitingIdle = true;
            idle.onComplete(any -> {
                awaitingIdle = false;
                fetch();
            });
            return;
        }
        SqlStatement<RowSet<Row>> next;
        try {
            next = session.begin(sql, () -> read(from, given), MOST_FETCH);
        } catch (RuntimeException refused) {
            rows.fail(refused);
            return;
        }
        fetch = next;
        next.quiet().onComplete((got, error) -> {
            fetch = null;
            if (error != null) {
                rows.fail(error);
                return;
            }
            measure(got.size());
            got.forEach(row -> rows.offer(made.apply(row)));
            if (!from.hasMore()) {
                rows.end();
            }
        });
    }

    /** With a limit, a fetch is made as large as {@link #GOOD_FETCH} bytes are, by the rows that came last. */
    private void measure(int count) {
        if (session.limits().maxRowBytes() != Long.MAX_VALUE && count > 0) {
            long good = GOOD_FETCH * count / Math.max(1, session.rowBytes());
            nextSize = (int) Math.max(1, Math.min(Math.min(fetchSize, 4L * nextSize), good));
        }
    }

    private Future<Void> close() {
        over = true;
        if (life != null) {
            life.resume(null);
        }
        SqlStatement<RowSet<Row>> left = fetch;
        if (left != null) {
            left.stop(new IllegalStateException("the body that read the rows ended before their fetch"));
        }
        return session.idle().compose(idle -> {
            PreparedStatement statement = prepared;
            Cursor open = cursor;
            // when the connection has broken, there is nothing to be closed
            return statement == null || open == null || session.socket.isClosed()
                    ? Future.succeededFuture()
                    : session.run(
                            "closing the rows of ",
                            sql,
                            () -> Future.join(open.close(), statement.close()).mapEmpty());
        });
    }
}
