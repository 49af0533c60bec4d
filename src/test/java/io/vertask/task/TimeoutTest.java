package io.vertask.task;

import static io.vertask.task.Scripts.after;
import static io.vertask.task.Scripts.ages;
import static io.vertask.task.Scripts.agesThen;
import static io.vertask.task.Scripts.cancelOf;
import static io.vertask.task.Scripts.doing;
import static io.vertask.task.Scripts.failsAfter;
import static io.vertask.task.Scripts.failureOf;
import static io.vertask.task.Scripts.ms;
import static io.vertask.task.Scripts.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class TimeoutTest {
    private static final Duration TEN = Duration.ofMillis(10);
    private final IllegalStateException bad = new IllegalStateException("bad");

    private static Task<?> me() {
        return Task.current().orElseThrow();
    }

    private static <T> Future<T> cancelMeAfter(long ms, Coroutine<T> body) throws Exception {
        Task<?> me = me();
        Tasks.start("canceller", () -> ms(ms).onSuccess(v -> me.cancel()));
        return body.call();
    }

    /** In its last turn a task only hands out its outcome. */
    private static boolean isTooLate(int turn, VirtualRun<?> run) {
        return turn >= run.turns() - 1;
    }

    @Test
    @Tag("semantics-65")
    void aBodyThatIsLongerTimesOutAndAShorterOneLeavesNoTimer() {
        VirtualRun<Object> longer = VirtualRun.of(() -> Tasks.timeout(TEN, Scripts::ages));
        assertThat(failureOf(longer)).isInstanceOfSatisfying(TaskTimeoutException.class, e -> {
            assertThat(e.limit()).isEqualTo(TEN);
            assertThat(e.task()).isEqualTo("main");
            assertThat(e).hasCauseInstanceOf(CancelledException.class);
        });
        assertThat(longer.elapsed()).isEqualTo(TEN);
        VirtualRun<String> shorter = VirtualRun.of(() -> Tasks.timeout(TEN, after(9, "value")));
        assertThat(resultOf(shorter)).isEqualTo("value");
        assertThat(shorter.elapsed()).isEqualTo(Duration.ofMillis(9));
    }

    @Test
    @Tag("semantics-66")
    void aLimitOfZeroFiresAtTheFirstWait() {
        for (Duration limit : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
            for (long seed = 0; seed < 20; seed++) {
                assertThat(failureOf(VirtualRun.seeded(
                                seed, () -> Tasks.timeout(limit, () -> Tasks.sleep(Duration.ZERO)))))
                        .isInstanceOf(TaskTimeoutException.class);
            }
            assertThat(resultOf(VirtualRun.of(() -> Tasks.timeout(limit, () -> Future.succeededFuture("value")))))
                    .isEqualTo("value");
        }
    }

    @Test
    @Tag("semantics-67")
    @Tag("semantics-77")
    void aValueThatWasOnItsWayWhenTheLimitPassedComesFirst() {
        // the sleep's timer is set before the limit's, for the same instant
        assertThat(resultOf(VirtualRun.of(() -> Tasks.timeout(TEN, after(10, "value")))))
                .isEqualTo("value");
    }

    @Test
    @Tag("semantics-68")
    void aForeignErrorPassesAndOneThrownWhileTimingOutRecordsTheTimeout() {
        assertThat(failureOf(VirtualRun.of(() -> Tasks.timeout(TEN, failsAfter(1, bad)))))
                .isSameAs(bad);
        assertThat(bad.getSuppressed()).isEmpty();
        assertThat(failureOf(VirtualRun.of(
                        () -> Tasks.timeout(TEN, () -> ages().recover(e -> Future.failedFuture(bad))))))
                .isSameAs(bad);
        assertThat(bad.getSuppressed()).singleElement().isInstanceOf(TaskTimeoutException.class);
    }

    @Test
    @Tag("semantics-69")
    void anOutsideCancelBeforeTheLimitIsACancel() {
        VirtualRun<Object> run = VirtualRun.of(() -> cancelMeAfter(5, () -> Tasks.timeout(TEN, Scripts::ages)));
        assertThat(cancelOf(run).reason().kind()).isEqualTo(CancelReason.Kind.USER);
    }

    @Test
    @Tag("semantics-69")
    void anOutsideCancelWinsOverALimitThatPassedAsWell() {
        Coroutine<Object> slowCleanup = () -> Tasks.timeout(TEN, agesThen(() -> ms(20)));
        cancelOf(VirtualRun.of(() -> cancelMeAfter(5, slowCleanup)));
        cancelOf(VirtualRun.of(() -> cancelMeAfter(15, slowCleanup)));
        // whatever the turn in which the cancel comes
        VirtualRun.cancelledAtEveryTurn(() -> slowCleanup, (turn, run) -> {
            Scripts.leavesNothing(run);
            assertThat(run.outcome() instanceof Outcome.Cancelled
                            || (run.outcome().errorOrNull() instanceof TaskTimeoutException && isTooLate(turn, run)))
                    .as("turn %s of %s: %s", turn, run.turns(), run.outcome())
                    .isTrue();
        });
    }

    @Test
    @Tag("semantics-70")
    void afterAHandledTimeoutTheTaskGoesOn() {
        VirtualRun<String> run = VirtualRun.of(() ->
                Tasks.timeout(TEN, Scripts::<String>ages).recover(e -> Tasks.timeout(TEN, after(5, "next"))));
        assertThat(resultOf(run)).isEqualTo("next");
        assertThat(run.elapsed()).isEqualTo(Duration.ofMillis(15));
    }

    @Test
    @Tag("semantics-71")
    void ofNestedTimeoutsWithOneDeadlineTheOutermostRaises() {
        List<String> log = new ArrayList<>();
        VirtualRun<Object> run = VirtualRun.of(() -> Tasks.timeout(
                TEN,
                () -> Tasks.timeout(
                                TEN,
                                () -> Tasks.timeout(TEN, Scripts::ages)
                                        .onFailure(e -> log.add(e.getClass().getSimpleName())))
                        .onFailure(e -> log.add(e.getClass().getSimpleName()))));
        assertThat(failureOf(run)).isInstanceOf(TaskTimeoutException.class);
        assertThat(log).containsExactly("CancelledException", "CancelledException");
    }

    @Test
    @Tag("semantics-71")
    void ofNestedTimeoutsTheShorterOneRaises() {
        VirtualRun<String> run = VirtualRun.of(() -> Tasks.timeout(
                Duration.ofMillis(50),
                () -> Tasks.timeout(TEN, Scripts::<String>ages)
                        .recover(e -> after(5, "inner timed out").call())));
        assertThat(resultOf(run)).isEqualTo("inner timed out");
    }

    @Test
    @Tag("semantics-72")
    void aCancelThatIsUnderWayWinsOverALimitOfZero() {
        cancelOf(VirtualRun.of(() -> {
            me().cancel();
            return Tasks.timeout(Duration.ZERO, Scripts::ages);
        }));
        cancelOf(VirtualRun.of(() -> Tasks.timeout(Duration.ZERO, () -> {
            me().cancel();
            return ages();
        })));
        VirtualRun.cancelledAtEveryTurn(() -> () -> Tasks.timeout(Duration.ZERO, Scripts::ages), (turn, run) -> {
            Scripts.leavesNothing(run);
            assertThat(run.outcome().isSuccess()).isFalse();
        });
    }

    @Test
    @Tag("semantics-74")
    void aTimeoutAroundAGroupWhoseChildFailsInItsCleanupGivesTheAggregateWithTheTimeoutRecorded() {
        VirtualRun<Object> run = VirtualRun.of(() -> Tasks.timeout(
                TEN,
                () -> TaskGroup.with(group -> {
                    group.start(agesThen(failsAfter(1, bad)));
                    return ages();
                })));
        assertThat(failureOf(run)).isInstanceOf(TaskGroupException.class).hasCause(bad);
        assertThat(failureOf(run).getSuppressed()).singleElement().isInstanceOf(TaskTimeoutException.class);
    }

    @Test
    @Tag("semantics-75")
    void aBodyThatSwallowsTheLimitGivesItsValue() {
        VirtualRun<String> run = VirtualRun.of(() ->
                Tasks.timeout(TEN, () -> Scripts.<String>ages().recover(e -> Future.succeededFuture("mine"))));
        assertThat(resultOf(run)).isEqualTo("mine");
    }

    @Test
    @Tag("semantics-76")
    void aTimeoutIsNoCancellationNorTheOtherWayRound() {
        assertThat(CancelledException.class.isAssignableFrom(TaskTimeoutException.class))
                .isFalse();
        assertThat(TaskTimeoutException.class.isAssignableFrom(CancelledException.class))
                .isFalse();
        VirtualRun<String> run = VirtualRun.of(() -> {
            Tasks.start("quiet", () -> Tasks.timeout(TEN, Scripts::ages));
            return after(50, "x").call();
        });
        assertThat(run.unhandled())
                .singleElement()
                .satisfies(e -> assertThat(e).hasCauseInstanceOf(TaskTimeoutException.class));
    }

    @Test
    @Tag("semantics-78")
    void theCleanupOfTheBodyEndsBeforeTheTimeoutIsSeen() {
        List<String> log = new ArrayList<>();
        VirtualRun<Object> run =
                VirtualRun.of(() -> Tasks.waitFor(agesThen(() -> ms(20).onSuccess(v -> log.add("cleaned"))), TEN)
                        .onFailure(e -> log.add("seen")));
        assertThat(failureOf(run)).isInstanceOf(TaskTimeoutException.class);
        assertThat(run.elapsed()).isEqualTo(Duration.ofMillis(30));
        assertThat(log).containsExactly("cleaned", "seen");
    }

    @Test
    @Tag("semantics-79")
    void waitForWithZeroNeverBeginsTheBody() {
        AtomicInteger ran = new AtomicInteger();
        VirtualRun<Object> run = VirtualRun.of(() -> Tasks.waitFor(doing(ran::incrementAndGet), Duration.ZERO));
        assertThat(failureOf(run)).isInstanceOf(TaskTimeoutException.class);
        assertThat(ran).hasValue(0);
    }

    @Test
    @Tag("semantics-80")
    void cancellingAWaitForReachesItsBody() {
        List<String> log = new ArrayList<>();
        cancelOf(VirtualRun.of(() ->
                cancelMeAfter(5, () -> Tasks.waitFor(agesThen(doing(() -> log.add("told"))), Duration.ofHours(1)))));
        assertThat(log).containsExactly("told");
    }

    @Test
    @Tag("semantics-81")
    void aCancelInTheTurnOfTheValueIsNeverSwallowedAndNothingLeaks() {
        AtomicInteger open = new AtomicInteger();
        Coroutine<String> program = () -> Tasks.waitFor(
                        () -> Waiter.<String>await("resource", wait -> {
                            wait.onUndelivered(r -> open.decrementAndGet());
                            Tasks.start(() -> ms(5).onSuccess(v -> {
                                open.incrementAndGet();
                                wait.resume("resource");
                            }));
                        }),
                        TEN)
                .compose(r -> Tasks.finallyDo(() -> ms(1).map(r), doing(open::decrementAndGet)));
        VirtualRun.cancelledAtEveryTurn(() -> program, (turn, run) -> {
            Scripts.leavesNothing(run);
            assertThat(open).hasValue(0);
            if (!isTooLate(turn, run)) {
                assertThat(run.outcome()).isInstanceOf(Outcome.Cancelled.class);
            }
        });
        for (long seed = 0; seed < 1_000; seed++) {
            VirtualRun.seeded(seed, () -> Tasks.settle(() -> Tasks.timeout(Duration.ofMillis(5), program)));
            assertThat(open).hasValue(0);
        }
    }

    @Test
    @Tag("semantics-82")
    void aTimeoutCancelsItsSourceAndDisposesOfALateValue() {
        List<String> log = new ArrayList<>();
        VirtualRun<String> run = VirtualRun.of(() -> Tasks.timeout(
                        TEN,
                        () -> Waiter.<String>await("a lease", wait -> {
                            wait.onCancel(cause -> {
                                log.add("aborted: " + cause.reason());
                                return false;
                            });
                            wait.onUndelivered(late -> log.add("disposed of " + late));
                            // the source does not stop at once, and delivers all the same
                            Tasks.shield(() -> ms(20).onSuccess(v -> wait.resume("lease")));
                        }))
                .onFailure(e -> log.add(e.getClass().getSimpleName())));
        assertThat(failureOf(run)).isInstanceOf(TaskTimeoutException.class);
        assertThat(log).containsExactly("aborted: timeout", "disposed of lease", "TaskTimeoutException");
    }

    @Test
    void aTimeoutAroundATaskOfTheEnclosingScopeEndsTheWaitAndNotTheTask() {
        VirtualRun<String> run = VirtualRun.of(() -> {
            Task<String> task = Tasks.start(after(50, "value"));
            return Tasks.timeout(TEN, task::future).recover(e -> {
                assertThat(e).isInstanceOf(TaskTimeoutException.class);
                assertThat(task.state()).isEqualTo(Task.State.RUNNING);
                return task.future();
            });
        });
        assertThat(resultOf(run)).isEqualTo("value");
    }

    @Test
    void aLimitThatPassedThreeHundredYearsAgoFiresAtTheFirstWait() {
        Duration longAgo = Duration.ofSeconds(Long.MIN_VALUE);
        assertThat(failureOf(VirtualRun.of(() -> Tasks.timeout(longAgo, Scripts::ages))))
                .isInstanceOf(TaskTimeoutException.class);
        assertThat(failureOf(VirtualRun.of(() -> Tasks.waitFor(Scripts::ages, longAgo))))
                .isInstanceOf(TaskTimeoutException.class);
    }

    @Test
    void aLimitOfThreeHundredYearsIsFine() {
        assertThat(resultOf(VirtualRun.of(() -> Tasks.timeout(Duration.ofSeconds(Long.MAX_VALUE), after(1, "value")))))
                .isEqualTo("value");
    }

    @Test
    @Tag("semantics-83")
    void whatRemainsIsTheLeastOfTheLimitsAroundAndAShieldBeginsAnew() {
        List<Optional<Duration>> seen = new ArrayList<>();
        Coroutine<Object> look = () -> {
            seen.add(Tasks.remaining());
            return Future.succeededFuture();
        };
        VirtualRun.of(() -> look.call()
                .compose(v -> Tasks.timeout(
                        TEN,
                        () -> Tasks.timeout(
                                Duration.ofHours(1),
                                () -> ms(4).compose(w -> Tasks.start(look).future())
                                        .compose(w -> Tasks.shield(look))))));
        assertThat(seen).containsExactly(Optional.empty(), Optional.of(Duration.ofMillis(6)), Optional.empty());
    }
}
