package io.vertask.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.Coroutine;
import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Statements, transactions and cursors under random cancels from several loops: no innocent one is ever hit. */
@Tag("semantics-158")
@Tag("semantics-160")
@Tag("semantics-161")
class SqlStressIT {
    private static final int MAX = 4;
    private static final Tuple NONE = Tuple.tuple();

    private final Reached reached = new Reached();
    private final Queue<Throwable> hurt = new ConcurrentLinkedQueue<>();
    private final AtomicInteger cancelled = new AtomicInteger();

    @Test
    @Timeout(120)
    void noBorrowerIsEverHitByTheCancelOfAnother() throws Exception {
        run(3, 4, 25, 1);
    }

    @Test
    @Tag("stress")
    @Timeout(1200)
    void noBorrowerIsEverHitByTheCancelOfAnotherInALongRun() throws Exception {
        run(4, 8, 2_000, System.nanoTime());
    }

    private void run(int loops, int workers, int rounds, long seed) throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(loops));
        try {
            SqlCalls sql = SqlCalls.create(
                    vertx, SqlServer.options(), SqlServer.limits(MAX).withDeadlineOnServer(), reached);
            List<Task<?>> all = new ArrayList<>();
            for (int loop = 0; loop < loops; loop++) {
                Random random = new Random(seed + loop);
                Coroutine<Void> worker = () -> worker(sql, random, rounds);
                all.add(Tasks.start(vertx, "loop " + loop, () -> Tasks.gather(Collections.nCopies(workers, worker))));
            }
            for (Task<?> task : all) {
                assertThat(task.settled().await(20, TimeUnit.MINUTES).errorOrNull())
                        .as("seed %d", seed)
                        .isNull();
            }
            assertThat(hurt).as("seed %d; %s", seed, reached.snapshot()).isEmpty();
            assertThat(sql.use()).isEqualTo(new SqlUse(MAX, 0, 0, null));
            assertThat(cancelled.get()).as("the delays fit").isPositive();
            sql.close().await(15, TimeUnit.SECONDS);
        } finally {
            SqlServer.close(vertx);
        }
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (SqlServer.ask("SELECT count(*) FROM pg_stat_activity WHERE application_name = '" + SqlServer.APPLICATION
                        + "'")
                > 0) {
            assertThat(System.nanoTime()).as("sessions left open").isLessThan(end);
        }
    }

    private Future<Void> worker(SqlCalls sql, Random random, int rounds) {
        int[] left = {rounds};
        return Tasks.loopWhile(() -> {
            int kind = random.nextInt(4);
            Task<?> victim = Tasks.start(() -> victim(sql, kind));
            return Tasks.sleep(Duration.ofNanos(random.nextInt(25_000_000)))
                    .compose(now -> victim.cancelAndJoin())
                    .compose(end -> {
                        if (end instanceof Outcome.Cancelled) {
                            cancelled.incrementAndGet();
                        } else if (end.errorOrNull() != null) {
                            hurt.add(end.errorOrNull());
                        }
                        return sql.query("SELECT pg_current_xact_id_if_assigned() IS NULL AS fresh", NONE);
                    })
                    .transform((rows, error) -> {
                        if (error != null) {
                            hurt.add(error);
                        } else if (!rows.iterator().next().getBoolean("fresh")) {
                            hurt.add(new AssertionError("a transaction was left open"));
                        }
                        return Future.succeededFuture(--left[0] > 0);
                    });
        });
    }

    private static Future<?> victim(SqlCalls sql, int kind) {
        return switch (kind) {
            case 0 -> sql.query("SELECT pg_sleep(0.01)", NONE);
            case 1 ->
                Tasks.timeout(
                        Duration.ofSeconds(30),
                        () -> sql.withTransaction(session -> session.query("SELECT pg_current_xact_id()")
                                .compose(id -> session.withSavepoint(inner -> inner.query("SELECT pg_sleep(0.01)")))));
            case 2 ->
                sql.stream("SELECT n, pg_sleep(0.001) FROM generate_series(1, 30) n", NONE, 7, rows -> {
                    Promise<Void> end = Promise.promise();
                    rows.handler(row -> {}).exceptionHandler(end::tryFail).endHandler(none -> end.tryComplete());
                    return end.future();
                });
            default -> sql.batch("SELECT pg_sleep($1::float8)", Collections.nCopies(5, Tuple.of(0.002)));
        };
    }
}
