package io.vertask.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.client.libpq.PgConnect;
import io.vertask.task.TaskTimeoutException;
import io.vertask.task.Tasks;
import io.vertask.testing.Fault;
import io.vertask.testing.TcpFaultProxy;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The caller's deadline as the server's {@code statement_timeout}. */
@Timeout(60)
@Tag("semantics-162")
class SqlDeadlineIT {
    private static final Tuple NONE = Tuple.tuple();
    private static final String SETTING = "SELECT setting::int FROM pg_settings WHERE name = 'statement_' || 'timeout'";
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Reached reached = new Reached();

    private <T> @Nullable T with(PgConnectOptions options, Function<SqlCalls, Future<T>> program) {
        Vertx vertx = Vertx.vertx();
        try {
            return Tasks.run(vertx, () -> {
                SqlLimits limits = new SqlLimits(0, 1, Duration.ofSeconds(5), Duration.ofMillis(500));
                SqlCalls sql = SqlCalls.create(vertx, options, limits.withDeadlineOnServer(), reached);
                return Tasks.finallyDo(() -> program.apply(sql), sql::close);
            });
        } finally {
            SqlServer.close(vertx);
        }
    }

    private static Future<Integer> seen(Future<RowSet<Row>> rows) {
        return rows.map(got -> got.iterator().next().getInteger(0));
    }

    private static Future<Integer> seen(SqlCalls sql) {
        return seen(sql.query(SETTING, NONE));
    }

    @Test
    void itIsSetForTheStatementAndPutBack() {
        with(
                SqlServer.options(),
                sql -> seen(sql)
                        .compose(before -> {
                            assertThat(before).isZero();
                            return Tasks.timeout(MINUTE, () -> seen(sql));
                        })
                        .compose(during -> {
                            assertThat(during).isBetween(55_000, 60_100);
                            return Tasks.timeout(MINUTE.multipliedBy(2), () -> seen(sql));
                        })
                        .compose(during -> {
                            assertThat(during).isBetween(115_000, 120_100);
                            return seen(sql);
                        })
                        .map(after -> assertThat(after).isZero()));
    }

    @Test
    void itNeverRaisesTheUsualOne() {
        with(
                PgConnect.withStatementTimeout(SqlServer.options(), 1_000),
                sql -> Tasks.timeout(MINUTE, () -> seen(sql))
                        .compose(during -> {
                            assertThat(during).isEqualTo(1_000);
                            return Tasks.timeout(Duration.ofMillis(500), () -> seen(sql));
                        })
                        .compose(during -> {
                            assertThat(during).isBetween(100, 600);
                            return seen(sql);
                        })
                        .map(after -> assertThat(after).isEqualTo(1_000)));
    }

    @Test
    void noRollbackBringsItBack() {
        with(
                SqlServer.options(),
                sql -> Tasks.timeout(MINUTE, () -> seen(sql))
                        .compose(set -> sql.withTransaction(session -> seen(session.query(SETTING))
                                .compose(none -> {
                                    assertThat(none).isZero();
                                    return Tasks.timeout(MINUTE, () -> seen(session.query(SETTING)));
                                })
                                .compose(some -> {
                                    assertThat(some).isBetween(55_000, 60_100);
                                    return Future.failedFuture("no");
                                })))
                        .recover(no -> seen(sql).map(after -> assertThat(after).isZero())));
    }

    @Test
    void aSessionThatSetsItItselfHasItToItself() {
        with(
                SqlServer.options(),
                sql -> Tasks.timeout(
                                MINUTE,
                                () -> sql.withConnection(session -> seen(session.query(SETTING))
                                        .compose(ours -> session.query("SET statement_timeout = '5s'"))
                                        .compose(set -> seen(session.query(SETTING)))))
                        .compose(theirs -> {
                            assertThat(theirs).isEqualTo(5_000);
                            return Tasks.timeout(Duration.ofSeconds(2), () -> seen(sql));
                        })
                        .compose(ours -> {
                            assertThat(ours).isBetween(1_000, 2_100);
                            return seen(sql);
                        })
                        .map(after -> assertThat(after).isEqualTo(5_000)));
    }

    @Test
    void theServerStopsInTimeWhatWeCannotReachAnyMore() throws Exception {
        try (TcpFaultProxy proxy = TcpFaultProxy.to(SqlServer.options().getPort())) {
            PgConnectOptions options = SqlServer.options().setHost(proxy.host()).setPort(proxy.port());
            assertThatThrownBy(() -> with(
                            options,
                            sql -> sql.query("SELECT 1", NONE)
                                    .compose(up -> Tasks.timeout(
                                            Duration.ofMillis(600),
                                            () -> Tasks.<Void>gather(
                                                    () -> sql.query("SELECT pg_sleep(60)", NONE)
                                                            .mapEmpty(),
                                                    () -> SqlServer.untilRunning(1)
                                                            .onSuccess(on -> proxy.inject(new Fault.Stall())))))
                                    .recover(late -> Tasks.loopWhile(
                                                    () -> SqlServer.running().map(now -> now > 0))
                                            .transform(gone -> Future.failedFuture(late)))))
                    .isInstanceOf(TaskTimeoutException.class);
        }
        assertThat(reached.snapshot().statementsCancelled()).isZero();
    }

    @Test
    void whenTheServersLimitIsHeardOfFirstTheTimeoutIsStillOurs() {
        long[] spins = {0};
        assertThatThrownBy(() -> with(
                        SqlServer.options(),
                        sql -> sql.query("SELECT 1", NONE)
                                .compose(up -> Tasks.timeout(Duration.ofMillis(200), () -> {
                                    Future<RowSet<Row>> query = sql.query("SELECT pg_sleep(60)", NONE);
                                    // the loop is deaf until both limits have passed
                                    return SqlServer.untilRunning(1).compose(on -> {
                                        long end = System.nanoTime()
                                                + Duration.ofMillis(600).toNanos();
                                        while (System.nanoTime() < end) {
                                            spins[0]++;
                                        }
                                        return query;
                                    });
                                }))))
                .isInstanceOf(TaskTimeoutException.class);
    }

    @Test
    void aDeadlineThatWasPutOffLeavesTheServersLimitAsItIs() {
        assertThatThrownBy(() -> with(
                        SqlServer.options(),
                        sql -> io.vertask.task.Timeout.with(Duration.ofMillis(300), limit -> {
                            Future<RowSet<Row>> query = sql.query("SELECT pg_sleep(60)", NONE);
                            return SqlServer.untilRunning(1).compose(on -> {
                                limit.reschedule(MINUTE);
                                return query;
                            });
                        })))
                .isInstanceOfSatisfying(
                        PgException.class,
                        late -> assertThat(late.getSqlState()).isEqualTo("57014"));
        assertThat(reached.snapshot()).hasToString("nothing");
    }

    @Test
    void withinATransactionItIsPutBackAfterEachStatementToo() {
        with(
                SqlServer.options(),
                sql -> sql.withTransaction(session -> seen(Tasks.timeout(MINUTE, () -> session.query(SETTING)))
                        .compose(limited -> {
                            assertThat(limited).isBetween(30_000, 61_000);
                            return seen(session.query(SETTING));
                        })
                        .compose(free -> {
                            assertThat(free).isZero();
                            return seen(Tasks.timeout(MINUTE, () -> session.query(SETTING)));
                        })
                        .map(again -> assertThat(again).isBetween(30_000, 61_000))));
    }
}
