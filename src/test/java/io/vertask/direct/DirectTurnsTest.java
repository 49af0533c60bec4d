package io.vertask.direct;

import static io.vertask.direct.Direct.await;
import static io.vertask.direct.Runs.WHY;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.vertask.task.ClosedException;
import io.vertask.task.Coroutine;
import io.vertask.task.Scheduling;
import io.vertask.task.Scripts;
import io.vertask.task.Tasks;
import io.vertask.task.Timers;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** One body of a context at a time, straight-line or made of futures. */
@EnabledForJreRange(min = JRE.JAVA_21, disabledReason = WHY)
class DirectTurnsTest {
    /** Read and written without a lock, by all. */
    private int counter;

    private final AtomicInteger inside = new AtomicInteger();
    private int most;

    /** Long enough that another thread would be seen in it. */
    private void alone() {
        most = Math.max(most, inside.incrementAndGet());
        int seen = counter;
        long end = System.nanoTime() + 100_000;
        while (System.nanoTime() < end) {
            most = Math.max(most, inside.get());
        }
        counter = seen + 1;
        inside.decrementAndGet();
    }

    private Coroutine<Void> straight(int times) {
        return Direct.body(() -> {
            for (int i = 0; i < times; i++) {
                alone();
                Runs.turn();
            }
        });
    }

    private Coroutine<Void> ofFutures(int times) {
        return () -> Tasks.forEach(Collections.nCopies(times, 1), one -> {
            alone();
            return Tasks.sleep(Duration.ZERO);
        });
    }

    @Test
    void bodiesOfEitherKindNeverRunAtTheSameTime() {
        List<Coroutine<Void>> bodies = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            bodies.add(straight(20));
            bodies.add(ofFutures(20));
        }
        Tasks.run(() -> Tasks.gather(bodies));
        assertThat(most).isEqualTo(1);
        assertThat(counter).isEqualTo(1000);
    }

    @Test
    void theSameSeedGivesTheSameOrder() {
        for (long seed = 0; seed < 100; seed++) {
            assertThat(order(seed)).as("seed %s", seed).isEqualTo(order(seed));
        }
        assertThat(order(1)).isNotEqualTo(order(2));
    }

    private static List<String> order(long seed) {
        List<String> order = new ArrayList<>();
        List<Coroutine<Void>> bodies = new ArrayList<>();
        for (String name : List.of("a", "b", "c")) {
            bodies.add(Direct.body(() -> {
                for (int i = 0; i < 3; i++) {
                    order.add(name);
                    Runs.turn();
                }
            }));
        }
        Scripts.resultOf(VirtualRun.seeded(seed, () -> Tasks.gather(bodies)));
        return order;
    }

    @Test
    void turnsAreTakenInTheOrderInWhichTheyWereAskedFor() {
        List<Integer> order = new ArrayList<>();
        List<Coroutine<Void>> bodies = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            int number = i;
            bodies.add(Direct.body(() -> {
                order.add(number);
            }));
        }
        Scripts.resultOf(VirtualRun.of(() -> Tasks.gather(bodies)));
        assertThat(order).hasSize(100).isSorted();
    }

    @Test
    void anAwaitOfWhatIsThereAlreadyKeepsTheTurn() {
        List<String> log = new ArrayList<>();
        VirtualRun<List<Void>> run = VirtualRun.of(() -> Tasks.gather(
                Direct.body(() -> {
                    log.add("one");
                    await(() -> Tasks.sleep(Duration.ZERO).otherwiseEmpty().map(1));
                    log.add("two");
                    await(Direct.onLoop(() -> Future.succeededFuture(1)));
                    log.add("three");
                }),
                Direct.body(() -> {
                    log.add("between");
                })));
        Scripts.resultOf(run);
        assertThat(log).containsExactly("one", "between", "two", "three");
    }

    @Test
    void codeThatBlocksHoldsUpItsContextButNotTheEventLoop() throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        try {
            boolean heard = Boolean.TRUE.equals(Direct.run(vertx, () -> {
                CountDownLatch latch = new CountDownLatch(1);
                // a callback of Vert.x's own, on the same event loop
                vertx.setTimer(1, fired -> latch.countDown());
                return latch.await(20, TimeUnit.SECONDS);
            }));
            assertThat(heard).isTrue();
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }

    /** Its patience of half a minute passes in a moment: this clock's timers are a thousand times as fast. */
    @Test
    void codeThatNeverComesBackHoldsUpTheClosingOnlyForAWhile() throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        Scheduling.install(vertx, new Scheduling(new FastTimers(), null));
        CompletableFuture<Throwable> reported = new CompletableFuture<>();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        CompletableFuture<Throwable> afterwards = new CompletableFuture<>();
        Context context = ((VertxInternal) vertx).createEventLoopContext().exceptionHandler(reported::complete);
        Tasks.start(context, "stuck", Direct.body(() -> {
            begun.countDown();
            gate.await(30, TimeUnit.SECONDS);
            try {
                Runs.turn();
            } catch (RuntimeException e) {
                afterwards.complete(e);
            }
        }));
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        assertThat(reported.get(20, TimeUnit.SECONDS)).hasMessageContaining("left behind: task 'stuck' CANCELLING");
        gate.countDown();
        assertThat(afterwards.get(20, TimeUnit.SECONDS))
                .isInstanceOf(ClosedException.class)
                .hasMessage("the event loop of task 'stuck' has ended");
    }

    private static final class FastTimers implements Timers {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public Alarm set(EventLoop loop, long nanos, Runnable action) {
            return Timers.SYSTEM.set(loop, nanos / 1000, action);
        }
    }
}
