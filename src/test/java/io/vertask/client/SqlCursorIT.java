package io.vertask.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.task.ClosedException;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A cursor and the other statements of its session; SqlStreamIT has the reading itself. */
@Timeout(60)
class SqlCursorIT {
    private static final String NUMBERS = "SELECT n FROM generate_series(1, $1::int) n";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Reached reached = new Reached();

    @Test
    void theNextFetchWaitsForTheReadersOwnStatement() {
        List<String> log = new ArrayList<>();
        SqlServer.with(
                SqlServer.limits(1),
                reached,
                sql -> sql.withTransaction(session -> session.stream(NUMBERS, Tuple.of(3), 1, rows -> {
                    Promise<Void> end = Promise.promise();
                    rows.handler(row -> {
                                log.add("row " + row.getInteger(0));
                                if (row.getInteger(0) == 1) {
                                    Future<RowSet<Row>> unused = session.query("SELECT pg_sleep(0.1)")
                                            .onSuccess(slept -> {
                                                log.add("own");
                                                // it runs dry twice in this wait
                                                rows.fetch(1);
                                            });
                                    rows.fetch(1);
                                }
                            })
                            .exceptionHandler(end::tryFail)
                            .endHandler(none -> end.tryComplete());
                    return Tasks.timeout(PATIENCE, () -> Tasks.await(end.future()));
                })));
        assertThat(log).containsExactly("row 1", "own", "row 2", "row 3");
        assertThat(reached.snapshot()).hasToString("nothing");
    }

    @Test
    void aBodyThatEndsInThatWaitFetchesNothingMore() {
        List<String> statements = new ArrayList<>();
        SqlCalls[] client = new SqlCalls[1];
        Integer first = SqlServer.with(SqlServer.limits(1), reached, sql -> {
            client[0] = sql;
            return sql.withConnection(
                    phase -> {
                        SqlUse.Running now = client[0].use().oldest();
                        if (now != null) {
                            statements.add(now.sql());
                        }
                    },
                    session -> session.query("BEGIN")
                            .compose(begun -> session.stream(NUMBERS, Tuple.of(3), 1, rows -> {
                                Promise<Integer> one = Promise.promise();
                                rows.handler(row -> {
                                    Future<RowSet<Row>> unused = session.query("SELECT pg_sleep(0.1)");
                                    one.tryComplete(row.getInteger(0));
                                });
                                // the stream runs dry before the body ends
                                return Tasks.await(one.future())
                                        .compose(got -> Tasks.sleep(Duration.ofMillis(20))
                                                .map(got));
                            }))
                            .compose(got -> session.query("COMMIT").map(got)));
        });
        assertThat(first).isEqualTo(1);
        // preparing, one fetch, its own, closing
        assertThat(statements).containsExactly("BEGIN", NUMBERS, NUMBERS, "SELECT pg_sleep(0.1)", NUMBERS, "COMMIT");
    }

    @Test
    void aFetchThatTheSessionRefusesFailsTheStream() {
        assertThatThrownBy(() -> SqlServer.with(
                        SqlServer.limits(1),
                        reached,
                        sql -> sql.stream(NUMBERS, Tuple.of(3), 1, rows -> {
                            Promise<Void> end = Promise.promise();
                            rows.handler(row -> {
                                        rows.pause();
                                        sql.close().onComplete(closed -> rows.resume());
                                    })
                                    .exceptionHandler(end::tryFail)
                                    .endHandler(none -> end.tryComplete());
                            return Tasks.timeout(PATIENCE, () -> Tasks.await(end.future()));
                        })))
                .isInstanceOf(ClosedException.class);
        assertThat(reached.snapshot()).hasToString("nothing");
    }

    @Test
    void parametersThatDoNotFitFailTheReadingAndLeaveNothingPrepared() {
        Long left = SqlServer.with(
                SqlServer.limits(1),
                reached,
                sql -> sql.withConnection(session -> session.query("BEGIN")
                        .compose(begun -> session.stream(NUMBERS, Tuple.of("three"), 1, rows -> {
                            Promise<Void> end = Promise.promise();
                            rows.exceptionHandler(end::tryFail).handler(row -> {});
                            return Tasks.timeout(PATIENCE, () -> Tasks.await(end.future()));
                        }))
                        .transform(end -> {
                            assertThat(end.cause()).hasMessageContaining("three");
                            return session.query("ROLLBACK");
                        })
                        .compose(undone -> session.query(
                                "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%generate_series%'"
                                        + " AND statement NOT LIKE '%pg_prepared%'"))
                        .map(rows -> rows.iterator().next().getLong(0))));
        assertThat(left).isZero();
    }

    @Test
    void aCancelAtTheReleaseOfASavepointComesTooLateToUndoItsPart() {
        SqlServer.execute("DROP TABLE IF EXISTS released; CREATE TABLE released (n int)");
        List<String> statements = new ArrayList<>();
        SqlCalls[] client = new SqlCalls[1];
        List<Task<?>> part = new ArrayList<>();
        SqlServer.with(SqlServer.limits(1), reached, sql -> {
            client[0] = sql;
            return sql.withConnection(
                    phase -> {
                        SqlUse.Running now = client[0].use().oldest();
                        if (now == null) {
                            return;
                        }
                        statements.add(now.sql());
                        if (now.sql().startsWith("RELEASE") && part.get(0).cancel()) {
                            statements.add("cancel");
                        }
                    },
                    session -> session.query("BEGIN")
                            .compose(begun -> {
                                var inner = Tasks.start(() -> session.withSavepoint(
                                        nested -> nested.query("INSERT INTO released VALUES (10)")));
                                part.add(inner);
                                return inner.settled();
                            })
                            .compose(end -> {
                                statements.add(end.getClass().getSimpleName());
                                return session.query("COMMIT");
                            }));
        });
        assertThat(statements)
                .containsExactly(
                        "BEGIN",
                        "SAVEPOINT vertask_0",
                        "INSERT INTO released VALUES (10)",
                        "RELEASE SAVEPOINT vertask_0",
                        "cancel",
                        "Success",
                        "COMMIT");
        assertThat(SqlServer.ask("SELECT sum(n) FROM released")).isEqualTo(10);
        assertThat(reached.snapshot()).hasToString("nothing");
    }
}
