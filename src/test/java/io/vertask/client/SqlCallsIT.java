package io.vertask.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.task.ClosedException;
import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertask.testing.Fault;
import io.vertask.testing.TcpFaultProxy;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("jdk")
@Timeout(60)
class SqlCallsIT {
    private static final Tuple NONE = Tuple.tuple();

    private final Reached reached = new Reached();

    private <T> T with(int max, Function<SqlCalls, Future<T>> program) {
        return Objects.requireNonNull(SqlServer.with(SqlServer.limits(max), reached, program));
    }

    /** What a call fails with, and that its connection came back. */
    private static Future<Throwable> failure(SqlCalls sql, Future<?> call) {
        return call.transform(end -> {
            assertThat(end.failed()).isTrue();
            assertThat(sql.use().taken()).isZero();
            return sql.query("SELECT 1", NONE).map(end.cause());
        });
    }

    @Test
    void aQueryGoesThroughItsPhases() {
        List<Phase> phases = new ArrayList<>();
        String name = with(
                1,
                sql -> sql.query("SELECT $1::text || '!' AS name", Tuple.of("ada"), phases::add)
                        .map(rows -> rows.iterator().next().getString("name")));
        assertThat(name).isEqualTo("ada!");
        assertThat(phases).containsExactly(Phase.CONNECTING, Phase.QUERY);
    }

    @Test
    void theServersErrorPassesUnwrapped() {
        Throwable error = with(1, sql -> failure(sql, sql.query("SELECT * FROM no_such_table", NONE)));
        assertThat(error).isInstanceOf(PgException.class).hasMessageContaining("no_such_table");
        assertThat(((PgException) error).getSqlState()).isEqualTo("42P01");
    }

    @Test
    void parametersThatDoNotFitFailAndGiveTheConnectionBack() {
        Throwable error = with(1, sql -> failure(sql, sql.query("SELECT $1::int", Tuple.of("x"))));
        assertThat(error.getMessage()).contains("x");
    }

    @Test
    void aBodyThatThrowsEqualsABodyThatFails() {
        IllegalStateException bad = new IllegalStateException("bad");
        Throwable thrown = with(
                1,
                sql -> failure(sql, sql.withConnection(session -> {
                    throw bad;
                })));
        assertThat(thrown).isSameAs(bad);
        Throwable none = with(1, sql -> failure(sql, sql.<Void>withConnection(session -> null)));
        assertThat(none).isInstanceOf(NullPointerException.class).hasMessage("the body returned no future");
    }

    @Test
    @Tag("semantics-159")
    void oneStatementAtATime() {
        Throwable error = with(
                1,
                sql -> failure(
                        sql,
                        sql.withConnection(session ->
                                Future.all(session.query("SELECT pg_sleep(0.05)"), session.query("SELECT 1")))));
        assertThat(error).isInstanceOf(IllegalStateException.class).hasMessageContaining("one at a time");
    }

    @Test
    void aSessionIsOfNoUseAfterItsBody() {
        List<SqlSession> kept = new ArrayList<>();
        Throwable error = with(
                1,
                sql -> sql.withConnection(session -> {
                            kept.add(session);
                            return Future.succeededFuture();
                        })
                        .compose(over -> failure(sql, kept.get(0).query("SELECT 1"))));
        assertThat(error).isInstanceOf(IllegalStateException.class).hasMessageContaining("given back");
    }

    @Test
    void aTransactionIsCommittedRolledBackAndNeverLeftOpen() {
        SqlServer.execute("DROP TABLE IF EXISTS kept; CREATE TABLE kept (n int PRIMARY KEY)");
        with(
                1,
                sql -> sql.withTransaction(session -> session.query("INSERT INTO kept VALUES (1)"))
                        .compose(done -> failure(
                                sql,
                                sql.withTransaction(session -> session.query("INSERT INTO kept VALUES (2)")
                                        .compose(two -> session.query("INSERT INTO kept VALUES (1)")))))
                        .compose(duplicate -> {
                            assertThat(duplicate).isInstanceOf(PgException.class);
                            return failure(
                                    sql,
                                    sql.withTransaction(session -> session.query("INSERT INTO kept VALUES (3)")
                                            .compose(three -> session.query("INSERT INTO kept VALUES (1)"))
                                            .otherwiseEmpty()));
                        })
                        .compose(swallowed -> {
                            assertThat(swallowed).hasMessageContaining("had failed, so it was rolled back");
                            return failure(
                                    sql,
                                    sql.withConnection(session -> session.query("BEGIN")
                                            .compose(begun -> session.query("INSERT INTO kept VALUES (4)"))));
                        })
                        .map(forgotten -> assertThat(forgotten).hasMessageContaining("left a transaction open")));
        assertThat(SqlServer.ask("SELECT sum(n) FROM kept")).isEqualTo(1);
    }

    @Test
    void aKilledSessionFailsItsStatementAndThePoolRecovers() {
        with(2, sql -> {
            Task<RowSet<Row>> victim = Tasks.start(() -> sql.query("SELECT pg_sleep(60)", NONE));
            return SqlServer.untilRunning(1)
                    .compose(running -> SqlServer.asked(
                            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = '"
                                    + SqlServer.APPLICATION + "'"))
                    .compose(killed -> victim.settled())
                    .compose(end -> {
                        assertThat(end).isInstanceOf(Outcome.Failure.class);
                        assertThat(end.errorOrNull()).matches(SqlErrors::connectionLost);
                        return Tasks.gather(
                                () -> sql.query("SELECT pg_sleep(0.05)", NONE),
                                () -> sql.query("SELECT pg_sleep(0.05)", NONE));
                    });
        });
        assertThat(reached.snapshot()).hasToString("nothing");
    }

    @Test
    void closingStopsWhatRunsAndFailsWhatWaits() {
        Vertx vertx = Vertx.vertx();
        try {
            Tasks.run(vertx, () -> {
                SqlCalls sql = SqlCalls.create(vertx, SqlServer.options(), SqlServer.limits(1), reached);
                Task<RowSet<Row>> running = Tasks.start(() -> sql.query("SELECT pg_sleep(60)", NONE));
                return SqlServer.untilRunning(1).compose(up -> {
                    Task<RowSet<Row>> waiting = Tasks.start(() -> sql.query("SELECT 1", NONE));
                    return Tasks.sleep(Duration.ZERO)
                            .compose(queued -> {
                                assertThat(sql.use().words())
                                        .startsWith("all 1 busy (oldest query ")
                                        .endsWith(": SELECT pg_sleep(60))");
                                return sql.close();
                            })
                            .compose(closed ->
                                    Tasks.settle(running::future, waiting::future, () -> sql.query("SELECT 1", NONE)))
                            .map(ends -> assertThat(ends)
                                    .allSatisfy(end -> assertThat(end.errorOrNull())
                                            .isInstanceOf(ClosedException.class)
                                            .hasMessage("the SQL client of database 'postgres' is closed")));
                });
            });
        } finally {
            SqlServer.close(vertx);
        }
        assertThat(reached.snapshot()).hasToString("1 statement cancelled");
        assertThat(
                        SqlServer.ask(
                                "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)' AND state = 'active'"))
                .isZero();
    }

    // ---- opening

    private static @Nullable Throwable refused(PgConnectOptions options, SqlLimits limits) {
        Vertx vertx = Vertx.vertx();
        try {
            return Tasks.run(
                    vertx,
                    () -> SqlCalls.open(vertx, options, limits, new Reached())
                            .transform(end -> Future.succeededFuture(end.cause())));
        } finally {
            SqlServer.close(vertx);
        }
    }

    @Test
    void openingHasTheFirstConnectionsUp() {
        Vertx vertx = Vertx.vertx();
        try {
            @Nullable
            Long sessions = Tasks.run(
                    vertx,
                    () -> SqlCalls.open(vertx, SqlServer.options(), SqlLimits.of(3, 5), reached)
                            .compose(sql -> SqlServer.sessions()
                                    .compose(now -> sql.close().map(now))));
            assertThat(sessions).isEqualTo(3);
        } finally {
            SqlServer.close(vertx);
        }
    }

    @Test
    void aWrongPasswordIsOneClearError() {
        SqlServer.createUserWithPassword("guarded", "right");
        PgConnectOptions options = SqlServer.options().setUser("guarded").setPassword("hunter2");
        assertThat(refused(options, SqlLimits.of(2, 2)))
                .isInstanceOf(SqlConnectException.class)
                .hasMessage("no connection to Postgres at 127.0.0.1:" + options.getPort()
                        + " as user guarded, database postgres: password authentication failed for user \"guarded\""
                        + ". Check user and password");
        assertThat(refused(options.setPassword("right"), SqlLimits.of(2, 2))).isNull();
    }

    @Test
    void anUnknownDatabaseIsOneClearError() {
        assertThat(refused(SqlServer.options().setDatabase("nowhere"), SqlLimits.of(1, 2)))
                .isInstanceOf(SqlConnectException.class)
                .hasMessageEndingWith("database \"nowhere\" does not exist. Check the database's name");
    }

    @Test
    void aDeadPortIsOneClearError() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertThat(refused(SqlServer.options().setPort(port), SqlLimits.of(1, 2)))
                .isInstanceOf(SqlConnectException.class)
                .hasMessageEndingWith(": connection refused. Is the server running there?");
    }

    @Test
    void anUnknownHostIsOneClearError() {
        assertThat(refused(SqlServer.options().setHost("no-such-host.invalid"), SqlLimits.of(1, 2)))
                .isInstanceOf(SqlConnectException.class)
                .hasMessageEndingWith(": no such host. Check the host name");
    }

    @Test
    void aServerThatNeverAnswersIsGivenUp() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            SqlLimits limits = new SqlLimits(1, 1, Duration.ofMillis(300), Duration.ofMillis(300));
            assertThat(refused(SqlServer.options().setPort(silent.getLocalPort()), limits))
                    .isInstanceOf(SqlConnectException.class)
                    .hasMessageContaining("no answer within 300 ms");
        }
    }

    @Test
    @Tag("semantics-160")
    void aLoginThatHangsLosesItsSocketAndItsPermit() throws Exception {
        SqlLimits limits = new SqlLimits(0, 1, Duration.ofMillis(300), Duration.ofMillis(300));
        Vertx vertx = Vertx.vertx();
        try (TcpFaultProxy proxy = TcpFaultProxy.to(SqlServer.options().getPort())) {
            proxy.inject(new Fault.Stall());
            PgConnectOptions options = SqlServer.options().setHost(proxy.host()).setPort(proxy.port());
            Tasks.run(vertx, () -> {
                SqlCalls sql = SqlCalls.create(vertx, options, limits);
                return sql.query("SELECT 1", Tuple.tuple())
                        .transform(refused -> {
                            assertThat(refused.cause()).isInstanceOf(SqlConnectException.class);
                            return Tasks.loopWhile(() -> Tasks.sleep(Duration.ofMillis(5))
                                    .map(slept -> sql.use().taken() > 0));
                        })
                        .compose(free -> {
                            proxy.heal();
                            // longer than a login may be silent
                            return sql.query("SELECT pg_sleep(0.7)", Tuple.tuple());
                        })
                        .compose(rows -> sql.close());
            });
            proxy.awaitOpenConnections(0, Duration.ofSeconds(5));
        } finally {
            SqlServer.close(vertx);
        }
    }

    @Test
    void whatAListenerThrowsDoesNotStopTheCall() {
        long one = with(
                1,
                sql -> sql.query("SELECT 1::int8", NONE, phase -> {
                            throw new IllegalStateException("listener");
                        })
                        .map(rows -> rows.iterator().next().getLong(0)));
        assertThat(one).isEqualTo(1);
    }

    @Test
    void outsideAnyTaskAClientOpensAndOursSaysWhatToDo() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            SqlCalls sql = SqlCalls.open(vertx, SqlServer.options(), SqlLimits.of(1, 1))
                    .await(10, TimeUnit.SECONDS);
            assertThatThrownBy(() -> sql.query("SELECT 1", NONE))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("outside any task");
            Promise<RowSet<Row>> loop = Promise.promise();
            vertx.runOnContext(v -> sql.query("SELECT 1", NONE).onComplete(loop));
            assertThatThrownBy(() -> loop.future().await(10, TimeUnit.SECONDS))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("outside any task");
            assertThat(sql.use().taken()).isZero();
            sql.close().await(10, TimeUnit.SECONDS);
        } finally {
            SqlServer.close(vertx);
        }
    }

    @Test
    void aSessionIsOfOneLoopAndOfAnOpenClient() {
        Vertx other = Vertx.vertx();
        try {
            with(
                    1,
                    sql -> sql.withConnection(session -> {
                        Promise<RowSet<Row>> abroad = Promise.promise();
                        Tasks.start(other, "abroad", () -> session.query("SELECT 1"))
                                .future()
                                .onComplete(abroad);
                        return Tasks.await(abroad.future())
                                .transform(refused -> {
                                    assertThat(refused.cause())
                                            .isInstanceOf(IllegalStateException.class)
                                            .hasMessageContaining("another event loop");
                                    return session.query("SELECT 1");
                                })
                                .compose(fine -> Tasks.shield(sql::close))
                                .compose(closed -> session.query("SELECT 1"))
                                .transform(refused -> {
                                    assertThat(refused.cause()).isInstanceOf(ClosedException.class);
                                    return Future.succeededFuture("done");
                                });
                    }));
        } finally {
            SqlServer.close(other);
        }
    }

    @Test
    void theEndOfTheClientEndsAHangingLogin() throws Exception {
        SqlLimits limits = new SqlLimits(0, 1, Duration.ofMillis(500), Duration.ofMillis(300));
        Vertx vertx = Vertx.vertx();
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            PgConnectOptions options = SqlServer.options().setPort(silent.getLocalPort());
            Throwable error = Tasks.run(vertx, () -> {
                SqlCalls sql = SqlCalls.create(vertx, options, limits);
                Task<RowSet<Row>> call = Tasks.start(() -> sql.query("SELECT 1", NONE));
                return Tasks.sleep(Duration.ofMillis(50))
                        .compose(connecting -> sql.close())
                        .transform(closed -> call.settled())
                        .map(Outcome::errorOrNull);
            });
            assertThat(error).isInstanceOf(ClosedException.class).hasMessageContaining("is closed");
        } finally {
            SqlServer.close(vertx);
        }
    }
}
