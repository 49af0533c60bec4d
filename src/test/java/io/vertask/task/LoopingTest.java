package io.vertask.task;

import static io.vertask.task.Scripts.ages;
import static io.vertask.task.Scripts.cancelOf;
import static io.vertask.task.Scripts.ms;
import static io.vertask.task.Scripts.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Long loops, deep trees, many waits: nothing overflows, and nothing is kept. */
class LoopingTest {
    private static final int MILLION = 1_000_000;

    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    @Tag("semantics-10")
    void aMillionStepsOfEveryKindRun() {
        repeat(MILLION, () -> Future.succeededFuture());
        repeat(MILLION, () -> Tasks.sleep(Duration.ZERO));
        repeat(MILLION, () -> Tasks.timeout(HOUR, () -> Future.succeededFuture()));
        repeat(200_000, () -> Tasks.timeout(HOUR, () -> Tasks.timeout(HOUR, () -> Tasks.sleep(Duration.ZERO))));
    }

    private static void repeat(int times, Coroutine<Void> step) {
        AtomicInteger n = new AtomicInteger();
        resultOf(VirtualRun.of(() -> Tasks.loopWhile(() -> step.call().map(v -> n.incrementAndGet() < times))));
        assertThat(n).hasValue(times);
    }

    @Test
    @Tag("semantics-10")
    void aMillionMixedStepsKeepNoHeap() {
        AtomicInteger n = new AtomicInteger();
        // what each step leaves behind would be a hundred kilobytes
        resultOf(VirtualRun.of(() -> Tasks.loopWhile(() -> {
            byte[] local = new byte[n.get() % 100 == 0 ? 100_000 : 1];
            Future<Void> step = switch (n.get() % 4) {
                case 0 -> Tasks.sleep(Duration.ZERO);
                case 1 -> Future.succeededFuture();
                case 2 -> Tasks.finallyDo(() -> Future.<Void>succeededFuture(), () -> Tasks.sleep(Duration.ZERO));
                default -> Tasks.gather(() -> Tasks.sleep(Duration.ZERO)).mapEmpty();
            };
            return step.map(v -> local.length > 0 && n.incrementAndGet() < MILLION);
        })));
        assertThat(n).hasValue(MILLION);
    }

    @Test
    @Tag("semantics-10")
    void stepsOverForeignFuturesRunOnAFlatStackToo() {
        AtomicInteger n = new AtomicInteger();
        Tasks.run(() -> {
            Vertx vertx = Vertx.currentContext().owner();
            return Tasks.loopWhile(() -> Future.<Void>future(promise -> vertx.runOnContext(v -> promise.complete()))
                    .map(v -> n.incrementAndGet() < 200_000));
        });
        assertThat(n).hasValue(200_000);
    }

    @Test
    void aLoopThatNeverWaitsLetsTheOthersRun() {
        AtomicInteger spins = new AtomicInteger();
        cancelOf(VirtualRun.of(() -> {
            Task<?> me = Task.current().orElseThrow();
            Tasks.start(() -> Tasks.forEach(List.of(1, 2, 3), i -> Tasks.sleep(Duration.ZERO))
                    .onSuccess(v -> me.cancel()));
            return Tasks.forever(() -> {
                spins.incrementAndGet();
                return Future.succeededFuture();
            });
        }));
        assertThat(spins).hasValueLessThan(10_000);
    }

    @Test
    void aLoopEndsWithTheErrorOfItsStep() {
        IllegalStateException bad = new IllegalStateException("bad");
        List<Integer> seen = new ArrayList<>();
        VirtualRun<Void> run = VirtualRun.of(() -> Tasks.forEach(List.of(1, 2, 3), i -> {
            seen.add(i);
            if (i == 2) {
                throw bad;
            }
            return ms(1);
        }));
        assertThat(Scripts.failureOf(run)).isSameAs(bad);
        assertThat(seen).containsExactly(1, 2);
    }

    @Test
    void aChainOfAHundredThousandTasksIsCancelledAtItsRoot() {
        int depth = 100_000;
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger ended = new AtomicInteger();
        class Chain {
            Future<Void> link() {
                return begun.incrementAndGet() == depth
                        ? Scripts.<Void>ages().onComplete(end -> ended.incrementAndGet())
                        : Tasks.start(this::link).future().onComplete(end -> ended.incrementAndGet());
            }
        }
        VirtualRun<Outcome<Void>> run = VirtualRun.of(() -> {
            Task<Void> root = Tasks.start("root", new Chain()::link);
            return ms(1).compose(v -> root.cancelAndJoin());
        });
        assertThat(resultOf(run)).isInstanceOf(Outcome.Cancelled.class);
        assertThat(ended).hasValue(depth);
    }

    @Test
    void aHundredThousandWaitsForOneTaskAreCancelled() {
        AtomicInteger told = new AtomicInteger();
        VirtualRun<String> run = VirtualRun.of(() -> {
            Task<Void> one = Tasks.start(() -> ages());
            return Tasks.timeout(
                            Duration.ofMillis(1),
                            () -> Tasks.settle(IntStream.range(0, 100_000)
                                    .<Coroutine<Void>>mapToObj(
                                            i -> () -> one.future().onFailure(e -> told.incrementAndGet()))
                                    .toList()))
                    .map("never")
                    .recover(e -> Future.succeededFuture("told"));
        });
        assertThat(resultOf(run)).isEqualTo("told");
        assertThat(told).hasValue(100_000);
    }
}
