package io.vertask.task;

import static io.vertask.task.Scripts.ages;
import static io.vertask.task.Scripts.agesThen;
import static io.vertask.task.Scripts.cancelOf;
import static io.vertask.task.Scripts.doing;
import static io.vertask.task.Scripts.failsAfter;
import static io.vertask.task.Scripts.failureOf;
import static io.vertask.task.Scripts.leavesNothing;
import static io.vertask.task.Scripts.ms;
import static io.vertask.task.Scripts.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The options of a group: supervision, and a grace period. */
class SupervisedGroupTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private final IllegalStateException bad = new IllegalStateException("bad");
    private final List<ChildFailedException> told = new ArrayList<>();

    private static TaskGroup.Options supervised(Supervision how) {
        return TaskGroup.Options.named("pollers").supervised(how);
    }

    @Test
    void aChildsFailureStaysItsOwnAndIsReportedAtOnce() {
        VirtualRun<String> run = VirtualRun.of(() -> TaskGroup.with(supervised(Supervision.reporting()), group -> {
            group.start("quiet", failsAfter(1, bad));
            Task<Object> seen = group.start("seen", failsAfter(2, bad));
            Task<String> sibling = group.start(Scripts.after(9, "went on"));
            return seen.settled().compose(end -> sibling.future());
        }));
        assertThat(run.outcome()).isEqualTo(new Outcome.Success<>("went on"));
        assertThat(run.unhandled())
                .singleElement()
                .satisfies(e -> assertThat(e).hasMessageContaining("quiet").hasCause(bad));
    }

    @Test
    void theFailureOfItsBodyIsTheGroups() {
        assertThat(failureOf(VirtualRun.of(() -> TaskGroup.with(supervised(Supervision.reporting()), group -> {
                    group.start(Scripts::ages);
                    return failsAfter(1, bad).call();
                }))))
                .isInstanceOf(TaskGroupException.class)
                .hasCause(bad);
    }

    @Test
    void aFatalErrorOfAChildIsTheGroups() {
        OutOfMemoryError fatal = new OutOfMemoryError("thrown on purpose");
        VirtualRun<Void> run =
                VirtualRun.of(() -> TaskGroup.with(supervised(Supervision.restarting(3, MINUTE)), group -> {
                    group.start(() -> {
                        throw fatal;
                    });
                    return ages();
                }));
        assertThat(run.outcome()).isEqualTo(new Outcome.Failure<>(fatal));
    }

    @Test
    void aChildThatFailsIsStartedAgainAfterAPauseAndWhatItLeftIsCleanedUpFirst() {
        List<String> log = new ArrayList<>();
        AtomicInteger tries = new AtomicInteger();
        VirtualRun<String> run = VirtualRun.of(() -> TaskGroup.with(
                supervised(Supervision.restarting(5, MINUTE)
                        .backoff(Backoff.doubling(Duration.ofMillis(10), MINUTE))
                        .onFailure(told::add)),
                group -> group.start("poller", () -> {
                            int mine = tries.incrementAndGet();
                            log.add(mine + " at " + Tasks.nanoTime() / 1_000_000);
                            Tasks.start(agesThen(doing(() -> log.add("cleaned " + mine))));
                            return mine < 3 ? failsAfter(1, bad).call().mapEmpty() : ms(1).map("fine");
                        })
                        .future()));
        assertThat(resultOf(run)).isEqualTo("fine");
        assertThat(log).containsExactly("1 at 0", "cleaned 1", "2 at 11", "cleaned 2", "3 at 32", "cleaned 3");
        assertThat(told).extracting(ChildFailedException::child).containsOnly("main/poller");
        assertThat(told.get(1)).hasMessageContaining("restart 2 of 5").hasCause(bad);
    }

    @Test
    void withoutAListenerEachFailureIsReported() {
        AtomicInteger tries = new AtomicInteger();
        VirtualRun<Object> run = VirtualRun.of(() -> TaskGroup.with(
                supervised(Supervision.restarting(5, MINUTE)),
                group -> group.start(
                                "poller",
                                () -> tries.incrementAndGet() < 3
                                        ? failsAfter(1, bad).call()
                                        : Future.succeededFuture())
                        .future()));
        assertThat(run.outcome().isSuccess()).isTrue();
        assertThat(run.unhandled()).hasSize(2).allMatch(e -> e instanceof ChildFailedException);
    }

    @Test
    void aListenerThatThrowsEndsTheChildAndHidesNothing() {
        IllegalArgumentException worse = new IllegalArgumentException("listener");
        VirtualRun<Void> run = VirtualRun.of(() -> TaskGroup.with(
                supervised(Supervision.restarting(3, MINUTE).onFailure(failed -> {
                    throw worse;
                })),
                group -> {
                    group.start("poller", failsAfter(1, bad));
                    return ms(5);
                }));
        assertThat(run.outcome().isSuccess()).isTrue();
        assertThat(run.unhandled()).singleElement().satisfies(e -> assertThat(e).hasCause(worse));
        assertThat(worse).hasSuppressedException(bad);
    }

    @Test
    void tooManyFailuresWithinTheTimeFailTheGroupNamingTheChild() {
        AtomicInteger tries = new AtomicInteger();
        List<String> log = new ArrayList<>();
        VirtualRun<Void> run = VirtualRun.of(() ->
                TaskGroup.with(supervised(Supervision.restarting(3, MINUTE).onFailure(told::add)), group -> {
                    group.start("poller", () -> {
                        tries.incrementAndGet();
                        return failsAfter(1_000, bad).call();
                    });
                    group.start("sibling", agesThen(doing(() -> log.add("sibling cleaned"))));
                    return ages();
                }));
        assertThat(failureOf(run))
                .isInstanceOf(TaskGroupException.class)
                .cause()
                .isInstanceOfSatisfying(ChildFailedException.class, e -> {
                    assertThat(e.child()).isEqualTo("main/poller");
                    assertThat(e)
                            .hasMessageContaining("restarted 3 times in 60s already")
                            .hasCause(bad);
                });
        assertThat(tries).hasValue(4);
        assertThat(told).hasSize(3);
        assertThat(log).containsExactly("sibling cleaned");
    }

    @Test
    void failuresOlderThanTheTimeDontCount() {
        AtomicInteger tries = new AtomicInteger();
        VirtualRun<Object> run = VirtualRun.of(() -> TaskGroup.with(
                supervised(Supervision.restarting(3, MINUTE).onFailure(told::add)),
                group -> group.start(
                                "poller",
                                () -> tries.incrementAndGet() < 100
                                        ? failsAfter(21_000, bad).call()
                                        : Future.succeededFuture())
                        .future()));
        resultOf(run);
        assertThat(tries).hasValue(100);
    }

    @Test
    void aCancelledChildIsNotStartedAgain() {
        AtomicInteger tries = new AtomicInteger();
        resultOf(VirtualRun.of(() -> TaskGroup.with(supervised(Supervision.restarting(3, MINUTE)), group -> {
            Task<Void> child = group.start(() -> {
                tries.incrementAndGet();
                return ages();
            });
            return ms(1).compose(v -> child.cancelAndJoin());
        })));
        assertThat(tries).hasValue(1);
    }

    @Test
    void aCancelAtAnyTurnEndsItAndLeavesNothing() {
        AtomicInteger running = new AtomicInteger();
        VirtualRun.cancelledAtEveryTurn(
                () -> () -> TaskGroup.with(
                        supervised(Supervision.restarting(2, MINUTE)
                                .backoff(Backoff.constant(Duration.ofMillis(3)))
                                .onFailure(e -> {})),
                        group -> {
                            group.start(() -> {
                                running.incrementAndGet();
                                return Tasks.finallyRun(failsAfter(1, bad), running::decrementAndGet);
                            });
                            return ages();
                        }),
                (turn, run) -> {
                    leavesNothing(run);
                    assertThat(running).as("turn %s", turn).hasValue(0);
                    assertThat(run.outcome().isSuccess()).isFalse();
                });
    }

    @Test
    void aChildThatWasReadyAndFailsIsStartedAgain() {
        AtomicInteger tries = new AtomicInteger();
        VirtualRun<String> run = VirtualRun.of(() -> TaskGroup.with(
                supervised(Supervision.restarting(5, MINUTE).onFailure(told::add)),
                group -> group.<String>startReady("server", ready -> {
                    int mine = tries.incrementAndGet();
                    if (mine == 1) {
                        // not ready yet: tried again, and the starter waits
                        return failsAfter(1, bad).call();
                    }
                    ready.ready("ready at " + mine);
                    return mine == 2 ? failsAfter(1, bad).call() : ms(1);
                })));
        assertThat(resultOf(run)).isEqualTo("ready at 2");
        assertThat(tries).hasValue(3);
    }

    @Test
    void badOptionsAreRefused() {
        assertThatThrownBy(() -> Supervision.restarting(0, MINUTE)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Supervision.restarting(1, Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whoIgnoresTheCancelPastTheGraceIsReportedByNameAndWaitedFor() {
        TaskGroup.Options options = TaskGroup.Options.named("pages").grace(Duration.ofSeconds(5));
        List<Coroutine<Object>> ways = List.of(
                // cancelled by its own code, by a sibling's failure, from outside
                () -> TaskGroup.with(options, group -> {
                    group.start("stubborn", agesThen(() -> ms(8_000)));
                    return ms(1).<Object>mapEmpty().onSuccess(v -> group.cancel(CancelReason.USER));
                }),
                () -> TaskGroup.with(options, group -> {
                    group.start("stubborn", agesThen(() -> ms(8_000)));
                    group.start(failsAfter(1, bad));
                    return ages();
                }),
                () -> Tasks.timeout(
                        Duration.ofMillis(1),
                        () -> TaskGroup.with(options, group -> {
                            group.start("stubborn", agesThen(() -> ms(8_000)));
                            return ages();
                        })));
        for (Coroutine<Object> way : ways) {
            VirtualRun<Object> run = VirtualRun.of(way);
            assertThat(run.elapsed()).isEqualTo(Duration.ofMillis(8_001));
            assertThat(run.pendingTimers()).isZero();
            assertThat(run.unhandled())
                    .singleElement()
                    .isInstanceOfSatisfying(
                            StillRunningException.class,
                            e -> assertThat(e.tasks())
                                    .singleElement()
                                    .asString()
                                    .isEqualTo("task 'main/stubborn' CANCELLING"));
        }
    }

    @Test
    void aBodyThatIgnoresTheCancelIsReportedAndOneThatIsDoneInTimeIsNot() {
        TaskGroup.Options options = TaskGroup.Options.named("pages").grace(Duration.ofSeconds(5));
        VirtualRun<Void> run = VirtualRun.of(() -> TaskGroup.with(options, group -> {
            group.cancel(CancelReason.USER);
            return Tasks.shield(() -> ms(8_000));
        }));
        // the wait for a shield ends at once: what holds the group up is the shield
        assertThat(run.unhandled()).singleElement().isInstanceOf(StillRunningException.class);
        VirtualRun<Void> quick = VirtualRun.of(() -> TaskGroup.with(options, group -> {
            group.start(agesThen(() -> ms(4_999)));
            group.cancel(CancelReason.USER);
            return ages();
        }));
        leavesNothing(quick);
    }

    @Test
    @Tag("semantics-56")
    void aGroupCancelledFromOutsideWithinItsGraceIsJustCancelled() {
        cancelOf(VirtualRun.of(() -> {
            Task<?> me = Task.current().orElseThrow();
            return TaskGroup.with(group -> {
                group.start(agesThen(() -> ms(100)));
                return ms(1).onSuccess(v -> me.cancel()).compose(v -> ages());
            });
        }));
    }

    @Test
    void aChildThatPassesOnTheCancellationOfAnotherHasNotFailed() {
        VirtualRun<String> run = VirtualRun.of(() -> {
            Task<Void> other = Tasks.start(Scripts::ages);
            return TaskGroup.with(supervised(Supervision.reporting()), group -> {
                        group.start("waits for it", other::future);
                        return ms(1).compose(v -> other.cancelAndJoin()).compose(v -> ms(1));
                    })
                    .map("went on");
        });
        assertThat(resultOf(run)).isEqualTo("went on");
    }
}
