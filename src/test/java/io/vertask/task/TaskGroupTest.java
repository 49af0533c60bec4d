package io.vertask.task;

import static io.vertask.task.Scripts.after;
import static io.vertask.task.Scripts.ages;
import static io.vertask.task.Scripts.agesThen;
import static io.vertask.task.Scripts.always;
import static io.vertask.task.Scripts.cancelOf;
import static io.vertask.task.Scripts.doing;
import static io.vertask.task.Scripts.failsAfter;
import static io.vertask.task.Scripts.failureOf;
import static io.vertask.task.Scripts.ms;
import static io.vertask.task.Scripts.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class TaskGroupTest {
    private final IllegalStateException bad = new IllegalStateException("bad");
    private final IllegalStateException worse = new IllegalStateException("worse");

    private static List<Throwable> failures(VirtualRun<?> run) {
        return ((TaskGroupException) failureOf(run)).failures();
    }

    @Test
    @Tag("semantics-45")
    void theGroupWaitsForAllAlsoForThoseStartedAfterItsBodyEnded() {
        List<String> log = new ArrayList<>();
        resultOf(VirtualRun.of(() -> TaskGroup.with(group -> {
                    group.start(
                            "a",
                            () -> ms(10).onSuccess(
                                            v -> group.start("b", () -> ms(10).onSuccess(w -> log.add("late child")))));
                    return Future.succeededFuture("body");
                })
                .onSuccess(v -> log.add("group " + v))));
        assertThat(log).containsExactly("late child", "group body");
    }

    @Test
    @Tag("semantics-45")
    void aGroupWhoseChildrenStartTheNextKeepsNone() {
        // each child has a megabyte: three thousand of them would not fit
        AtomicInteger left = new AtomicInteger(3_000);
        resultOf(VirtualRun.of(() -> TaskGroup.with(group -> {
            class Chain {
                Future<byte[]> link() {
                    return ms(1).map(v -> {
                        if (left.decrementAndGet() > 0) {
                            group.start(this::link);
                        }
                        return new byte[1 << 20];
                    });
                }
            }
            group.start(new Chain()::link);
            return Future.succeededFuture();
        })));
        assertThat(left).hasValue(0);
    }

    @Test
    @Tag("semantics-46")
    void aChildThatFailsCancelsSiblingsAndTheWaitingBody() {
        List<String> log = new ArrayList<>();
        VirtualRun<Void> run = VirtualRun.of(() -> TaskGroup.with("pages", group -> {
            group.start(failsAfter(5, bad));
            group.start(agesThen(() -> ms(20).onSuccess(v -> log.add("sibling"))));
            return agesThen(() -> ms(10).onSuccess(v -> log.add("body"))).call().mapEmpty();
        }));
        assertThat(failureOf(run))
                .isInstanceOf(TaskGroupException.class)
                .hasCause(bad)
                .hasMessage("task group 'pages': " + bad);
        assertThat(log).containsExactly("body", "sibling");
    }

    @Test
    @Tag("semantics-47")
    void aBodyThatFailsCancelsTheChildren() {
        List<String> log = new ArrayList<>();
        VirtualRun<Object> run = VirtualRun.of(() -> TaskGroup.with(group -> {
            group.start(agesThen(doing(() -> log.add("child"))));
            return failsAfter(1, bad).call();
        }));
        assertThat(failures(run)).containsExactly(bad);
        assertThat(log).containsExactly("child");
        assertThat(failures(VirtualRun.of(() -> TaskGroup.with(group -> {
                    throw bad;
                }))))
                .containsExactly(bad);
    }

    @Test
    @Tag("semantics-48")
    void failuresInTheCleanupOfSiblingsAreInTheAggregateAndCancellationsAreNot() {
        VirtualRun<Void> run = VirtualRun.of(() -> TaskGroup.with(group -> {
            group.start(failsAfter(1, bad));
            group.start(agesThen(failsAfter(1, worse)));
            group.start(Scripts::ages);
            return ages();
        }));
        assertThat(failures(run)).containsExactly(bad, worse);
    }

    @Test
    @Tag("semantics-49")
    void aChildCancelledOnItsOwnIsNoFailure() {
        VirtualRun<String> run = VirtualRun.of(() -> TaskGroup.with(group -> {
            Task<Void> child = group.start(Scripts::ages);
            Task<Void> dependent = group.start(child::future);
            return ms(1).onSuccess(v -> child.cancel())
                    .compose(v -> ms(1))
                    .onSuccess(v -> assertThat(dependent.state().isDone()).isTrue())
                    .map("went on");
        }));
        assertThat(resultOf(run)).isEqualTo("went on");
    }

    @Test
    @Tag("semantics-48")
    void aBodyThatPassesACancelledChildOnFailsWithThatAndNotWithAnAggregate() {
        VirtualRun<Void> run = VirtualRun.of(() -> TaskGroup.with(group -> {
            Task<Void> child = group.start(Scripts::ages);
            group.start(Scripts::ages);
            child.cancel();
            return child.future();
        }));
        assertThat(failureOf(run)).isInstanceOf(CancelledException.class);
    }

    @Test
    @Tag("semantics-50")
    @Tag("semantics-56")
    void cancelledFromOutsideTheGroupWaitsForEveryChildAndIsCancelled() {
        AtomicInteger cleaned = new AtomicInteger();
        VirtualRun<Void> run = VirtualRun.of(() -> {
            Task<?> me = Task.current().orElseThrow();
            Tasks.start(() -> Tasks.loopWhile(() -> ms(10).map(v -> me.cancel())));
            return TaskGroup.with(group -> {
                group.start(agesThen(() -> ms(100).onSuccess(v -> cleaned.incrementAndGet())));
                group.start(agesThen(() -> ms(50).onSuccess(v -> cleaned.incrementAndGet())));
                return Future.succeededFuture();
            });
        });
        cancelOf(run);
        assertThat(cleaned).hasValue(2);
    }

    @Test
    @Tag("semantics-51")
    void anOutsideCancelAndAChildErrorGiveTheAggregateAndKeepTheCancel() {
        List<String> log = new ArrayList<>();
        cancelOf(VirtualRun.of(() -> {
            Task<?> me = Task.current().orElseThrow();
            Tasks.start(() -> ms(1).onSuccess(v -> me.cancel()));
            return TaskGroup.with(group -> {
                        group.start(agesThen(failsAfter(1, bad)));
                        return Scripts.<String>ages();
                    })
                    .recover(e -> {
                        log.add(e.getClass().getSimpleName());
                        return ms(1).map("never");
                    });
        }));
        assertThat(log).containsExactly("TaskGroupException");
    }

    @Test
    @Tag("semantics-52")
    void aBodyThatTurnsTheCancelIntoItsOwnErrorHasItInTheAggregate() {
        VirtualRun<Void> run = VirtualRun.of(() -> TaskGroup.with(group -> {
            group.start(failsAfter(1, bad));
            return ages().recover(e -> Future.failedFuture(worse)).mapEmpty();
        }));
        assertThat(failures(run)).containsExactly(bad, worse);
    }

    @Test
    @Tag("semantics-53")
    void anInnerFailureComesAsAnAggregateInTheOuterOne() {
        VirtualRun<Void> run = VirtualRun.of(() -> TaskGroup.with(
                "outer",
                outer -> TaskGroup.with("inner", inner -> {
                    inner.start(failsAfter(1, bad));
                    return ages();
                })));
        assertThat(failures(run))
                .singleElement()
                .isInstanceOfSatisfying(
                        TaskGroupException.class, e -> assertThat(e.failures()).containsExactly(bad));
    }

    @Test
    @Tag("semantics-53")
    void anOuterChildsFailureCancelsTheInnerGroupAndComesFlat() {
        List<String> log = new ArrayList<>();
        VirtualRun<Void> run = VirtualRun.of(() -> TaskGroup.with("outer", outer -> {
            outer.start(failsAfter(5, bad));
            return TaskGroup.with("inner", inner -> {
                inner.start(agesThen(doing(() -> log.add("inner child"))));
                return ages();
            });
        }));
        assertThat(failures(run)).containsExactly(bad);
        assertThat(log).containsExactly("inner child");
    }

    @Test
    @Tag("semantics-54")
    void afterAHandledGroupFailureTheParentGoesOnUncancelled() {
        VirtualRun<String> run = VirtualRun.of(() -> TaskGroup.with(group -> {
                    group.start(failsAfter(1, bad));
                    return Tasks.finallyDo(Scripts::<Void>ages, () -> {
                        throw worse;
                    });
                })
                .<String>mapEmpty()
                .recover(e -> {
                    assertThat(((TaskGroupException) e).failures()).containsExactly(bad, worse);
                    return Tasks.gather(after(1, "next"), after(2, "and next")).map(l -> l.get(1));
                }));
        assertThat(resultOf(run)).isEqualTo("and next");
    }

    @Test
    @Tag("semantics-55")
    void cancellingAGroupStopsChildrenAndBodyAndIsNoError() {
        AtomicInteger told = new AtomicInteger();
        AtomicReference<TaskGroup> kept = new AtomicReference<>();
        VirtualRun<String> run = VirtualRun.of(() -> TaskGroup.with(group -> {
                    kept.set(group);
                    group.start(() -> ages().onFailure(e -> told.incrementAndGet()));
                    group.start(() -> ms(1).onSuccess(v -> {
                        group.cancel(CancelReason.user("enough"));
                        group.cancel(CancelReason.user("again"));
                    }));
                    return Scripts.<String>ages().onFailure(e -> told.incrementAndGet());
                })
                .compose(v -> {
                    Objects.requireNonNull(kept.get()).cancel(CancelReason.USER);
                    return ms(1).map("next works");
                }));
        assertThat(resultOf(run)).isEqualTo("next works");
        assertThat(told).hasValue(2);
    }

    @Test
    @Tag("semantics-57")
    void aStartAfterTheEndIsRefused() {
        AtomicInteger ran = new AtomicInteger();
        resultOf(VirtualRun.of(() -> {
            TaskGroup[] kept = new TaskGroup[1];
            return TaskGroup.with("pages", group -> {
                        kept[0] = group;
                        return Future.succeededFuture();
                    })
                    .compose(v -> {
                        assertThatThrownBy(() -> kept[0].start(doing(ran::incrementAndGet)))
                                .isInstanceOf(ClosedException.class)
                                .hasMessage("task group 'pages' is closed");
                        return ms(1);
                    });
        }));
        assertThat(ran).hasValue(0);
    }

    @Test
    @Tag("semantics-58")
    void aStartWhileTheGroupIsStoppedIsRefusedAlsoFromAChildsCleanup() {
        AtomicInteger ran = new AtomicInteger();
        VirtualRun<Void> run = VirtualRun.of(() -> TaskGroup.with(group -> {
            group.start(agesThen(() -> group.start(doing(ran::incrementAndGet)).future()));
            group.start(failsAfter(1, bad));
            return ages();
        }));
        assertThat(failures(run)).hasSize(2).contains(bad).anyMatch(e -> e instanceof ClosedException);
        assertThat(ran).hasValue(0);
    }

    @Test
    @Tag("semantics-58")
    void aHydraStillEnds() {
        AtomicInteger heads = new AtomicInteger();
        VirtualRun<Void> run = VirtualRun.of(() -> TaskGroup.with(group -> {
            class Hydra {
                Future<Void> head() {
                    heads.incrementAndGet();
                    return always(ms(1), () -> {
                        Tasks.start(this::head);
                        group.start(this::head);
                        return Scripts.<Void>ages().recover(e -> {
                            Tasks.start(this::head);
                            group.start(this::head);
                            return ages();
                        });
                    });
                }
            }
            group.start(new Hydra()::head);
            group.start(failsAfter(6, bad));
            return ages();
        }));
        assertThat(run.outcome().errorOrNull()).isInstanceOf(TaskGroupException.class);
        assertThat(run.unhandled()).allSatisfy(e -> assertThat(e).hasCauseInstanceOf(ClosedException.class));
        assertThat(heads).hasValueBetween(10, 1_000);
    }

    @Test
    @Tag("semantics-60")
    void aFatalErrorPassesUnwrappedWithTheOthersSuppressed() {
        OutOfMemoryError fatal = new OutOfMemoryError("thrown on purpose");
        VirtualRun<Void> run = VirtualRun.of(() -> TaskGroup.with(group -> {
            group.start(() -> {
                throw fatal;
            });
            group.start(agesThen(failsAfter(1, bad)));
            return ages();
        }));
        assertThat(((Outcome.Failure<?>) run.outcome()).error()).isSameAs(fatal);
        assertThat(fatal.getSuppressed()).containsExactly(bad);
    }

    @Test
    void aHundredThousandChildrenAreCancelled() {
        AtomicInteger cancelled = new AtomicInteger();
        resultOf(VirtualRun.of(() -> TaskGroup.with(group -> {
            for (int i = 0; i < 100_000; i++) {
                group.start(() -> ages().onFailure(e -> cancelled.incrementAndGet()));
            }
            return ms(1).onSuccess(v -> group.cancel(CancelReason.USER));
        })));
        assertThat(cancelled).hasValue(100_000);
    }

    @Test
    void aFailedChildsOwnAwaiterGetsTheErrorToo() {
        VirtualRun<Void> run = VirtualRun.of(() -> TaskGroup.with(group -> {
            Task<Void> child = group.start(failsAfter(1, bad));
            return child.future().recover(e -> {
                assertThat(e).isSameAs(bad);
                return Future.succeededFuture();
            });
        }));
        assertThat(failures(run)).containsExactly(bad);
        assertThat(run.elapsed()).isEqualTo(Duration.ofMillis(1));
    }
}
