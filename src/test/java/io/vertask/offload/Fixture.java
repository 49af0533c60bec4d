package io.vertask.offload;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.Coroutine;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A Vertx with one loop, its errors collected, closed at the end. */
final class Fixture {
    final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    final List<String> log = Collections.synchronizedList(new ArrayList<>());

    /** Waits in a job until the test opens it; with a limit, so that a failing test ends. */
    static final class Gate {
        private final CountDownLatch latch = new CountDownLatch(1);

        void open() {
            latch.countDown();
        }

        void pass() throws InterruptedException {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        }

        /** Deaf to interrupts. */
        void passWhateverHappens() {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (latch.getCount() > 0 && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
        }
    }

    OffloadListener listener() {
        return new OffloadListener() {
            @Override
            public void interrupted(String job, String thread) {
                log.add("interrupted " + job + " on " + thread);
            }

            @Override
            public void takenBack(String job) {
                log.add("taken back " + job);
            }

            @Override
            public void stuck(StuckJobException stuck) {
                log.add("stuck " + stuck.jobs());
            }
        };
    }

    /** Looks again and again, since a thread of the pool can't tell the loop what it did last. */
    static Future<Void> until(BooleanSupplier condition) {
        return Tasks.timeout(
                Duration.ofSeconds(20),
                () -> Tasks.loopWhile(() -> condition.getAsBoolean()
                        ? Future.succeededFuture(false)
                        : Tasks.sleep(Duration.ofMillis(1)).map(true)));
    }

    /** What {@code coroutine} returns; a throw is a failed future. */
    static <T> Future<T> called(Coroutine<T> coroutine) {
        try {
            return coroutine.call();
        } catch (Exception thrown) {
            return Future.failedFuture(thrown);
        }
    }

    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
