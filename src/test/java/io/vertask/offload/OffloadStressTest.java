package io.vertask.offload;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.Coroutine;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Jobs shorter than the race: interrupts that come before, during and after them; from two event loops. */
class OffloadStressTest {
    private static final int THREADS = 3;
    private static final int USERS = 8;
    private static final long SEED = 20_260_102;

    private final AtomicInteger hits = new AtomicInteger();
    private final AtomicInteger strays = new AtomicInteger();
    private final AtomicInteger ranAfterCancel = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    @Timeout(120) // seconds when alone; the machine may be shared
    @Tag("semantics-133")
    @Tag("semantics-135")
    @Tag("semantics-137")
    void noInterruptEverReachesAnotherJob() {
        race(40_000);
    }

    @Test
    @Tag("stress")
    @Timeout(1800)
    void noInterruptOfAMillionJobsEverReachesAnother() {
        race(1_000_000);
    }

    private void race(int operations) {
        Offload pool = Offload.blocking(vertx, "stress", THREADS);
        List<Future<?>> loops = new ArrayList<>();
        for (int loop = 0; loop < 2; loop++) {
            List<Coroutine<Void>> users = new ArrayList<>();
            for (int i = 0; i < USERS / 2; i++) {
                Random random = new Random(SEED + 100L * loop + i);
                AtomicInteger left = new AtomicInteger(operations / USERS);
                users.add(() -> Tasks.loopWhile(() -> operation(pool, random).map(v -> left.decrementAndGet() > 0)));
            }
            loops.add(Tasks.start(vertx, "loop-" + loop, () -> Tasks.gather(users))
                    .future());
        }
        Future.all(loops).toCompletionStage().toCompletableFuture().join();
        Tasks.run(vertx, () -> Fixture.until(() -> pool.running() == 0));
        assertThat(pool.queued()).isZero();
        assertThat(ended).hasValue(operations);
        assertThat(strays).hasValue(0);
        assertThat(ranAfterCancel).hasValue(0);
        // it was a race indeed
        assertThat(hits.get()).isGreaterThan(operations / 200);
        allThreadsAreStillThereAndClean(pool);
    }

    /** The pool has as many threads as at the beginning, and none of them has an interrupt left. */
    private void allThreadsAreStillThereAndClean(Offload pool) {
        assertThat(threads).hasSize(THREADS).allMatch(Thread::isAlive).noneMatch(Thread::isInterrupted);
        CyclicBarrier all = new CyclicBarrier(THREADS);
        Coroutine<Boolean> clean = () -> pool.call(() -> {
            boolean interrupted = Thread.currentThread().isInterrupted();
            all.await(20, TimeUnit.SECONDS);
            return !interrupted && threads.contains(Thread.currentThread());
        });
        assertThat(Tasks.run(vertx, () -> Tasks.gather(Collections.nCopies(THREADS, clean))))
                .hasSize(THREADS)
                .containsOnly(true);
    }

    private Future<Void> operation(Offload pool, Random random) {
        // a cancel comes after so many turns, or for half of them as soon as the job is seen to run
        AtomicInteger turns = new AtomicInteger(random.nextInt(8));
        boolean whenBegun = random.nextBoolean();
        AtomicBoolean begun = new AtomicBoolean();
        long busy = random.nextInt(60_000);
        boolean cancels = random.nextBoolean();
        AtomicBoolean mine = new AtomicBoolean();
        AtomicBoolean over = new AtomicBoolean();
        Task<Void> task = Tasks.start(() -> pool.call(() -> {
            begun.set(true);
            threads.add(Thread.currentThread());
            if (over.get()) {
                ranAfterCancel.incrementAndGet();
            }
            long end = System.nanoTime() + busy;
            do {
                if (Thread.interrupted()) {
                    (mine.get() ? hits : strays).incrementAndGet();
                    break;
                }
            } while (System.nanoTime() < end);
            return null;
        }));
        Future<?> joined = cancels
                ? Tasks.loopWhile(() -> Tasks.sleep(Duration.ZERO)
                                .map(v -> whenBegun ? !begun.get() : turns.decrementAndGet() > 0))
                        .compose(v -> {
                            mine.set(true);
                            return task.cancelAndJoin();
                        })
                : task.settled();
        return joined.map(end -> {
            over.set(true);
            ended.incrementAndGet();
            return null;
        });
    }
}
