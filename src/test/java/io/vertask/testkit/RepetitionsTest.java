package io.vertask.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.vertask.task.Coroutine;
import io.vertask.task.Outcome;
import io.vertask.task.Tasks;
import io.vertask.task.Waiter;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** The annotations, run by a JUnit inside this one, so that failing is a thing one can look at. */
class RepetitionsTest {
    private static final Duration A_WHILE = Duration.ofMillis(10);

    private static List<Event> run(Class<?> tests) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(tests))
                .execute()
                .testEvents()
                .finished()
                .list();
    }

    private static List<Throwable> failures(Class<?> tests) {
        return run(tests).stream()
                .flatMap(event -> event.getPayload(org.junit.platform.engine.TestExecutionResult.class).stream())
                .flatMap(result -> result.getThrowable().stream())
                .toList();
    }

    static class Reading {
        static final List<String> seen = new ArrayList<>();

        @VirtualTest
        void anHour(VirtualLoop loop) throws Exception {
            seen.add(loop.value(() -> Tasks.sleep(Duration.ofHours(1)).map("slept")));
        }
    }

    @Test
    @Tag("semantics-155")
    void aVirtualTestRunsOnceAndAnHourPassesAtOnce() {
        assertThat(failures(Reading.class)).isEmpty();
        assertThat(Reading.seen).containsExactly("slept");
    }

    static class Seeded {
        static final Set<List<Integer>> orders = new HashSet<>();

        @Schedules(seeds = 30)
        void interleaves(VirtualLoop loop) throws Exception {
            List<Integer> order = new ArrayList<>();
            loop.value(() -> Tasks.gather(IntStream.range(0, 5)
                    .<Coroutine<Void>>mapToObj(i -> () -> {
                        order.add(i);
                        return Tasks.sleep(Duration.ZERO);
                    })
                    .toList()));
            orders.add(order);
        }
    }

    @Test
    @Tag("semantics-156")
    void eachSeedIsARepetitionWithAnOrderOfItsOwn() {
        assertThat(run(Seeded.class)).hasSize(30);
        assertThat(Seeded.orders).hasSizeGreaterThan(10);
    }

    static class FailsForOneSeed {
        @Schedules(seeds = 5)
        void breaks(VirtualLoop loop) {
            assertThat(loop.seed().orElseThrow()).isNotEqualTo(3);
        }
    }

    @Test
    void aFailureNamesItsSeedAndThePropertyThatRunsItAgain() {
        assertThat(failures(FailsForOneSeed.class))
                .singleElement()
                .satisfies(failure -> assertThat(failure.getSuppressed())
                        .singleElement()
                        .hasToString("io.vertask.testkit.Repetition$Where: this was the repetition: seed 3;"
                                + " again with -Dvertask.seed=3"));
        System.setProperty(Schedules.SEED, "3");
        try {
            assertThat(run(FailsForOneSeed.class)).hasSize(1);
        } finally {
            System.clearProperty(Schedules.SEED);
        }
    }

    static class FailsWithoutASeed {
        @VirtualTest
        void breaks(VirtualLoop loop, TestInfo info) {
            throw new IllegalStateException(info.getDisplayName());
        }
    }

    @Test
    void aFailureOfTheOnlyRepetitionNamesNoSeedAndOthersParametersAreTheirs() {
        assertThat(failures(FailsWithoutASeed.class))
                .singleElement()
                .satisfies(failure -> assertThat(failure)
                        .hasMessage("virtual clock")
                        .satisfies(it -> assertThat(it.getSuppressed())
                                .singleElement()
                                .hasToString("io.vertask.testkit.Repetition$Where: this was the repetition: virtual"
                                        + " clock")));
    }

    static class Opens {
        static int opened;
        static int closed;
        static final List<String> ends = new ArrayList<>();

        @CancelAtEveryTurn
        void andCloses(VirtualLoop loop) {
            VirtualRun<Void> run = loop.run(() -> {
                opened++;
                return Tasks.finallyDo(
                        () -> Tasks.sleep(A_WHILE), () -> Tasks.sleep(A_WHILE).onSuccess(v -> closed++));
            });
            ends.add(loop.cancelledAt().isPresent() && run.outcome() instanceof Outcome.Cancelled ? "cut" : "whole");
        }
    }

    @Test
    void aCancelComesBeforeEachTurnInTurn() {
        assertThat(failures(Opens.class)).isEmpty();
        assertThat(Opens.closed).isEqualTo(Opens.opened).isGreaterThan(2);
        assertThat(Opens.ends).startsWith("whole", "cut", "cut").hasSizeGreaterThan(4);
    }

    static class LeavesATimer {
        @VirtualTest
        void behind(VirtualLoop loop) {
            loop.run(() -> {
                Tasks.start(Vertx.currentContext().owner(), "stray", () -> Tasks.sleep(Duration.ofHours(1)));
                return Tasks.sleep(A_WHILE);
            });
        }

        @VirtualTest
        void andAReport(VirtualLoop loop) {
            loop.run(() -> {
                Tasks.start(() -> Future.failedFuture("nobody looked"));
                return Tasks.sleep(A_WHILE);
            });
        }

        @VirtualTest
        void butAnExpectedReportIsNone(VirtualLoop loop) {
            loop.allowReports().run(() -> {
                Tasks.start(() -> Future.failedFuture("nobody looked"));
                return Tasks.sleep(A_WHILE);
            });
        }
    }

    @Test
    void whatARunLeavesBehindFailsItsTest() {
        assertThat(failures(LeavesATimer.class))
                .hasSize(2)
                .anySatisfy(failure -> assertThat(failure).hasMessageContaining("left behind: 1 timers"))
                .anySatisfy(failure -> assertThat(failure).hasMessageContaining("nobody looked"));
    }

    @ExtendWith(NothingLeftBehind.class)
    static class OnRealLoops {
        @Test
        void tidy(Vertx vertx, TestInfo info) {
            Tasks.run(vertx, () -> Tasks.sleep(Duration.ofMillis(1)));
        }

        @Test
        void withoutOne() {
            // there is nothing to be looked at
        }

        @Test
        void fails(Vertx vertx) {
            Tasks.start(vertx, "left by a failure", () -> Tasks.sleep(Duration.ofHours(1)));
            throw new IllegalStateException("its own failure");
        }

        @Test
        void untidy(Vertx vertx) {
            // a limit that has passed is taken back as well, and must not be counted twice
            Tasks.run(
                    vertx,
                    () -> Tasks.timeout(Duration.ofMillis(1), () -> Waiter.<Object>await("nothing", wait -> {}))
                            .otherwiseEmpty());
            Tasks.start(vertx, "stray", () -> Tasks.sleep(Duration.ofHours(1)));
        }

        @Test
        void endless(Vertx vertx) {
            Tasks.start(vertx, "endless", () -> Waiter.await("nothing", wait -> {}));
        }

        @Test
        void unseen(Vertx vertx) {
            Tasks.start(vertx, "bad", () -> Future.failedFuture("nobody looked"));
        }
    }

    @Test
    void onRealLoopsTooNothingMayBeLeftBehind() {
        assertThat(failures(OnRealLoops.class))
                .hasSize(4)
                .anySatisfy(failure -> assertThat(failure).hasMessage("its own failure"))
                .anySatisfy(failure -> assertThat(failure).hasMessageContaining("1 timers are still set"))
                .anySatisfy(failure -> assertThat(failure).hasMessageContaining("task 'endless' is still RUNNING"))
                .anySatisfy(failure -> assertThat(failure).hasMessageContaining("nobody looked"));
    }
}
