package io.vertask.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class VirtualRunTest {
    @Test
    @Tag("semantics-155")
    void anHourPassesAtOnce() {
        VirtualRun<String> run =
                VirtualRun.of(() -> Tasks.sleep(Duration.ofHours(1)).map("slept"));
        assertThat(run.outcome()).isEqualTo(new Outcome.Success<>("slept"));
        assertThat(run.elapsed()).isEqualTo(Duration.ofHours(1));
        assertThat(run.pendingTimers()).isZero();
    }

    @Test
    @Tag("semantics-155")
    void whileSomethingOutsideIsAwaitedTheClockStandsStill() {
        List<String> order = new ArrayList<>();
        VirtualRun<List<Void>> run = VirtualRun.of(() -> Tasks.gather(
                () -> Tasks.sleep(Duration.ofHours(1)).onSuccess(v -> order.add("an hour")),
                () -> Waiter.<Void>await("a thread", wait -> {
                            wait.outside();
                            new Thread(() -> wait.resume(null)).start();
                        })
                        .onSuccess(v -> order.add("the thread"))));
        assertThat(run.outcome().isSuccess()).isTrue();
        assertThat(order).containsExactly("the thread", "an hour");
    }

    @Test
    @Tag("semantics-155")
    void aCancelledWaitForSomethingOutsideLetsTheClockGoOn() {
        VirtualRun<Object> run = VirtualRun.of(() -> Tasks.start(() -> Waiter.await("never", Waiter::outside))
                .cancelAndJoin()
                .compose(end -> Tasks.sleep(Duration.ofHours(1)))
                .map("slept"));
        assertThat(run.outcome()).isEqualTo(new Outcome.Success<>("slept"));
    }

    @Test
    void aTimerLeftBehindIsSeen() {
        VirtualRun<String> run = VirtualRun.of(() -> {
            Scope here = Scope.current("the test");
            here.ready.timers.set(here.ready.loop, 1_000_000, () -> {});
            return Future.succeededFuture("value");
        });
        assertThat(run.pendingTimers()).isEqualTo(1);
        assertThat(run.elapsed()).isZero();
    }

    @Test
    @Tag("semantics-156")
    void theSameSeedGivesTheSameInterleaving() {
        Set<List<Integer>> orders = new HashSet<>();
        for (long seed = 0; seed < 50; seed++) {
            List<Integer> first = interleaving(seed);
            assertThat(interleaving(seed)).isEqualTo(first);
            orders.add(first);
        }
        assertThat(orders).hasSizeGreaterThan(10);
    }

    private static List<Integer> interleaving(long seed) {
        List<Integer> order = new ArrayList<>();
        VirtualRun.seeded(
                seed,
                () -> Tasks.gather(IntStream.range(0, 5)
                        .<Coroutine<Void>>mapToObj(i -> () -> {
                            order.add(i);
                            return Tasks.sleep(Duration.ZERO).onSuccess(v -> order.add(i));
                        })
                        .toList()));
        return order;
    }

    @Test
    void aCancelAtEveryTurnEndsTheProgramAndLeavesNothing() {
        int runs = VirtualRun.cancelledAtEveryTurn(
                () -> {
                    int[] open = {0};
                    return () -> Tasks.finallyDo(
                                    () -> {
                                        open[0]++;
                                        return Tasks.gather(
                                                () -> Tasks.sleep(Duration.ofSeconds(1)),
                                                () -> Tasks.timeout(
                                                        Duration.ofSeconds(5),
                                                        () -> Tasks.sleep(Duration.ofSeconds(2))));
                                    },
                                    () -> Tasks.sleep(Duration.ofSeconds(1)).onSuccess(v -> open[0]--))
                            .transform(end -> open[0] == 0
                                    ? (end.succeeded()
                                            ? Future.succeededFuture("ok")
                                            : Future.failedFuture(end.cause()))
                                    : Future.failedFuture("left open"));
                },
                (turn, run) -> {
                    assertThat(run.outcome().isSuccess() || run.outcome() instanceof Outcome.Cancelled)
                            .as("turn %s: %s", turn, run.outcome())
                            .isTrue();
                    assertThat(run.pendingTimers()).isZero();
                    assertThat(run.unhandled()).isEmpty();
                });
        assertThat(runs).isGreaterThan(10);
    }
}
