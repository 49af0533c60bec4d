package io.vertask.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.task.CancelledException;
import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.TaskTimeoutException;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.streams.ReadStream;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rows on demand, batches, savepoints. */
@Timeout(60)
class SqlStreamIT {
    private static final Tuple NONE = Tuple.tuple();
    private static final String NUMBERS = "SELECT n FROM generate_series(1, $1::int) n";
    /** Each row takes the server 10 ms. */
    private static final String SLOW = "SELECT n, pg_sleep(0.01) FROM generate_series(1, 1000000) n";

    private final Reached reached = new Reached();

    private static Future<Long> sum(ReadStream<Row> rows) {
        Promise<Long> end = Promise.promise();
        long[] sum = {0};
        rows.handler(row -> sum[0] += row.getInteger(0))
                .exceptionHandler(end::tryFail)
                .endHandler(none -> end.tryComplete(sum[0]));
        return end.future();
    }

    @Test
    void aMillionRowsComeThroughWithAFewInMemory() {
        long[] most = {0};
        // a value of 1 kB: a gigabyte, more than the heap of a test
        Long count = SqlServer.with(
                SqlServer.limits(1),
                reached,
                sql -> sql.stream(
                        "SELECT n, repeat('x', 1000) FROM generate_series(1, 1000000) n", NONE, 1000, rows -> {
                            Promise<Long> end = Promise.promise();
                            long[] seen = {0};
                            rows.handler(row -> {
                                        if (++seen[0] % 200_000 == 0) {
                                            System.gc();
                                            Runtime memory = Runtime.getRuntime();
                                            most[0] = Math.max(most[0], memory.totalMemory() - memory.freeMemory());
                                        }
                                    })
                                    .exceptionHandler(end::tryFail)
                                    .endHandler(none -> end.tryComplete(seen[0]));
                            return end.future();
                        }));
        assertThat(count).isEqualTo(1_000_000);
        assertThat(most[0]).as("bytes in use").isLessThan(200L << 20);
    }

    @Test
    void rowsComeOnlyWhenTheyAreAskedFor() {
        List<Integer> got = new ArrayList<>();
        SqlServer.with(
                SqlServer.limits(1),
                reached,
                sql -> sql.withTransaction(session -> session.stream(NUMBERS, Tuple.of(10), 3, rows -> {
                    rows.pause();
                    rows.handler(row -> got.add(row.getInteger(0)));
                    rows.fetch(4);
                    // between two fetches the session is free
                    return Tasks.sleep(Duration.ofMillis(50))
                            .compose(slept -> session.query("SELECT 1"))
                            .map(one -> {
                                assertThat(got).containsExactly(1, 2, 3, 4);
                                return null;
                            });
                })));
        assertThat(got).hasSize(4);
    }

    @Test
    void aReaderThatComesLateMissesNothing() {
        Long sum = SqlServer.with(
                SqlServer.limits(1),
                reached,
                sql -> sql.stream(
                        NUMBERS,
                        Tuple.of(7),
                        100,
                        rows -> Tasks.sleep(Duration.ofMillis(20)).compose(slept -> sum(rows))));
        assertThat(sum).isEqualTo(28);
    }

    @Test
    void theReaderMayAskTheSessionForMoreInEachRow() {
        List<Integer> got = new ArrayList<>();
        SqlServer.with(
                SqlServer.limits(1),
                reached,
                sql -> sql.withTransaction(session -> session.stream(NUMBERS, Tuple.of(5), 2, rows -> {
                    Promise<Void> end = Promise.promise();
                    rows.handler(row -> {
                                rows.pause();
                                session.query("SELECT $1::int * 10", Tuple.of(row.getInteger(0)))
                                        .onSuccess(ten -> {
                                            got.add(ten.iterator().next().getInteger(0));
                                            rows.resume();
                                        })
                                        .onFailure(end::tryFail);
                            })
                            .exceptionHandler(end::tryFail)
                            .endHandler(none -> end.tryComplete());
                    return end.future();
                })));
        assertThat(got).containsExactly(10, 20, 30, 40, 50);
    }

    @Test
    @Tag("semantics-158")
    @Tag("semantics-161")
    void aCancelInTheMiddleOfAFetchReachesTheStatement() {
        SqlServer.with(SqlServer.limits(1), reached, sql -> {
            List<Throwable> heard = new ArrayList<>();
            Task<Long> reader = Tasks.start(
                    () -> sql.stream(SLOW, NONE, 500, rows -> sum(rows).onFailure(heard::add)));
            return SqlServer.untilRunning(1)
                    .compose(running -> reader.cancelAndJoin())
                    .compose(end -> {
                        assertThat(end).isInstanceOf(Outcome.Cancelled.class);
                        // it waited for nothing of ours, and heard of it all the same
                        assertThat(heard).singleElement().isInstanceOf(CancelledException.class);
                        return SqlServer.running();
                    })
                    .compose(running -> {
                        assertThat(running).isZero();
                        return sql.query("SELECT pg_current_xact_id_if_assigned() IS NULL", NONE);
                    });
        });
        assertThat(reached.snapshot()).hasToString("1 statement cancelled");
    }

    @Test
    void aTimeoutOfTheReaderBetweenFetchesEndsItToo() {
        List<Integer> taken = new CopyOnWriteArrayList<>();
        assertThatThrownBy(() -> SqlServer.with(
                        SqlServer.limits(1),
                        reached,
                        sql -> Tasks.timeout(
                                        Duration.ofMillis(200),
                                        () -> sql.stream(NUMBERS, Tuple.of(1000), 10, rows -> {
                                            Future<Long> sum = sum(rows);
                                            rows.pause();
                                            return sum;
                                        }))
                                .onComplete(end -> taken.add(sql.use().taken()))))
                .isInstanceOf(TaskTimeoutException.class);
        assertThat(taken).containsExactly(0);
        assertThat(reached.snapshot()).hasToString("nothing");
    }

    @Test
    void aReaderThatHasEnoughClosesTheCursorAndTheTransactionGoesOn() {
        SqlServer.execute("CREATE TABLE IF NOT EXISTS streamed (n int)");
        SqlServer.with(
                SqlServer.limits(1),
                reached,
                sql -> sql.withTransaction(session -> session.query("INSERT INTO streamed VALUES (1)")
                        .compose(done -> session.stream(NUMBERS, Tuple.of(1_000_000), 10, rows -> {
                            Promise<Integer> first = Promise.promise();
                            rows.handler(row -> {
                                rows.pause();
                                first.tryComplete(row.getInteger(0));
                            });
                            return first.future();
                        }))
                        .compose(first -> session.query("SELECT count(*) FROM pg_cursors WHERE name <> ''"))
                        .map(open -> {
                            assertThat(open.iterator().next().getLong(0)).isZero();
                            return null;
                        })));
        assertThat(SqlServer.ask("SELECT count(*) FROM streamed")).isEqualTo(1);
        assertThat(reached.snapshot()).hasToString("nothing");
    }

    @Test
    void anErrorInTheMiddleReachesTheReaderAfterTheRowsBeforeIt() {
        List<Integer> got = new ArrayList<>();
        assertThatThrownBy(() -> SqlServer.with(
                        SqlServer.limits(1),
                        reached,
                        sql -> sql.stream("SELECT 10 / (4 - n) FROM generate_series(1, 9) n", NONE, 1, rows -> {
                            Promise<Void> end = Promise.promise();
                            rows.handler(row -> got.add(row.getInteger(0))).exceptionHandler(end::tryFail);
                            return end.future();
                        })))
                .isInstanceOf(PgException.class)
                .hasMessageContaining("division by zero");
        assertThat(got).containsExactly(3, 5, 10);
    }

    @Test
    void aBodyThatFailsOrThrowsRollsItsTransactionBack() {
        SqlServer.execute("CREATE TABLE IF NOT EXISTS undone (n int)");
        SqlServer.with(
                SqlServer.limits(1),
                reached,
                sql -> sql.stream("INSERT INTO undone SELECT generate_series(1, 9) RETURNING n", NONE, 5, rows -> {
                            throw new IllegalStateException("no");
                        })
                        .recover(no -> {
                            assertThat(no).hasMessage("no");
                            return sql.stream(
                                    "INSERT INTO undone SELECT generate_series(1, 9) RETURNING n",
                                    NONE,
                                    5,
                                    rows -> sum(rows).compose(sum -> Future.failedFuture("no")));
                        })
                        .recover(no -> sql.stream(
                                "INSERT INTO undone VALUES (7) RETURNING n",
                                NONE,
                                5,
                                rows -> sum(rows).mapEmpty())));
        assertThat(SqlServer.ask("SELECT sum(n) FROM undone")).isEqualTo(7);
    }

    @Test
    void aBatchIsOneCallAndCanBeCancelled() {
        SqlServer.execute("CREATE TABLE IF NOT EXISTS batched (n int)");
        List<Tuple> thousand =
                IntStream.rangeClosed(1, 1000).mapToObj(n -> Tuple.of(n)).toList();
        SqlServer.with(
                SqlServer.limits(1),
                reached,
                sql -> sql.batch("INSERT INTO batched VALUES ($1)", thousand)
                        .compose(done -> {
                            int rows = 0;
                            for (RowSet<Row> one = done; one != null; one = one.next()) {
                                rows += one.rowCount();
                            }
                            assertThat(rows).isEqualTo(1000);
                            Task<RowSet<Row>> slow = Tasks.start(() -> sql.batch(
                                    "INSERT INTO batched SELECT $1::int FROM (SELECT pg_sleep(0.05)) s", thousand));
                            return SqlServer.untilRunning(1).compose(running -> slow.cancelAndJoin());
                        })
                        .compose(end -> {
                            assertThat(end).isInstanceOf(Outcome.Cancelled.class);
                            return sql.query("SELECT 1", NONE);
                        }));
        assertThat(SqlServer.ask("SELECT count(*) FROM batched"))
                .as("all of the first, none of the second")
                .isEqualTo(1000);
        assertThat(reached.snapshot()).hasToString("1 statement cancelled");
    }

    @Test
    void aSavepointUndoesItsPartAlone() {
        SqlServer.execute("CREATE TABLE IF NOT EXISTS parts (n int)");
        SqlServer.with(
                SqlServer.limits(1),
                reached,
                sql -> sql.withTransaction(session -> session.query("INSERT INTO parts VALUES (1)")
                        .compose(one -> session.withSavepoint(inner -> inner.query("INSERT INTO parts VALUES (10)")
                                .compose(ten -> inner.query("SELECT 1 / 0"))))
                        .recover(zero -> Tasks.timeout(
                                Duration.ofMillis(100),
                                () -> session.withSavepoint(inner -> inner.query("INSERT INTO parts VALUES (100)")
                                        .compose(hundred -> inner.query("SELECT pg_sleep(60)")))))
                        .recover(late -> {
                            assertThat(late).isInstanceOf(TaskTimeoutException.class);
                            return session.withSavepoint(inner -> inner.query("INSERT INTO parts VALUES (1000)"));
                        })));
        assertThat(SqlServer.ask("SELECT sum(n) FROM parts")).isEqualTo(1001);
        assertThatThrownBy(() -> SqlServer.with(
                        SqlServer.limits(1),
                        reached,
                        sql -> sql.withConnection(session -> session.withSavepoint(inner -> inner.query("SELECT 1")))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("withTransaction");
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        AtomicLong refused = new AtomicLong();
        SqlServer.with(
                SqlServer.limits(1),
                reached,
                sql -> sql.batch("SELECT 1", List.of())
                        .recover(empty -> {
                            assertThat(empty).hasMessage("batch of 'SELECT 1': there are no params");
                            refused.incrementAndGet();
                            return sql.<RowSet<Row>>stream("SELECT 1", NONE, 0, rows -> Future.succeededFuture());
                        })
                        .recover(zero -> {
                            assertThat(zero).hasMessage("fetchSize must be at least 1, not 0");
                            refused.incrementAndGet();
                            return Future.succeededFuture();
                        }));
        assertThat(refused).hasValue(2);
    }

    @Test
    void aSavepointWhoseErrorWasSwallowedFailsAndUndoesItsPartAlone() {
        SqlServer.execute("CREATE TABLE IF NOT EXISTS swallowed (n int)");
        SqlServer.with(
                SqlServer.limits(1),
                reached,
                sql -> sql.withTransaction(session -> session.query("INSERT INTO swallowed VALUES (1)")
                        .compose(one -> session.withSavepoint(inner -> inner.query("INSERT INTO swallowed VALUES (10)")
                                .compose(ten -> inner.query("SELECT 1 / 0"))
                                .otherwiseEmpty()))
                        .transform(end -> {
                            assertThat(end.cause())
                                    .isInstanceOfSatisfying(
                                            PgException.class,
                                            aborted -> assertThat(aborted.getSqlState())
                                                    .isEqualTo("25P02"));
                            return session.query("INSERT INTO swallowed VALUES (100)");
                        })));
        assertThat(SqlServer.ask("SELECT sum(n) FROM swallowed")).isEqualTo(101);
    }
}
