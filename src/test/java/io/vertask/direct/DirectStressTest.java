package io.vertask.direct;

import static io.vertask.direct.Runs.WHY;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.sync.AsyncSemaphore;
import io.vertask.task.CancelledException;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** Many bodies, on real event loops, cancelled at random moments. */
@EnabledForJreRange(min = JRE.JAVA_21, disabledReason = WHY)
class DirectStressTest {
    private static final long SEED = 20_260_103;
    private static final Duration SECONDS = Duration.ofSeconds(60);

    /** Of one event loop: shared without locks by its bodies. */
    private static final class Shared {
        private final AsyncSemaphore limit = AsyncSemaphore.of(7);
        private int opened;
        private int closed;
        private int inside;
        private boolean together;
    }

    @Test
    @Timeout(60)
    void nothingIsLostWhenBodiesAreCancelledAtRandom() throws Exception {
        bodiesOnLoops(2, 2_000);
    }

    @Test
    @Tag("stress")
    @Timeout(600)
    void nothingIsLostInAMillionAwaits() throws Exception {
        bodiesOnLoops(2, 100_000);
    }

    @Test
    @Timeout(120)
    void tensOfThousandsOfBodiesWaitAtOnce() {
        all(10_000);
    }

    @Test
    @Tag("stress")
    @Timeout(600)
    void aHundredThousandBodiesWaitAtOnce() {
        all(100_000);
    }

    private static void all(int bodies) {
        AtomicInteger ended = new AtomicInteger();
        Coroutine<Void> body = Direct.body(() -> {
            Direct.sleep(Duration.ofMillis(100));
            ended.incrementAndGet();
        });
        Tasks.run(() -> Tasks.gather(Collections.nCopies(bodies, body)));
        assertThat(ended).hasValue(bodies);
    }

    private static void bodiesOnLoops(int loops, int bodies) throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(loops));
        try {
            List<Shared> all = new ArrayList<>();
            List<Future<Void>> ends = new ArrayList<>();
            for (int i = 0; i < loops; i++) {
                Shared shared = new Shared();
                all.add(shared);
                Random random = new Random(SEED + i);
                Task<Void> loop = Tasks.start(vertx, "loop-" + i, () -> bodies(shared, random, bodies / loops));
                ends.add(loop.future());
            }
            Future.all(ends).toCompletionStage().toCompletableFuture().get(550, TimeUnit.SECONDS);
            for (Shared shared : all) {
                assertThat(shared.limit.available()).isEqualTo(7);
                assertThat(shared.opened).isPositive().isEqualTo(shared.closed);
                assertThat(shared.together).isFalse();
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }

    /** A hundred at a time, each cancelled after some turns or not at all. */
    private static Future<Void> bodies(Shared shared, Random random, int count) {
        AtomicInteger left = new AtomicInteger(count);
        Coroutine<Void> user = () -> Tasks.loopWhile(() -> {
            if (left.getAndDecrement() <= 0) {
                return Future.succeededFuture(false);
            }
            Task<Void> task = Direct.start("body", () -> body(shared));
            AtomicInteger turns = new AtomicInteger(random.nextInt(30));
            return Tasks.loopWhile(() -> Tasks.sleep(Duration.ZERO).map(v -> turns.decrementAndGet() > 0))
                    .compose(v -> random.nextBoolean() ? task.cancelAndJoin() : task.settled())
                    .map(true);
        });
        return Tasks.gather(Collections.nCopies(100, user)).mapEmpty();
    }

    private static void body(Shared shared) {
        for (int i = 0; i < 3; i++) {
            alone(shared);
            Direct.with(shared.limit::withPermit, () -> {
                shared.opened++;
                try {
                    Runs.turn();
                    return Direct.timeout(SECONDS, () -> {
                        Runs.turn();
                        alone(shared);
                        return null;
                    });
                } catch (CancelledException e) {
                    alone(shared);
                    throw e;
                } finally {
                    Direct.cleanup(() -> {
                        Runs.turn();
                        shared.closed++;
                    });
                }
            });
        }
    }

    private static void alone(Shared shared) {
        shared.inside++;
        shared.together |= shared.inside != 1;
        Thread.onSpinWait();
        shared.together |= shared.inside != 1;
        shared.inside--;
    }
}
