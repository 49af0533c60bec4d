package io.vertask.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.Outcome;
import io.vertask.task.Tasks;
import io.vertask.testing.Fault;
import io.vertask.testing.TcpFaultProxy;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The end of a session whose connection is broken, or breaks while it ends. */
@Timeout(60)
class SqlBrokenIT {
    private static final Tuple NONE = Tuple.tuple();
    private static final SqlLimits LIMITS = new SqlLimits(0, 1, Duration.ofSeconds(5), Duration.ofMillis(400));

    private final Reached reached = new Reached();
    private final IllegalStateException mine = new IllegalStateException("mine");
    private TcpFaultProxy proxy;

    @BeforeEach
    void open() throws IOException {
        proxy = TcpFaultProxy.to(SqlServer.options().getPort());
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
    }

    /** What {@code body} in a session ends with; afterwards the client still works, and has its permit back. */
    private <T> Future<T> survived(SqlCalls sql, Future<T> call) {
        return call.transform(end -> {
            assertThat(sql.use()).isEqualTo(new SqlUse(1, 0, 0, null));
            proxy.heal();
            return sql.query("SELECT 1", NONE).compose(fine -> (Future<T>) end);
        });
    }

    private <T> @Nullable Throwable failure(BiFunction<SqlCalls, SqlSession, Future<T>> body) {
        return run(sql -> survived(sql, sql.withConnection(session -> body.apply(sql, session)))
                .transform(end -> Future.succeededFuture(end.cause())));
    }

    private <T> @Nullable T run(Function<SqlCalls, Future<T>> program) {
        Vertx vertx = Vertx.vertx();
        try {
            return Tasks.run(vertx, () -> {
                PgConnectOptions options =
                        SqlServer.options().setHost(proxy.host()).setPort(proxy.port());
                SqlCalls sql = SqlCalls.create(vertx, options, LIMITS, reached);
                return Tasks.finallyDo(() -> program.apply(sql), sql::close);
            });
        } finally {
            SqlServer.close(vertx);
        }
    }

    private Future<Void> cut(SqlSession session) {
        proxy.cutAll();
        return Tasks.timeout(
                Duration.ofSeconds(5),
                () -> Tasks.loopWhile(
                        () -> Tasks.sleep(Duration.ofMillis(2)).map(slept -> !session.socket.isClosed())));
    }

    @Test
    void aTransactionWhoseConnectionIsGoneEndsWithItsOwnError() {
        Throwable error = failure((sql, session) ->
                session.query("BEGIN").compose(begun -> cut(session)).compose(gone -> Future.failedFuture(mine)));
        assertThat(error).isSameAs(mine);
        assertThat(reached.snapshot()).hasToString("nothing");
        assertThat(proxy.acceptedConnections()).isEqualTo(2);
    }

    @Test
    void aSuccessThatForgotItsTransactionOnABrokenConnectionIsNoSuccess() {
        Throwable error = failure((sql, session) -> session.query("BEGIN").compose(begun -> cut(session)));
        assertThat(error).isInstanceOf(IllegalStateException.class).hasMessageContaining("left a transaction open");
    }

    @Test
    void aRollbackWithoutAnAnswerClosesTheConnection() {
        Throwable error = failure((sql, session) -> session.query("BEGIN").compose(begun -> {
            proxy.inject(new Fault.Stall());
            return Future.failedFuture(mine);
        }));
        assertThat(error).isSameAs(mine);
        assertThat(reached.snapshot()).hasToString("1 socket closed");
        assertThat(proxy.acceptedConnections()).isEqualTo(2);
    }

    @Test
    void aRollbackThatBreaksItsConnectionIsTheEndOfIt() {
        Throwable error = failure((sql, session) -> session.query("BEGIN").compose(begun -> {
            proxy.inject(new Fault.CloseAfter(0));
            return Future.failedFuture(mine);
        }));
        assertThat(error).isSameAs(mine);
        assertThat(reached.snapshot()).hasToString("nothing");
        assertThat(proxy.acceptedConnections()).isEqualTo(2);
    }

    @Test
    void rowsWhoseConnectionIsGoneNeedNoClosing() {
        List<Integer> read = new ArrayList<>();
        Throwable error = failure((sql, session) -> session.query("BEGIN")
                .compose(begun -> session.stream("SELECT generate_series(1, 9)", NONE, 1, rows -> {
                    Promise<Integer> one = Promise.promise();
                    rows.handler(row -> {
                        rows.pause();
                        one.tryComplete(row.getInteger(0));
                    });
                    return Tasks.await(one.future()).compose(got -> cut(session).map(got));
                }))
                .onSuccess(read::add)
                .compose(got -> Future.failedFuture(mine)));
        assertThat(read).containsExactly(1);
        assertThat(error).isSameAs(mine);
    }

    @Test
    void aClientClosesAtOnceOverASessionThatRunsNothing() {
        long[] ms = {0};
        Throwable error = run(sql -> sql.withConnection(session -> {
                    assertThat(sql.use()).isEqualTo(new SqlUse(1, 1, 0, null));
                    long begun = System.nanoTime();
                    return Tasks.timeout(Duration.ofSeconds(5), () -> Tasks.await(sql.close()))
                            .compose(closed -> {
                                ms[0] = (System.nanoTime() - begun) / 1_000_000;
                                return session.query("SELECT 1");
                            });
                })
                .transform(end -> Future.<@Nullable Throwable>succeededFuture(end.cause())));
        assertThat(error).hasMessage("the SQL client of database 'postgres' is closed");
        assertThat(ms[0]).isLessThan(4_000);
        assertThat(reached.snapshot()).hasToString("nothing");
    }

    @Test
    void aClientThatClosesWhileAStatementGetsNoAnswerClosesItsConnectionHard() {
        Throwable error;
        try {
            error = run(sql -> {
                Future<Outcome<RowSet<Row>>> victim = Tasks.start(() -> sql.query("SELECT pg_sleep(60)", NONE))
                        .settled();
                return SqlServer.untilRunning(1)
                        .compose(running -> {
                            proxy.inject(new Fault.Stall());
                            return Tasks.timeout(Duration.ofSeconds(5), () -> Tasks.await(sql.close()));
                        })
                        .compose(closed -> victim)
                        .map(Outcome::errorOrNull);
            });
        } finally {
            // no cancel request came through, and a sleeping server does not look at its socket
            SqlServer.ask("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = '"
                    + SqlServer.APPLICATION + "'");
        }
        assertThat(error).hasMessage("the SQL client of database 'postgres' is closed");
        assertThat(reached.snapshot()).hasToString("1 socket closed");
    }
}
