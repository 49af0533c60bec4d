package io.vertask.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.task.CancelReason;
import io.vertask.task.Coroutine;
import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.TaskTimeoutException;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.pgclient.SslMode;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SqlCancelIT {
    private static final Tuple NONE = Tuple.tuple();

    private final Reached reached = new Reached();

    @Test
    void aThousandRandomCancelsNeverHitAnInnocentQuery() {
        AtomicInteger cancelled = new AtomicInteger();
        AtomicInteger finished = new AtomicInteger();
        List<@Nullable Throwable> hurt = new ArrayList<>();
        Random random = new Random(1);
        Map<String, Integer> phases = new TreeMap<>();
        int max = 5;
        TreeSet<Integer> sessions = new TreeSet<>();
        SqlServer.with(SqlServer.limits(max), reached, sql -> {
            Coroutine<Void> worker = () -> {
                AtomicInteger left = new AtomicInteger(125);
                return Tasks.loopWhile(() -> {
                    Phase[] last = new Phase[1];
                    Task<RowSet<Row>> victim = Tasks.start(() -> sql.query(
                            left.get() % 2 == 0 ? "SELECT pg_sleep(0.03)" : "SELECT pg_sleep(0.004)",
                            NONE,
                            phase -> last[0] = phase));
                    return Tasks.sleep(Duration.ofNanos(random.nextInt(20_000_000)))
                            .compose(now -> victim.cancelAndJoin())
                            .compose(end -> {
                                (end instanceof Outcome.Success ? finished : cancelled).incrementAndGet();
                                phases.merge(
                                        end.isSuccess() ? "finished" : "cancelled while " + last[0], 1, Integer::sum);
                                if (end instanceof Outcome.Failure<RowSet<Row>> failure) {
                                    hurt.add(failure.error());
                                }
                                return sql.query("SELECT 1", NONE);
                            })
                            .transform(innocent -> {
                                if (innocent.failed()) {
                                    hurt.add(innocent.cause());
                                }
                                return Future.succeededFuture(left.decrementAndGet() > 0);
                            });
                });
            };
            return Tasks.gather(Collections.nCopies(8, worker)).compose(all -> {
                assertThat(sql.use()).isEqualTo(new SqlUse(max, 0, 0, null));
                Coroutine<RowSet<Row>> holder = () -> sql.query("SELECT pg_backend_pid() AS pid, pg_sleep(0.2)", NONE)
                        .onSuccess(rows -> sessions.add(rows.iterator().next().getInteger("pid")));
                return SqlServer.sessions().compose(open -> {
                    assertThat(open).isEqualTo(max);
                    return Tasks.gather(Collections.nCopies(max, holder));
                });
            });
        });
        assertThat(hurt).as("%s; %s", phases, reached.snapshot()).isEmpty();
        assertThat(cancelled.get() + finished.get()).isEqualTo(1000);
        // otherwise the delays did not fit, and nothing was tested
        assertThat(reached.snapshot().statementsCancelled()).isGreaterThan(10);
        assertThat(sessions).as("all usable at the same time").hasSize(max);
    }

    @Test
    void tenCancelledSleepsAreGoneFromTheServerWithinASecond() {
        long[] ms = {0};
        SqlServer.with(SqlServer.limits(10), reached, sql -> {
            List<Task<RowSet<Row>>> tasks = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                tasks.add(Tasks.start(() -> sql.query("SELECT pg_sleep(60)", NONE)));
            }
            return SqlServer.untilRunning(10).compose(running -> {
                long begun = System.nanoTime();
                tasks.forEach(task -> task.cancel(CancelReason.USER));
                List<Coroutine<Outcome<RowSet<Row>>>> ends = new ArrayList<>();
                tasks.forEach(task -> ends.add(task::settled));
                return Tasks.gather(ends).compose(all -> {
                    ms[0] = (System.nanoTime() - begun) / 1_000_000;
                    assertThat(all).allSatisfy(end -> assertThat(end).isInstanceOf(Outcome.Cancelled.class));
                    return SqlServer.running().map(now -> assertThat(now).isZero());
                });
            });
        });
        assertThat(ms[0]).isLessThan(1000);
        assertThat(reached.snapshot()).hasToString("10 statements cancelled");
    }

    @Test
    void aTimeoutStopsTheStatementOnTheServer() {
        assertThatThrownBy(() -> SqlServer.with(
                        SqlServer.limits(1),
                        reached,
                        sql -> Tasks.timeout(Duration.ofMillis(100), () -> sql.query("SELECT pg_sleep(60)", NONE))))
                .isInstanceOf(TaskTimeoutException.class);
        assertThat(reached.snapshot()).hasToString("1 statement cancelled");
        assertThat(SqlServer.ask(
                        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)' AND state = 'active'"))
                .isZero();
    }

    @Test
    void aStoppedStatementIsWhatKeepsItsConnectionUntilTheNext() {
        SqlServer.with(
                SqlServer.limits(1),
                reached,
                sql -> sql.withConnection(session -> Tasks.settle(
                                () -> Tasks.timeout(Duration.ofMillis(50), () -> session.query("SELECT pg_sleep(60)")))
                        .compose(stopped -> {
                            assertThat(sql.use().words())
                                    .matches("all 1 busy \\(oldest query .*: SELECT pg_sleep\\(60\\)\\)");
                            return session.query("SELECT 1");
                        })
                        .map(next -> assertThat(sql.use()).isEqualTo(new SqlUse(1, 1, 0, null)))));
        assertThat(reached.snapshot()).hasToString("1 statement cancelled");
    }

    @Test
    void aCallCancelledInTheQueueLeavesItAtOnce() {
        SqlServer.with(SqlServer.limits(1), reached, sql -> {
            Promise<Void> gate = Promise.promise();
            Task<Void> holder = Tasks.start(() -> sql.withConnection(session -> gate.future()));
            List<Phase> phases = new ArrayList<>();
            return Tasks.sleep(Duration.ZERO)
                    .compose(begun -> {
                        Task<RowSet<Row>> waiter = Tasks.start(() -> sql.query("SELECT 1", NONE, phases::add));
                        return Tasks.sleep(Duration.ZERO).compose(queued -> {
                            assertThat(sql.use().waiting()).isEqualTo(1);
                            return waiter.cancelAndJoin();
                        });
                    })
                    .compose(end -> {
                        assertThat(end).isInstanceOf(Outcome.Cancelled.class);
                        assertThat(sql.use().waiting()).isZero();
                        assertThat(phases).containsExactly(Phase.QUEUED);
                        gate.complete();
                        return holder.settled();
                    })
                    .compose(freed -> sql.query("SELECT 1", NONE));
        });
        assertThat(reached.snapshot()).hasToString("1 waiting call removed");
    }

    @Test
    void aConnectionThatComesTooLateIsHandedBack() {
        SqlServer.with(SqlServer.limits(1), reached, sql -> {
            List<Phase> phases = new ArrayList<>();
            Task<RowSet<Row>> caller = Tasks.start(() -> sql.query("SELECT 1", NONE, phases::add));
            return Tasks.sleep(Duration.ZERO)
                    .compose(begun -> caller.cancelAndJoin())
                    .compose(end -> {
                        assertThat(end).isInstanceOf(Outcome.Cancelled.class);
                        assertThat(phases).containsExactly(Phase.CONNECTING);
                        assertThat(sql.use().taken())
                                .as("the attempt goes on and keeps its permit")
                                .isEqualTo(1);
                        return sql.query("SELECT 1", NONE);
                    })
                    .compose(rows -> {
                        assertThat(sql.use().taken()).isZero();
                        return SqlServer.sessions().map(open -> assertThat(open).isEqualTo(1));
                    });
        });
    }

    @Test
    void aRollbackRightAfterACancelIsNotHit() {
        SqlServer.execute("CREATE TABLE IF NOT EXISTS touched (n int)");
        Random random = new Random(2);
        AtomicInteger left = new AtomicInteger(100);
        SqlServer.with(
                SqlServer.limits(1),
                reached,
                sql -> Tasks.loopWhile(() -> {
                    Task<RowSet<Row>> victim = Tasks.start(() ->
                            sql.withTransaction(session -> session.query("INSERT INTO touched VALUES (1)")
                                    .compose(done -> session.query("SELECT pg_sleep(0.004)"))
                                    .compose(never ->
                                            Tasks.sleep(Duration.ofSeconds(60)).map(never))));
                    return Tasks.sleep(Duration.ofNanos(random.nextInt(10_000_000)))
                            .compose(now -> victim.cancelAndJoin())
                            .compose(end -> {
                                assertThat(end).isInstanceOf(Outcome.Cancelled.class);
                                // the INSERT has given an open transaction its number
                                return sql.query("SELECT pg_current_xact_id_if_assigned() IS NULL AS fresh", NONE);
                            })
                            .map(rows -> {
                                assertThat(rows.iterator().next().getBoolean("fresh"))
                                        .isTrue();
                                return left.decrementAndGet() > 0;
                            });
                }));
        assertThat(SqlServer.ask("SELECT count(*) FROM touched")).isZero();
        assertThat(reached.snapshot().socketsClosed()).isZero();
    }

    @Test
    void aCommitThatHasBegunIsWaitedForAndToldOfThoughItsCallerIsCancelled() {
        SqlServer.execute("CREATE TABLE slow (n int)");
        SqlServer.execute("CREATE FUNCTION slow_commit() RETURNS trigger LANGUAGE plpgsql AS "
                + "'BEGIN PERFORM pg_sleep(0.5); RETURN NULL; END'");
        SqlServer.execute("CREATE CONSTRAINT TRIGGER slow_commit AFTER INSERT ON slow DEFERRABLE INITIALLY DEFERRED "
                + "FOR EACH ROW EXECUTE FUNCTION slow_commit()");
        AtomicInteger committed = new AtomicInteger();
        SqlServer.with(SqlServer.limits(1), reached, sql -> {
            AtomicInteger statements = new AtomicInteger();
            Promise<Void> committing = Promise.promise();
            PhaseListener listener = phase -> {
                if (phase == Phase.QUERY && statements.incrementAndGet() == 3) {
                    committing.complete();
                }
            };
            Task<RowSet<Row>> victim = Tasks.start(() -> sql.withTransaction(
                    listener, session -> session.query("INSERT INTO slow VALUES (1)"), committed::incrementAndGet));
            return Tasks.await(committing.future())
                    .compose(begun -> victim.cancelAndJoin())
                    .map(end -> assertThat(end).isInstanceOf(Outcome.Cancelled.class));
        });
        assertThat(committed).hasValue(1);
        assertThat(SqlServer.ask("SELECT count(*) FROM slow")).isEqualTo(1);
        assertThat(reached.snapshot().statementsCancelled()).isZero();
    }

    @Test
    void aStatementThatDoesNotEndAfterItsCancelLosesItsConnection() {
        SqlLimits limits = new SqlLimits(1, 1, Duration.ofSeconds(5), Duration.ofMillis(400));
        long[] ms = {0};
        long[] frozen = {0};
        try {
            SqlServer.with(limits, reached, sql -> {
                Task<RowSet<Row>> victim = Tasks.start(() -> sql.query("SELECT pg_sleep(60)", NONE));
                return SqlServer.untilRunning(1)
                        .compose(running -> SqlServer.asked(
                                "SELECT pid FROM pg_stat_activity WHERE state = 'active' AND application_name = '"
                                        + SqlServer.APPLICATION + "'"))
                        .compose(pid -> SqlServer.offLoop(() -> {
                            frozen[0] = pid;
                            signal("STOP", pid);
                            return pid;
                        }))
                        .compose(stopped -> {
                            ms[0] = System.nanoTime();
                            return victim.cancelAndJoin();
                        })
                        .compose(end -> {
                            ms[0] = (System.nanoTime() - ms[0]) / 1_000_000;
                            assertThat(end).isInstanceOf(Outcome.Cancelled.class);
                            return sql.query("SELECT 1", NONE);
                        });
            });
        } finally {
            signal("CONT", frozen[0]);
        }
        assertThat(ms[0]).isBetween(350L, 2000L);
        assertThat(reached.snapshot()).hasToString("1 socket closed");
    }

    private static void signal(String name, long pid) {
        try {
            assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                            .start()
                            .waitFor())
                    .isZero();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theServersOwnTimeoutIsNotMistakenForACancel() {
        assertThatThrownBy(() -> SqlServer.with(
                        SqlServer.limits(1),
                        reached,
                        sql -> sql.withConnection(session -> session.query("SET statement_timeout = '50ms'")
                                .compose(set -> session.query("SELECT pg_sleep(60)")))))
                .isInstanceOf(PgException.class)
                .matches(SqlErrors::stoppedByServer)
                .hasMessageContaining("statement timeout");
        assertThat(reached.snapshot()).hasToString("nothing");
    }

    @Test
    void whatAStatementLeftOverWasDoingIsStoppedBeforeTheConnectionGoesBack() {
        SqlServer.with(
                SqlServer.limits(1),
                reached,
                sql -> sql.withConnection(session -> {
                            Future<RowSet<Row>> left = session.query("SELECT pg_sleep(60)");
                            return SqlServer.untilRunning(1).map(left.isComplete());
                        })
                        .compose(wasComplete -> {
                            assertThat(wasComplete).isFalse();
                            return sql.query("SELECT 1", NONE);
                        }));
        assertThat(reached.snapshot()).hasToString("1 statement cancelled");
    }

    @Test
    void anEncryptedConnectionIsCancelledOverTls(@TempDir Path directory) {
        SqlServer.switchTlsOn(directory);
        PgConnectOptions options =
                SqlServer.options().setSslMode(SslMode.REQUIRE).setSslOptions(new ClientSSLOptions().setTrustAll(true));
        Vertx vertx = Vertx.vertx();
        try {
            Outcome<RowSet<Row>> end = Tasks.run(vertx, () -> {
                SqlCalls sql = SqlCalls.create(vertx, options, SqlServer.limits(1), reached);
                Task<RowSet<Row>> victim = Tasks.start(() -> sql.query("SELECT pg_sleep(60)", NONE));
                return SqlServer.untilRunning(1)
                        .compose(running -> victim.cancelAndJoin())
                        .compose(over -> sql.query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()", NONE)
                                .map(rows -> assertThat(rows.iterator().next().getBoolean("ssl"))
                                        .isTrue())
                                .compose(checked -> sql.close())
                                .map(over));
            });
            assertThat(end).isInstanceOf(Outcome.Cancelled.class);
        } finally {
            SqlServer.close(vertx);
        }
        assertThat(reached.snapshot()).hasToString("1 statement cancelled");
    }
}
