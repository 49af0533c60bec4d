package io.vertask.client;

import io.netty.channel.ChannelHandlerContext;
import io.vertask.client.SqlWords.Effect;
import io.vertask.task.ClosedException;
import io.vertask.task.Waiter;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.PromiseInternal;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import io.vertx.sqlclient.impl.SocketConnectionBase;
import io.vertx.sqlclient.internal.SqlConnectionInternal;
import org.jspecify.annotations.Nullable;

/**
 * One connection, lent to the body of {@link SqlCalls#withConnection} until that has ended.
 *
 * <p>It runs one statement at a time: a cancel request stops whatever its session is doing, so a second statement in
 * the pipe could be hit in place of the first.
 *
 * <p><b>Threads.</b> The event loop of the task that it was lent to.
 */
public final class SqlSession {
    final PgConnection connection;
    private final SqlCalls calls;
    private final ContextInternal loop;
    private final PhaseListener listener;
    private final PromiseInternal<Void> gone;

    private volatile @Nullable SqlStatement current;
    private boolean inTransaction;
    /** Why the open transaction cannot be committed any more. */
    private @Nullable Throwable transactionError;

    private boolean ended;
    private boolean closedHard;

    SqlSession(SqlCalls calls, ContextInternal loop, PgConnection connection, PhaseListener listener) {
        this.calls = calls;
        this.loop = loop;
        this.connection = connection;
        this.listener = listener;
        this.gone = loop.promise();
        // a broken connection fails its statement; without a handler it would be printed as well
        connection.exceptionHandler(ignored -> {});
        connection.closeHandler(nothing -> wasClosed());
    }

    /**
     * Runs one statement, prepared, with {@code params} for its {@code $1}, {@code $2} …
     *
     * <p><b>Failure.</b> The server's {@link io.vertx.pgclient.PgException}, unwrapped; {@link IllegalStateException}
     * while another statement runs, and after the end of the body that the session was lent to.
     *
     * <p><b>Cancellation.</b> The server is told to stop the statement, again and again until it has; this fails when
     * it has and when no cancel request is on its way any more, so the next statement is safe. When that takes longer
     * than {@link SqlLimits#cancelTimeout}, the connection is closed.
     */
    public Future<RowSet<Row>> query(String sql, Tuple params) {
        return Waiter.await("the query " + SqlWords.shortened(sql), wait -> {
            refuseMisuse();
            SqlStatement statement = new SqlStatement(this, loop, sql);
            Effect effect = SqlWords.effect(sql);
            // before it is known to have worked: to roll back once too often does no harm
            inTransaction |= effect == Effect.BEGINS;
            current = statement;
            tell(Phase.QUERY);
            wait.onCancel(cause -> {
                statement.stop(cause);
                return false;
            });
            statement.quiet().onComplete((rows, error) -> {
                current = null;
                note(effect, error);
                if (error == null) {
                    wait.resume(rows);
                } else {
                    wait.fail(error);
                }
            });
            statement.begin(params);
        });
    }

    /** {@link #query(String, Tuple)} without parameters. */
    public Future<RowSet<Row>> query(String sql) {
        return query(sql, Tuple.tuple());
    }

    /** Ends the transaction that {@link SqlCalls#withTransaction} began. */
    Future<RowSet<Row>> commit() {
        Throwable failed = transactionError;
        // the server would answer COMMIT with a rollback, and call that a success
        return failed == null
                ? query("COMMIT")
                : Future.failedFuture(new IllegalStateException(
                        "a statement of the transaction had failed, so it was rolled back: " + failed.getMessage(),
                        failed));
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
                closeHard();
            }
        } else if (effect == Effect.ENDS) {
            inTransaction = false;
            transactionError = null;
        } else if (effect == Effect.RESTORES) {
            transactionError = null;
        }
    }

    private void tell(Phase phase) {
        SqlCalls.tell(loop, listener, phase);
    }

    // ---- its end

    /**
     * Stops what still runs, rolls back what is open, and gives the connection back; over when all of that is done.
     *
     * @return whether a transaction had been left open
     */
    Future<Boolean> end() {
        ended = true;
        SqlStatement left = current;
        if (left != null) {
            left.stop(new IllegalStateException("the body that the session was lent to ended before this statement"));
        }
        Future<?> quiet = left == null ? loop.succeededFuture() : left.quiet();
        return quiet.transform(any -> rollBack())
                .compose(leftOpen -> giveBack().transform(any -> loop.succeededFuture(leftOpen)));
    }

    private Future<Boolean> rollBack() {
        if (!inTransaction || closedHard) {
            return loop.succeededFuture(inTransaction);
        }
        SqlStatement rollback = new SqlStatement(this, loop, "ROLLBACK");
        rollback.limit();
        rollback.begin(Tuple.tuple());
        return rollback.quiet().transform(done -> {
            if (done.failed()) {
                closeHard();
            }
            return loop.succeededFuture(true);
        });
    }

    private Future<Void> giveBack() {
        Future<Void> closed = closedHard ? gone.future() : loop.succeededFuture();
        return closed.compose(nothing -> connection.close());
    }

    /** Closes the socket under the connection: the pool then drops it, and the server ends the session. */
    void closeHard() {
        if (!closedHard) {
            closedHard = true;
            // past the handlers: the codec would send its farewell, and wait for a server that may not answer
            var unused = netty().pipeline().firstContext().close();
        }
    }

    private void wasClosed() {
        // one turn later on the connection's loop, the pool has dropped it, and can't hand it out again
        netty().executor().execute(gone::tryComplete);
        closedHard = true;
    }

    private ChannelHandlerContext netty() {
        SocketConnectionBase socket = (SocketConnectionBase)
                ((SqlConnectionInternal) connection).unwrap().unwrap();
        return socket.socket().channelHandlerContext();
    }

    // ---- for the others

    /** Stops what runs now because the client is closed; from any thread. */
    Future<Void> shutDown(ClosedException why) {
        PromiseInternal<Void> done = loop.promise();
        loop.runOnContext(nothing -> {
            SqlStatement running = current;
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
        SqlStatement running = current;
        return running == null ? null : running.running();
    }

    SqlLimits limits() {
        return calls.limits();
    }

    Reached reached() {
        return calls.reached();
    }

    PgCancel cancel() {
        return calls.cancel();
    }
}
