package io.vertask.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.vertask.sync.AsyncLock;
import io.vertask.task.Coroutine;
import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertask.task.Waiter;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

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
                .flatMap(event -> event.getPayload(TestExecutionResult.class).stream())
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
                .satisfies(failure -> assertThat(failure)
                        .isInstanceOf(AssertionError.class)
                        .hasMessageStartingWith("[seed 3, again with -Dvertask.seed=3] ")
                        .hasMessageContaining("not to be equal to")
                        .satisfies(it -> assertThat(it.getStackTrace())
                                .isEqualTo(Objects.requireNonNull(it.getCause()).getStackTrace())));
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
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("virtual clock")
                        .hasNoSuppressedExceptions());
    }

    static class FailsInManyWays {
        @Schedules(seeds = 1)
        void withValues(VirtualLoop loop) {
            assertEquals("expected", "actual", "values");
        }

        @Schedules(seeds = 1)
        void withoutAMessage(VirtualLoop loop) {
            throw new AssertionError();
        }

        @Schedules(seeds = 1)
        void withAnException(VirtualLoop loop) throws IOException {
            throw new IOException("broken");
        }

        @Schedules(seeds = 1)
        void withAProgram(VirtualLoop loop) throws Exception {
            loop.value(() -> Future.failedFuture(new IOException("broken program")));
        }

        @Schedules(seeds = 1)
        void byLeavingATimer(VirtualLoop loop) {
            loop.run(() -> {
                Tasks.start(Vertx.currentContext().owner(), "stray", () -> Tasks.sleep(Duration.ofHours(1)));
                return Tasks.sleep(A_WHILE);
            });
        }

        @CancelAtEveryTurn
        void whenCancelled(VirtualLoop loop) {
            assertThat(loop.cancelledAt()).isEmpty();
        }

        @CancelAtEveryTurn
        void whenNotCancelled(VirtualLoop loop) {
            assertThat(loop.cancelledAt()).isPresent();
        }

        @Schedules(seeds = 1)
        void notAtAll(VirtualLoop loop) {
            assumeTrue(loop.seed().isEmpty());
        }
    }

    @Test
    void aFailureOfAnyKindHasItsRepetitionInTheMessage() {
        String seed = "[seed 0, again with -Dvertask.seed=0] ";
        assertThat(failures(FailsInManyWays.class))
                .hasSize(8)
                .anySatisfy(it -> assertThat(it)
                        .hasMessage(seed + "values ==> expected: <expected> but was: <actual>")
                        .isInstanceOfSatisfying(AssertionFailedError.class, error -> {
                            assertThat(error.getExpected().getValue()).isEqualTo("expected");
                            assertThat(error.getActual().getValue()).isEqualTo("actual");
                        }))
                .anySatisfy(it -> assertThat(it).hasMessage(seed + "java.lang.AssertionError"))
                .anySatisfy(it -> assertThat(it)
                        .isNotInstanceOf(AssertionError.class)
                        .hasMessage(seed + "java.io.IOException: broken")
                        .hasCauseInstanceOf(IOException.class))
                .anySatisfy(it -> assertThat(it).hasMessage(seed + "java.io.IOException: broken program"))
                .anySatisfy(it -> assertThat(it).hasMessage(seed + "left behind: 1 timers"))
                .anySatisfy(it -> assertThat(it).hasMessageStartingWith("[cancelled before turn 0] "))
                .anySatisfy(it -> assertThat(it).hasMessageStartingWith("[not cancelled] "))
                .anySatisfy(it -> assertThat(it).isInstanceOf(TestAbortedException.class));
    }

    static class Overlooks {
        @SuppressWarnings("StaticAssignmentOfThrowable") // compared only
        private static final IllegalStateException BAD = new IllegalStateException("bad program");

        @VirtualTest
        void aFailure(VirtualLoop loop) {
            loop.run(() -> Future.failedFuture(BAD));
        }

        @VirtualTest
        void aThrow(VirtualLoop loop) {
            loop.run(() -> {
                throw new AssertionError("in the program");
            });
        }

        @VirtualTest
        void theFirstOfTwo(VirtualLoop loop) {
            loop.run(() -> Future.failedFuture(BAD));
            loop.run(() -> Tasks.sleep(A_WHILE));
        }

        @VirtualTest
        void theReason(VirtualLoop loop) {
            loop.run(() -> Future.failedFuture(BAD));
            throw new AssertionError("nothing was written");
        }

        @CancelAtEveryTurn
        void theFailureOfACleanup(VirtualLoop loop) {
            loop.run(() -> Tasks.finallyDo(
                    () -> Tasks.sleep(A_WHILE),
                    () -> loop.cancelledAt().isPresent() ? Future.failedFuture(BAD) : Future.succeededFuture()));
        }
    }

    static class Looks {
        @VirtualTest
        void atTheOutcome(VirtualLoop loop) {
            VirtualRun<Object> run = loop.run(() -> Future.failedFuture(Overlooks.BAD));
            assertThat(run.outcome()).isInstanceOf(Outcome.Failure.class);
        }

        @VirtualTest
        void atTheValue(VirtualLoop loop) {
            assertThatThrownBy(() -> loop.value(() -> Future.failedFuture(Overlooks.BAD)))
                    .isSameAs(Overlooks.BAD);
        }

        @VirtualTest
        void atNothingSinceItIsCancelled(VirtualLoop loop) {
            loop.run(() -> {
                Task.current().orElseThrow().cancel();
                return Tasks.sleep(A_WHILE);
            });
        }

        @CancelAtEveryTurn
        void whenItIsCancelled(VirtualLoop loop) {
            loop.run(() -> Tasks.finallyDo(() -> Tasks.sleep(A_WHILE), () -> Tasks.sleep(A_WHILE)));
        }
    }

    @Test
    void aProgramThatFailsFailsItsTestUnlessTheTestLooks() {
        List<Throwable> failures = failures(Overlooks.class);
        assertThat(failures)
                .hasSizeGreaterThan(6)
                .anySatisfy(it -> assertThat(it)
                        .hasMessage("the program failed, and the test did not read the outcome of its run: "
                                + Overlooks.BAD)
                        .hasCause(Overlooks.BAD))
                .anySatisfy(it -> assertThat(it).hasMessageEndingWith("java.lang.AssertionError: in the program"))
                .anySatisfy(
                        it -> assertThat(it).hasMessage("nothing was written").hasSuppressedException(Overlooks.BAD))
                .anySatisfy(it -> assertThat(it).hasMessageStartingWith("[cancelled before turn "));
        assertThat(failures(Looks.class)).isEmpty();
    }

    static class Hangs {
        private final AsyncLock one = AsyncLock.named("one");
        private final AsyncLock two = AsyncLock.named("two");

        private Coroutine<Void> both(AsyncLock first, AsyncLock second) {
            return () ->
                    first.withLock(() -> Tasks.sleep(A_WHILE).compose(v -> second.withLock(Future::succeededFuture)));
        }

        @Schedules(seeds = 1)
        void onTwoLocks(VirtualLoop loop) {
            loop.run(() -> {
                Task<Void> left = Tasks.start("left", both(one, two));
                Task<Void> right = Tasks.start("right", both(two, one));
                return Tasks.gather(left::future, right::future);
            });
        }

        @VirtualTest
        void onAPromise(VirtualLoop loop) {
            loop.run(() -> Tasks.sleep(Duration.ofHours(2))
                    .compose(v -> Promise.promise().future()));
        }
    }

    @Test
    void aHangSaysAtOnceWhoWaitsForWhat() {
        long begun = System.nanoTime();
        List<Throwable> failures = failures(Hangs.class);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
        assertThat(failures)
                .hasSize(2)
                .anySatisfy(it -> assertThat(it.getMessage())
                        .startsWith("[seed 0, again with -Dvertask.seed=0] the program hangs: nothing can run and no"
                                + " timer is set, after ")
                        .contains("of virtual time, with seed 0\nmain (#")
                        .containsPattern("left \\(#\\d+\\) RUNNING 10ms: a permit of lock 'two'")
                        .containsPattern("right \\(#\\d+\\) RUNNING 10ms: a permit of lock 'one'"))
                .anySatisfy(it -> assertThat(it.getMessage())
                        .contains("and PT2H of virtual time\nmain (#")
                        .contains("RUNNING"));
    }

    @Test
    void inParallelTooEachTurnIsCancelled() {
        List<Event> events = EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(OpensInParallel.class))
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
                .configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
                .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
                .configurationParameter("junit.jupiter.execution.parallel.config.fixed.parallelism", "4")
                .execute()
                .allEvents()
                .finished()
                .list();
        assertThat(events.stream()
                        .filter(event -> event.getTestDescriptor().isTest())
                        .map(event -> event.getTestDescriptor()
                                        .getParent()
                                        .orElseThrow()
                                        .getLegacyReportingName() + " "
                                + event.getTestDescriptor().getDisplayName()))
                .contains(
                        "one(VirtualLoop)[1] not cancelled".replace("[1]", ""),
                        "one(VirtualLoop) cancelled before turn 0",
                        "one(VirtualLoop) cancelled before turn 5",
                        "two(VirtualLoop) cancelled before turn 5");
        assertThat(OpensInParallel.RUNS).hasSize(2 * (OpensInParallel.turns + 2));
        assertThat(events.stream()
                        .flatMap(event -> event.getPayload(TestExecutionResult.class).stream())
                        .flatMap(result -> result.getThrowable().stream()))
                .singleElement()
                .satisfies(it -> assertThat(it).hasMessageContaining("remove @Execution(CONCURRENT) from this test"));
    }

    static class OpensInParallel {
        static final List<String> RUNS = new CopyOnWriteArrayList<>();
        static int turns;

        private static void run(String test, VirtualLoop loop) {
            VirtualRun<Void> run =
                    loop.run(() -> Tasks.finallyDo(() -> Tasks.sleep(A_WHILE), () -> Tasks.sleep(A_WHILE)));
            turns = loop.cancelledAt().isPresent() ? turns : run.turns();
            RUNS.add(test);
        }

        @CancelAtEveryTurn
        void one(VirtualLoop loop) {
            run("one", loop);
        }

        @CancelAtEveryTurn
        void two(VirtualLoop loop) {
            run("two", loop);
        }

        @CancelAtEveryTurn
        @Execution(ExecutionMode.CONCURRENT)
        void asked(VirtualLoop loop) {
            LockSupport.parkNanos(200_000_000);
        }
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
