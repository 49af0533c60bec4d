package io.vertask.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.client.libpq.PgConnect;
import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.TaskTimeoutException;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The question for the usual {@code statement_timeout}, and what is made of its answer. */
@Timeout(60)
@Tag("semantics-162")
class SqlServerLimitIT {
    private static final Tuple NONE = Tuple.tuple();
    private static final String SETTING = "SELECT pg_catalog.current_setting('statement_' || 'timeout')";
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Reached reached = new Reached();

    /** Views that the question finds before the real {@code pg_settings}. */
    @BeforeAll
    static void places() {
        SqlServer.execute("CREATE SCHEMA IF NOT EXISTS slow; CREATE SCHEMA IF NOT EXISTS wrong;"
                + "CREATE OR REPLACE VIEW slow.pg_settings AS"
                + " SELECT 'statement_timeout'::text AS name, '0' || pg_sleep(60)::text AS setting;"
                + "CREATE OR REPLACE VIEW wrong.pg_settings AS"
                + " SELECT 'statement_timeout'::text AS name, 'unlimited'::text AS setting;"
                + "DROP TABLE IF EXISTS limited; CREATE TABLE limited (n int)");
    }

    private static PgConnectOptions seeing(String schema) {
        return SqlServer.options()
                .setProperties(Map.of(
                        "application_name", SqlServer.APPLICATION, "search_path", schema + ", pg_catalog, public"));
    }

    private <T> @Nullable T with(PgConnectOptions options, Function<SqlCalls, Future<T>> program) {
        Vertx vertx = Vertx.vertx();
        try {
            return Tasks.run(vertx, () -> {
                SqlLimits limits = SqlServer.limits(1).withDeadlineOnServer();
                SqlCalls sql = SqlCalls.create(vertx, options, limits, reached);
                return Tasks.finallyDo(() -> program.apply(sql), sql::close);
            });
        } finally {
            SqlServer.close(vertx);
        }
    }

    private static Future<String> seen(Future<RowSet<Row>> rows) {
        return rows.map(got -> got.iterator().next().getString(0));
    }

    @Test
    void aStatementWhoseQuestionTheServerStopsIsNotRun() {
        assertThatThrownBy(() -> with(
                        PgConnect.withStatementTimeout(seeing("slow"), 200),
                        sql -> Tasks.timeout(MINUTE, () -> sql.query("INSERT INTO limited VALUES (1)", NONE))))
                .isInstanceOf(PgException.class)
                .matches(SqlErrors::stoppedByServer);
        assertThat(SqlServer.ask("SELECT count(*) FROM limited WHERE n = 1")).isZero();
        assertThat(reached.snapshot()).hasToString("nothing");
    }

    @Test
    void aStatementCancelledInItsQuestionIsNotRun() {
        assertThatThrownBy(() -> with(
                        seeing("slow"),
                        sql -> Tasks.timeout(
                                Duration.ofMillis(300), () -> sql.query("INSERT INTO limited VALUES (2)", NONE))))
                .isInstanceOf(TaskTimeoutException.class);
        assertThat(SqlServer.ask("SELECT count(*) FROM limited WHERE n = 2")).isZero();
        assertThat(reached.snapshot()).hasToString("1 statement cancelled");
    }

    @Test
    void aServerThatDoesNotSayItsUsualLimitGetsNone() {
        with(
                seeing("wrong"),
                sql -> seen(Tasks.timeout(MINUTE, () -> sql.query(SETTING, NONE)))
                        .map(during -> assertThat(during).isEqualTo("0")));
    }

    @Test
    void aDeadlineBeyondWhatTheServerTakesIsItsGreatest() {
        with(
                SqlServer.options(),
                sql -> seen(Tasks.timeout(Duration.ofDays(40), () -> sql.query(SETTING, NONE)))
                        .map(during -> assertThat(during).isEqualTo("2147483647ms")));
    }

    @Test
    void inATransactionItNeverRaisesTheUsualOneEither() {
        with(
                PgConnect.withStatementTimeout(SqlServer.options(), 5_000),
                sql -> sql.withTransaction(session -> seen(Tasks.timeout(MINUTE, () -> session.query(SETTING))))
                        .map(during -> assertThat(during).isEqualTo("5s")));
    }

    @Test
    void anAdministratorsCancelBeforeTheDeadlineIsHeardOfAtOnce() {
        with(SqlServer.options(), sql -> {
            Task<RowSet<Row>> victim =
                    Tasks.start(() -> Tasks.timeout(MINUTE, () -> sql.query("SELECT pg_sleep(60)", NONE)));
            return SqlServer.untilRunning(1)
                    .compose(running -> SqlServer.asked(
                            "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE state = 'active'"
                                    + " AND application_name = '" + SqlServer.APPLICATION + "'"))
                    // less than a deadline that is due is waited for
                    .compose(told -> Tasks.timeout(Duration.ofMillis(800), victim::settled))
                    .map(end -> {
                        assertThat(end).isInstanceOf(Outcome.Failure.class);
                        assertThat(end.errorOrNull()).matches(SqlErrors::stoppedByServer);
                        return null;
                    });
        });
        assertThat(reached.snapshot()).hasToString("nothing");
    }

    @Test
    void anAnswerAfterTheServersLimitWaitsForNoDeadline() {
        long[] spins = {0};
        with(
                SqlServer.options(),
                sql -> sql.query("SELECT 1", NONE)
                        .compose(up -> io.vertask.task.Timeout.with(Duration.ofMillis(400), limit -> {
                            long begun = System.nanoTime();
                            Future<RowSet<Row>> query = sql.query("SELECT pg_sleep(0.2)", NONE);
                            return SqlServer.untilRunning(1).compose(on -> {
                                limit.reschedule(MINUTE);
                                // the loop is deaf until the server's limit has passed
                                while (System.nanoTime() - begun
                                        < Duration.ofMillis(700).toNanos()) {
                                    spins[0]++;
                                }
                                // less than a deadline that is due is waited for
                                return Tasks.timeout(Duration.ofMillis(800), () -> Tasks.await(query));
                            });
                        })));
    }
}
