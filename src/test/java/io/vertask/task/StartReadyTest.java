package io.vertask.task;

import static io.vertask.task.Scripts.ages;
import static io.vertask.task.Scripts.agesThen;
import static io.vertask.task.Scripts.cancelOf;
import static io.vertask.task.Scripts.failsAfter;
import static io.vertask.task.Scripts.failureOf;
import static io.vertask.task.Scripts.leavesNothing;
import static io.vertask.task.Scripts.ms;
import static io.vertask.task.Scripts.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("semantics-62")
class StartReadyTest {
    private final IllegalStateException bad = new IllegalStateException("bad");

    /** Ready after so long, then goes on. */
    private static <C> Function<ReadySignal<String>, Future<?>> server(long startsUp, Coroutine<C> serves) {
        return ready -> ms(startsUp).compose(v -> {
            ready.ready("port");
            return Tasks.start(serves).future();
        });
    }

    @Test
    void itGivesTheReadyValueAndTheChildGoesOn() {
        VirtualRun<String> run =
                VirtualRun.of(() -> TaskGroup.with(group -> group.startReady("server", server(5, () -> ms(20)))
                        .onSuccess(port -> assertThat(Tasks.nanoTime())
                                .isEqualTo(Duration.ofMillis(5).toNanos()))));
        assertThat(resultOf(run)).isEqualTo("port");
        assertThat(run.elapsed()).isEqualTo(Duration.ofMillis(25));
    }

    @Test
    void aFailureBeforeItIsReadyComesOutOfTheStartAndTheGroupGoesOn() {
        VirtualRun<String> run = VirtualRun.of(() -> TaskGroup.with(group -> group.<String>startReady(
                        "server", ready -> failsAfter(5, bad).call())
                .recover(e -> {
                    assertThat(e).isSameAs(bad);
                    return group.startReady("another", server(1, () -> ms(1)));
                })));
        assertThat(resultOf(run)).isEqualTo("port");
    }

    @Test
    void aFailureAfterwardsIsTheGroups() {
        VirtualRun<String> run = VirtualRun.of(() -> TaskGroup.with(group ->
                group.startReady("server", server(5, failsAfter(5, bad))).compose(port -> ages())));
        assertThat(failureOf(run)).isInstanceOf(TaskGroupException.class).hasCause(bad);
    }

    @Test
    void anEndWithoutHavingBeenReadyIsAnError() {
        VirtualRun<Object> run =
                VirtualRun.of(() -> TaskGroup.with(group -> group.startReady("server", ready -> ms(1))));
        assertThat(failureOf(run))
                .isInstanceOf(TaskGroupException.class)
                .cause()
                .hasMessageContaining("server' ended without being ready");
        VirtualRun<String> cancelled =
                VirtualRun.of(() -> TaskGroup.with(group -> group.<String>startReady("server", ready -> {
                            Task.current().orElseThrow().cancel();
                            return ages();
                        })
                        .recover(e -> ms(1).map(e.getClass().getSimpleName()))));
        assertThat(resultOf(cancelled)).isEqualTo("CancelledException");
    }

    @Test
    void cancellingTheStartCancelsTheChildAndWaitsForIt() {
        List<String> log = new ArrayList<>();
        VirtualRun<String> run = VirtualRun.of(() -> TaskGroup.with(group -> Tasks.timeout(
                        Duration.ofMillis(5),
                        () -> group.<String>startReady(
                                "server",
                                ready -> agesThen(() -> ms(7).onSuccess(v -> log.add("cleaned")))
                                        .call()))
                .recover(e -> {
                    log.add(e.getClass().getSimpleName());
                    return Future.succeededFuture("went on");
                })));
        assertThat(resultOf(run)).isEqualTo("went on");
        assertThat(log).containsExactly("cleaned", "TaskTimeoutException");
    }

    @Test
    void aChildReadyInTheTurnOfTheCancelIsEitherKnownOrGone() {
        for (long seed = 0; seed < 1_000; seed++) {
            AtomicInteger serving = new AtomicInteger();
            VirtualRun<String> run = VirtualRun.seeded(
                    seed,
                    () -> TaskGroup.with(group -> Timeout.moveOn(
                                    Duration.ofMillis(5),
                                    () -> group.startReady("server", server(5, () -> {
                                        serving.incrementAndGet();
                                        return Tasks.finallyRun(Scripts::ages, serving::decrementAndGet);
                                    })))
                            .compose(moved -> ms(1).map(v -> {
                                assertThat(serving.get() > 0).isEqualTo(!moved.cut());
                                group.cancel(CancelReason.USER);
                                return moved.cut() ? "gone" : "known";
                            }))));
            assertThat(run.outcome().isSuccess())
                    .as("seed %s: %s", seed, run.outcome())
                    .isTrue();
            assertThat(serving).as("seed %s", seed).hasValue(0);
            leavesNothing(run);
        }
    }

    @Test
    void aCancelAtAnyTurnLeavesNothing() {
        AtomicInteger serving = new AtomicInteger();
        VirtualRun.cancelledAtEveryTurn(
                () -> () -> TaskGroup.with(group -> group.startReady("server", ready -> {
                            serving.incrementAndGet();
                            return Tasks.finallyRun(
                                    () -> ms(2).onSuccess(v -> ready.ready("port"))
                                            .compose(v -> ages()),
                                    serving::decrementAndGet);
                        })
                        .compose(port -> ms(2).onSuccess(v -> group.cancel(CancelReason.USER)))),
                (turn, run) -> {
                    leavesNothing(run);
                    assertThat(serving).as("turn %s", turn).hasValue(0);
                });
    }

    @Test
    void onlyTheFirstReadyCounts() {
        VirtualRun<String> run = VirtualRun.of(() -> TaskGroup.with(group -> group.startReady("server", ready -> {
            ready.ready("first");
            ready.ready("second");
            return ms(1).onSuccess(v -> ready.ready("third"));
        })));
        assertThat(resultOf(run)).isEqualTo("first");
    }

    @Test
    void readyMayBeSaidOnAnotherThread() throws Exception {
        String port = Tasks.run(() -> TaskGroup.with(group -> group.startReady("server", ready -> {
            new Thread(() -> ready.ready("port")).start();
            return ms(20);
        })));
        assertThat(port).isEqualTo("port");
    }

    @Test
    void inAGroupThatIsOverItIsRefused() {
        AtomicInteger ran = new AtomicInteger();
        TaskGroup[] kept = new TaskGroup[1];
        assertThat(failureOf(VirtualRun.of(() -> TaskGroup.with(group -> {
                            kept[0] = group;
                            return ms(1);
                        })
                        .compose(v -> kept[0].startReady("late", ready -> {
                            ran.incrementAndGet();
                            return ages();
                        })))))
                .isInstanceOf(ClosedException.class);
        cancelOf(VirtualRun.of(() -> TaskGroup.with(group -> {
            Task.current().orElseThrow().cancel();
            return group.startReady("late", ready -> {
                ran.incrementAndGet();
                return ages();
            });
        })));
        assertThat(ran).hasValue(0);
    }

    @Test
    void readyIsTooLateOnceTheStarterWasCancelled() {
        List<String> log = new ArrayList<>();
        VirtualRun<String> run = VirtualRun.of(() -> TaskGroup.with(group -> Tasks.timeout(
                        Duration.ofMillis(5),
                        () -> group.<String>startReady(
                                "server",
                                ready -> agesThen(() -> {
                                            ready.ready("port");
                                            return ms(7).onSuccess(v -> log.add("cleaned"));
                                        })
                                        .call()))
                .recover(e -> {
                    log.add(e.getClass().getSimpleName());
                    return Future.succeededFuture("went on");
                })));
        assertThat(resultOf(run)).isEqualTo("went on");
        assertThat(log).containsExactly("cleaned", "TaskTimeoutException");
    }
}
