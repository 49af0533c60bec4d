package io.vertask.client;

import io.vertask.client.SqlWords.Effect;
import io.vertask.task.ClosedException;
import io.vertask.task.Tasks;
import io.vertask.task.Waiter;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.PromiseInternal;
import io.vertx.core.streams.ReadStream;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection, lent to the body of {@link SqlCalls#withConnection} until that has ended.
 *
 * <p>It runs one statement at a time: a cancel request stops whatever its session is doing, so a second statement in
 * the pipe could be hit in place of the first. The server's notices and warnings are dropped.
 *
 * <p><b>Threads.</b> The event loop of the task that it was lent to.
 */
public final class SqlSession {
    final PgConnection connection;
    final SqlSocket socket;
    private final SqlCalls calls;
    private final ContextInternal loop;
    private final PhaseListener listener;
    private final SqlServerLimit serverLimit;
    private final PgWire wire;

    private volatile @Nullable SqlStatement<?> current;
    /** The statement that was stopped last; it counts as the use of the connection until the next statement. */
    private volatile SqlUse.@Nullable Running stopped;

    /** The server's words for ending the session, which the driver does not give to the statement. */
    private @Nullable Throwable broken;

    private boolean inTransaction;
    /** The value of the last statement, when it came after the cancel of its caller. */
    private @Nullable Object undelivered;

    /** The error because of which the open transaction cannot be committed any more. */
    private @Nullable Throwable transactionError;

    private int savepoints;
    private boolean ended;

    SqlSession(SqlCalls calls, ContextInternal loop, PgConnection connection, PhaseListener listener) {
        this.calls = calls;
        this.loop = loop;
        this.connection = connection;
        this.listener = listener;
        this.socket = new SqlSocket(connection, loop);
        this.wire = socket.wire();
        this.serverLimit = calls.serverLimit(connection);
        // a broken connection fails its statement; without a handler it would be printed as well
        connection.exceptionHandler(reason -> broken = reason);
        // the same holds for the server's notices, which a trigger may send for each row
        connection.noticeHandler(ignored -> {});
    }

    /**
     * Runs one statement, prepared, with {@code params} for its {@code $1}, {@code $2} …
     *
     * <p>A value of a type that the driver does not know, or reads as null (bit, macaddr, oid, xml), is the text of it.
     * With {@link SqlTexts} for {@code params} the values of all types are, and the rows are {@link SqlTextRow}s.
     * Otherwise arrays of several dimensions, which the driver can't read, are an {@link IllegalStateException}.
     *
     * <p><b>Failure.</b> The server's {@link io.vertx.pgclient.PgException}, unwrapped; {@link IllegalStateException}
     * while another statement runs, and after the end of the body that the session was lent to.
     *
     * <p><b>Cancellation.</b> The server is told to stop the statement, again and again until it has; this fails when
     * it has and when no cancel request is on its way any more, so the next statement is safe. When that takes longer
     * than {@link SqlLimits#cancelTimeout}, the connection is closed.
     */
    public Future<RowSet<Row>> query(String sql, Tuple params) {
        Objects.requireNonNull(sql, "SqlSession.query: sql is null");
        Objects.requireNonNull(params, "SqlSession.query: params is null");
        return run(
                "the query ",
                sql,
                () -> params instanceof SqlTexts texts
                        ? texts().query(sql, texts)
                        : checked(connection.preparedQuery(sql).execute(params)));
    }

    /**
     * {@link #query(String, Tuple)} of which the first row is enough: those beyond {@link SqlLimits#maxRowBytes} are
     * dropped as they come, and are no failure.
     */
    public Future<RowSet<Row>> queryFirst(String sql, Tuple params) {
        Objects.requireNonNull(sql, "SqlSession.queryFirst: sql is null");
        Objects.requireNonNull(params, "SqlSession.queryFirst: params is null");
        refuseMisuse();
        wire.mayDropNext();
        return query(sql, params);
    }

    /**
     * Whether the statement that was begun last was sent to the server for execution. One that failed without it, in
     * its preparation, certainly had no effect.
     */
    public boolean isExecuted() {
        return wire.isExecuted();
    }

    /**
     * The rows of the statement that was begun last, when it has completed although its caller was cancelled, and so
     * did not get them: it has taken effect.
     */
    @SuppressWarnings("unchecked")
    public Optional<RowSet<Row>> undelivered() {
        return undelivered instanceof RowSet<?> rows ? Optional.of((RowSet<Row>) rows) : Optional.empty();
    }

    /**
     * Runs one statement once for each of {@code params}, in one go; the results hang together by
     * {@link RowSet#next()}. Outside a transaction, the server takes all of them or none.
     *
     * <p><b>Failure.</b> As {@link #query(String, Tuple)}; {@link IllegalArgumentException} when {@code params} is
     * empty.
     *
     * <p><b>Cancellation.</b> As {@link #query(String, Tuple)}.
     */
    public Future<RowSet<Row>> batch(String sql, List<Tuple> params) {
        Objects.requireNonNull(sql, "SqlSession.batch: sql is null");
        Objects.requireNonNull(params, "SqlSession.batch: params is null");
        if (params.isEmpty()) {
            throw new IllegalArgumentException("batch of '" + SqlWords.shortened(sql) + "': there are no params");
        }
        if (params.stream().anyMatch(SqlTexts.class::isInstance)) {
            throw new IllegalArgumentException("a batch can't have SqlTexts; run query for each");
        }
        return run(
                "the batch ", sql, () -> checked(connection.preparedQuery(sql).executeBatch(params)));
    }

    /**
     * Reads the rows of one statement on demand, {@code fetchSize} at a time: no more than those are in memory, however
     * many there are. {@code body} reads them from a {@link ReadStream} until its future has ended; then the cursor is
     * closed, read to its end or not.
     *
     * <p>A cursor lives in a transaction: in the one that is open, or else in one of its own, which is committed when
     * {@code body} succeeds and rolled back when it does not. Between two fetches the session can run other statements;
     * a query while the stream waits for rows is refused.
     *
     * <p><b>Failure.</b> As {@link #query(String, Tuple)}, and of {@code body}; an error while rows are read goes to
     * the stream's exception handler.
     *
     * <p><b>Cancellation.</b> As {@link #query(String, Tuple)}, in the middle of a fetch too: the stream fails at once.
     *
     * @param fetchSize the number of rows that the server sends at a time, at least 1
     */
    public <T> Future<T> stream(
            String sql, Tuple params, int fetchSize, Function<? super ReadStream<Row>, ? extends Future<T>> body) {
        Objects.requireNonNull(sql, "SqlSession.stream: sql is null");
        Objects.requireNonNull(params, "SqlSession.stream: params is null");
        Objects.requireNonNull(body, "SqlSession.stream: body is null");
        if (fetchSize < 1) {
            throw new IllegalArgumentException("fetchSize must be at least 1, not " + fetchSize);
        }
        return new SqlCursor(this, sql, fetchSize).read(params, body, inTransaction);
    }

    /**
     * Runs {@code body} so that its failure, or its cancellation alone, undoes only what it has done: a part of the
     * open transaction that can fail by itself.
     *
     * <p><b>Failure.</b> That of {@code body}; also when a statement in it had failed and {@code body} succeeded all
     * the same; {@link IllegalStateException} outside a transaction.
     *
     * <p><b>Cancellation.</b> One that comes after {@code body} has succeeded is too late to undo it.
     */
    public <T> Future<T> withSavepoint(Function<? super SqlSession, ? extends Future<T>> body) {
        Objects.requireNonNull(body, "SqlSession.withSavepoint: body is null");
        if (!inTransaction) {
            throw new IllegalStateException("withSavepoint was called outside a transaction; use withTransaction");
        }
        String name = "vertask_" + savepoints++;
        boolean[] set = {false};
        boolean[] whole = {false};
        return Tasks.finallyDo(
                () -> query("SAVEPOINT " + name)
                        .compose(done -> {
                            set[0] = true;
                            return SqlCalls.called(body, this);
                        })
                        .map(value -> {
                            whole[0] = true;
                            return value;
                        }),
                // the release too: a cancel may hit it after its effect, when there is no savepoint any more
                () -> {
                    if (!set[0]) {
                        return Future.succeededFuture();
                    }
                    return whole[0]
                            ? query("RELEASE SAVEPOINT " + name)
                                    .recover(error -> undo(name).transform(any -> Future.failedFuture(error)))
                            : undo(name);
                });
    }

    private Future<RowSet<Row>> undo(String savepoint) {
        return query("ROLLBACK TO SAVEPOINT " + savepoint).compose(back -> query("RELEASE SAVEPOINT " + savepoint));
    }

    /** Runs one statement as a wait of the current scope. */
    <T> Future<T> run(String what, String sql, Supplier<Future<T>> run) {
        return Waiter.await(what + SqlWords.shortened(sql), wait -> {
            wait.outside();
            SqlStatement<T> statement = begin(sql, run);
            wait.onUndelivered(value -> undelivered = value);
            wait.onCancel(cause -> {
                statement.stop(cause);
                return false;
            });
            statement.quiet().onComplete((value, error) -> {
                if (error == null) {
                    wait.resume(value);
                } else {
                    wait.fail(error);
                }
            });
        });
    }

    /** Fails when a value of the rows has been lost on the way. */
    private Future<RowSet<Row>> checked(Future<RowSet<Row>> rows) {
        return rows.map(read -> SqlSocket.descriptions(connection).arrays().checked(read));
    }

    /** Statements on this connection whose values are texts. */
    SqlTextCall texts() {
        return new SqlTextCall(connection, SqlSocket.descriptions(connection), calls.types());
    }

    /** Begins one statement; nothing waits for it yet. */
    <T> SqlStatement<T> begin(String sql, Supplier<Future<T>> run) {
        return begin(sql, run, 1);
    }

    /** {@link #begin(String, Supplier)} with rows that may have {@code times} the limit together, and one the limit. */
    <T> SqlStatement<T> begin(String sql, Supplier<Future<T>> run, int times) {
        refuseMisuse();
        Effect effect = SqlWords.effect(sql);
        Duration limit = serverLimit.of(sql, effect, Tasks.remaining().orElse(null));
        SqlStatement<T> statement =
                new SqlStatement<>(this, loop, sql, serverLimit.before(connection, run, sql, limit, inTransaction));
        if (limit != null) {
            statement.dueIn(limit);
        }
        long most = limits().maxRowBytes();
        wire.begin(
                most,
                most > Long.MAX_VALUE / times ? Long.MAX_VALUE : most * times,
                () -> statement.stop(new SqlRowsTooLargeException(most)));
        // set before it is known to have worked, because a superfluous rollback does no harm
        inTransaction |= effect == Effect.BEGINS;
        current = statement;
        undelivered = null;
        tell(Phase.QUERY);
        statement.quiet().onComplete((value, error) -> {
            stopped = statement.isStopped() ? statement.running() : null;
            current = null;
            note(effect, error);
        });
        statement.begin();
        return statement;
    }

    /** {@link #query(String, Tuple)} without parameters. */
    public Future<RowSet<Row>> query(String sql) {
        return query(sql, Tuple.tuple());
    }

    // ---- for Transaction

    /** Commits; a cancel stops it only after {@link SqlLimits#cancelTimeout}. */
    Future<Void> commit(Runnable committed) {
        Throwable failed = transactionError;
        if (failed != null) {
            // the server would answer COMMIT with a rollback, and call that a success
            return Future.failedFuture(new IllegalStateException(
                    "a statement of the transaction had failed, so it was rolled back: " + failed.getMessage(),
                    failed));
        }
        return Waiter.await("the query COMMIT", wait -> {
            wait.outside();
            SqlStatement<RowSet<Row>> commit =
                    begin("COMMIT", () -> connection.preparedQuery("COMMIT").execute());
            long[] patience = {-1};
            wait.onCancel(cause -> {
                patience[0] = loop.setTimer(limits().cancelTimeout().toMillis(), id -> commit.stop(cause));
                return false;
            });
            commit.quiet().onComplete((done, error) -> {
                loop.owner().cancelTimer(patience[0]);
                if (error != null) {
                    wait.fail(error);
                    return;
                }
                try {
                    committed.run();
                } catch (RuntimeException thrown) {
                    loop.reportException(thrown);
                }
                wait.resume(null);
            });
        });
    }

    /** Stops the running statement and rolls back an open transaction; on the caller's context. */
    Future<Void> rollBackIfOpen() {
        if (!inTransaction) {
            return Future.succeededFuture();
        }
        return OnContext.anchored(
                ContextInternal.current(),
                stopRunning("the body of the transaction ended before this statement")
                        .transform(quiet -> rollBack().mapEmpty()));
    }

    private void refuseMisuse() {
        if (calls.isClosed()) {
            throw calls.closedError();
        }
        if (ended) {
            throw new IllegalStateException("this session was given back when the body it was lent to ended");
        }
        if (!loop.nettyEventLoop().inEventLoop()) {
            throw new IllegalStateException("this session was lent to a task on another event loop");
        }
        if (current != null) {
            throw new IllegalStateException("this session is running another statement: one at a time; "
                    + "for statements at the same time use a session for each");
        }
    }

    private void note(Effect effect, @Nullable Throwable error) {
        if (error != null) {
            transactionError = inTransaction ? error : null;
            if (SqlErrors.connectionLost(error)) {
                socket.closeHard();
            }
        } else if (effect == Effect.ENDS) {
            inTransaction = false;
            transactionError = null;
            serverLimit.transactionEnded();
        } else if (effect == Effect.RESTORES) {
            transactionError = null;
        }
    }

    private void tell(Phase phase) {
        Listening.phase(loop, listener, phase);
    }

    // ---- its end

    /**
     * Stops the running statement, rolls back an open transaction, and gives the connection back.
     *
     * @return whether a transaction had been left open
     */
    Future<Boolean> end() {
        ended = true;
        return stopRunning("the body that the session was lent to ended before this statement")
                .transform(quiet -> rollBack())
                .compose(leftOpen -> {
                    serverLimit.sessionEnded();
                    return socket.giveBack().transform(any -> loop.succeededFuture(leftOpen));
                });
    }

    private Future<?> stopRunning(String why) {
        SqlStatement<?> left = current;
        if (left == null) {
            return loop.succeededFuture();
        }
        left.stop(new IllegalStateException(why));
        return left.quiet();
    }

    /**
     * Rolls back an open transaction, or closes the connection when that fails; the value tells whether one was open.
     */
    private Future<Boolean> rollBack() {
        if (!inTransaction || socket.isClosed()) {
            return loop.succeededFuture(inTransaction);
        }
        SqlStatement<RowSet<Row>> rollback = new SqlStatement<>(
                this, loop, "ROLLBACK", () -> connection.query("ROLLBACK").execute());
        current = rollback;
        rollback.limit();
        rollback.begin();
        return rollback.quiet().transform(done -> {
            current = null;
            note(Effect.ENDS, null);
            if (done.failed()) {
                socket.closeHard();
            }
            return loop.succeededFuture(true);
        });
    }

    // ---- for the others

    /** Stops the running statement because the client is closed. Any thread may call. */
    Future<Void> shutDown(ClosedException why) {
        PromiseInternal<Void> done = loop.promise();
        loop.runOnContext(nothing -> {
            SqlStatement<?> running = current;
            if (running == null) {
                done.complete();
            } else {
                running.stop(why);
                running.quiet().onComplete(any -> done.complete());
            }
        });
        return done.future();
    }

    SqlUse.@Nullable Running running() {
        SqlStatement<?> running = current;
        return running == null ? stopped : running.running();
    }

    /** Completes when the running statement is over, or at once when none runs; on the caller's context. */
    Future<Void> idle() {
        SqlStatement<?> running = current;
        return running == null
                ? Future.succeededFuture()
                : OnContext.anchored(
                        ContextInternal.current(), running.quiet().transform(any -> Future.succeededFuture()));
    }

    /** The bytes of rows that the last execution has sent. */
    long rowBytes() {
        return wire.bytes();
    }

    SqlLimits limits() {
        return calls.limits();
    }

    /** Counts {@code what}, an effect of stopping a statement of this session. */
    void reached(Reached.What what) {
        calls.reached().count(what);
        Listening.reached(loop, listener, what);
    }

    /** The failure of a statement; the server's own words when the server has ended the session. */
    @Nullable
    Throwable reason(@Nullable Throwable failure) {
        return failure instanceof ClosedConnectionException && broken instanceof PgException ? broken : failure;
    }

    PgCancel cancel() {
        return calls.cancel();
    }
}
