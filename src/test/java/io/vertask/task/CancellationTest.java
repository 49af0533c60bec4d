package io.vertask.task;

import static io.vertask.task.Scripts.after;
import static io.vertask.task.Scripts.ages;
import static io.vertask.task.Scripts.agesThen;
import static io.vertask.task.Scripts.cancelOf;
import static io.vertask.task.Scripts.doing;
import static io.vertask.task.Scripts.failureOf;
import static io.vertask.task.Scripts.ms;
import static io.vertask.task.Scripts.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class CancellationTest {
    private final IllegalStateException bad = new IllegalStateException("bad");

    private static Task<?> me() {
        return Task.current().orElseThrow();
    }

    @Test
    @Tag("semantics-13")
    @Tag("semantics-23")
    void aTaskCountsAsCancelledOnlyAfterItsCleanup() {
        List<String> log = new ArrayList<>();
        resultOf(VirtualRun.of(() -> {
            Task<Void> task = Tasks.start(agesThen(() -> ms(20).onSuccess(v -> log.add("cleaned"))));
            return ms(1).compose(v -> {
                        assertThat(task.cancel()).isTrue();
                        assertThat(task.tryOutcome()).isEmpty();
                        return task.settled();
                    })
                    .onSuccess(end -> {
                        log.add("awaited");
                        assertThat(end).isInstanceOf(Outcome.Cancelled.class);
                        assertThat(task.state()).isEqualTo(Task.State.CANCELLED);
                    });
        }));
        assertThat(log).containsExactly("cleaned", "awaited");
    }

    @Test
    @Tag("semantics-14")
    void cancellingAFinishedTaskChangesNothing() {
        resultOf(VirtualRun.of(() -> {
            Task<String> task = Tasks.start(after(1, "value"));
            return task.future()
                    .compose(v -> {
                        assertThat(task.cancel()).isFalse();
                        assertThat(task.state()).isEqualTo(Task.State.SUCCEEDED);
                        return task.cancelAndJoin();
                    })
                    .onSuccess(end -> assertThat(end).isEqualTo(new Outcome.Success<>("value")));
        }));
    }

    @Test
    @Tag("semantics-15")
    void aTaskCancelledBeforeItsFirstTurnNeverRuns() {
        AtomicInteger ran = new AtomicInteger();
        Outcome<Void> end = resultOf(VirtualRun.of(() -> {
            Task<Void> task =
                    Tasks.start(() -> Tasks.finallyDo(doing(ran::incrementAndGet), doing(ran::incrementAndGet)));
            return task.cancelAndJoin(CancelReason.user("at once"));
        }));
        assertThat(ran).hasValue(0);
        assertThat(end).isInstanceOf(Outcome.Cancelled.class);
    }

    @Test
    @Tag("semantics-16")
    void aBodyThatCatchesTheCancelAndReturnsAValueSucceeds() {
        Outcome<String> end = resultOf(VirtualRun.of(() -> {
            Task<String> task =
                    Tasks.start(() -> Scripts.<String>ages().recover(e -> Future.succeededFuture("caught")));
            return ms(1).compose(v -> task.cancelAndJoin());
        }));
        assertThat(end).isEqualTo(new Outcome.Success<>("caught"));
    }

    @Test
    @Tag("semantics-18")
    void inACancelledScopeEveryVerbFailsAtOnce() {
        AtomicInteger ran = new AtomicInteger();
        Coroutine<Void> body = doing(ran::incrementAndGet);
        List<Supplier<Future<?>>> verbs = List.of(
                () -> ms(1),
                () -> Tasks.sleep(Duration.ZERO),
                () -> Tasks.gather(body),
                () -> Tasks.gather(),
                () -> Tasks.settle(body),
                () -> Tasks.timeout(Duration.ofSeconds(1), body),
                () -> Tasks.waitFor(body, Duration.ZERO),
                () -> TaskGroup.with(group -> Future.succeededFuture()),
                () -> TaskGroup.open("late").close(),
                () -> TaskGroup.with(group -> group.start(body).future()),
                () -> Tasks.loopWhile(() -> body.call().map(false)),
                () -> Tasks.start(body).future(),
                () -> Waiter.<Void>await("nothing", wait -> ran.incrementAndGet()));
        List<Object> unlike = new ArrayList<>();
        VirtualRun<Void> run = VirtualRun.of(() -> {
            me().cancel(CancelReason.user("why"));
            Future<Void> chain = Future.succeededFuture();
            for (Supplier<Future<?>> verb : verbs) {
                chain = chain.compose(v -> {
                    return verb.get().transform(end -> {
                        if (!(end.cause() instanceof CancelledException e)
                                || e.reason().detail() != "why") {
                            unlike.add(verbs.indexOf(verb) + ": " + end);
                        }
                        return Future.succeededFuture();
                    });
                });
            }
            return chain;
        });
        assertThat(unlike).isEmpty();
        assertThat(ran).hasValue(0);
        assertThat(run.outcome().isSuccess()).isTrue();
        Scripts.leavesNothing(run);
    }

    @Test
    @Tag("semantics-18")
    void aGroupOpenedInACancelledScopeTakesNoChildren() {
        AtomicInteger ran = new AtomicInteger();
        VirtualRun<String> run = VirtualRun.of(() -> {
            me().cancel();
            TaskGroup group = TaskGroup.open("late");
            try {
                group.start(doing(ran::incrementAndGet));
            } catch (ClosedException e) {
                ran.addAndGet(100);
            }
            return group.close().map("x");
        });
        cancelOf(run);
        assertThat(ran).hasValue(100);
    }

    @Test
    @Tag("semantics-18")
    void aStrayRecoverCannotKeepACancelledLoopGoing() {
        AtomicInteger rounds = new AtomicInteger();
        VirtualRun<Void> run = VirtualRun.of(() -> Tasks.timeout(
                Duration.ofSeconds(10),
                () -> Tasks.forever(() -> {
                    rounds.incrementAndGet();
                    return ms(1_000).recover(e -> Future.succeededFuture());
                })));
        assertThat(failureOf(run)).isInstanceOf(TaskTimeoutException.class);
        assertThat(rounds).hasValueBetween(10, 11);
    }

    @Test
    @Tag("semantics-19")
    void aTaskThatCancelsItselfAndThenAwaitsAChildCancelsTheChildToo() {
        List<String> log = new ArrayList<>();
        cancelOf(VirtualRun.of(() -> {
            Task<Void> child = Tasks.start(agesThen(() -> ms(5).onSuccess(v -> log.add("child cleaned"))));
            return ms(1).compose(v -> {
                me().cancel();
                return child.future()
                        .onComplete(end ->
                                log.add("awaited " + end.cause().getClass().getSimpleName()));
            });
        }));
        assertThat(log).containsExactlyInAnyOrder("awaited CancelledException", "child cleaned");
    }

    @Test
    @Tag("semantics-20")
    void aTaskCancelledWithoutAwaitingAgainIsCancelled() {
        cancelOf(VirtualRun.of(() -> {
            me().cancel();
            return Future.succeededFuture("value");
        }));
        cancelOf(VirtualRun.of(() -> ms(1).map(v -> {
            me().cancel();
            return "value";
        })));
        cancelOf(VirtualRun.of(() -> Tasks.timeout(Duration.ofSeconds(1), () -> {
            me().cancel();
            return Future.succeededFuture("value");
        })));
    }

    @Test
    @Tag("semantics-21")
    void twoRequestsInOneTurnAreOneCancellationTheFirstOne() {
        AtomicInteger told = new AtomicInteger();
        Outcome<Void> end = resultOf(VirtualRun.of(() -> {
            Task<Void> task = Tasks.start(() -> Scripts.<Void>ages().onFailure(e -> told.incrementAndGet()));
            return ms(1).compose(v -> {
                task.cancel(CancelReason.user("first"));
                task.cancel(CancelReason.user("second"));
                return task.settled();
            });
        }));
        assertThat(told).hasValue(1);
        assertThat(end)
                .isInstanceOfSatisfying(
                        Outcome.Cancelled.class,
                        c -> assertThat(c.cause().reason().detail()).isEqualTo("first"));
    }

    @Test
    @Tag("semantics-22")
    void aCancelledChildDoesNotMarkItsParentCancelled() {
        AtomicInteger went = new AtomicInteger();
        VirtualRun<String> recovers = VirtualRun.of(() -> {
            Task<Void> child = Tasks.start(Scripts::ages);
            return ms(1).compose(v -> {
                        child.cancel();
                        return child.future();
                    })
                    .recover(e -> ms(1).onSuccess(v -> went.incrementAndGet()))
                    .map("goes on");
        });
        assertThat(resultOf(recovers)).isEqualTo("goes on");
        assertThat(went).hasValue(1);
        VirtualRun<Void> passesOn = VirtualRun.of(() -> {
            Task<Void> child = Tasks.start("child", Scripts::ages);
            child.cancel();
            return child.future();
        });
        assertThat(failureOf(passesOn))
                .isInstanceOfSatisfying(
                        CancelledException.class, e -> assertThat(e.task()).isEqualTo("main/child"));
    }

    @Test
    @Tag("semantics-25")
    void aCleanupThatFailsMakesTheTaskFailWithTheCancelSuppressedOrCause() {
        VirtualRun<Void> run = VirtualRun.of(() -> {
            Task<Void> task = Tasks.start(
                    () -> ages().recover(e -> Future.failedFuture(bad)).mapEmpty());
            return ms(1).compose(v -> task.cancelAndJoin()).compose(end -> {
                assertThat(end).isEqualTo(new Outcome.Failure<>(bad));
                assertThat(bad.getSuppressed()).singleElement().isInstanceOf(CancelledException.class);
                return Future.succeededFuture();
            });
        });
        resultOf(run);
    }

    @Test
    @Tag("semantics-26")
    void theReasonReachesBodyAwaiterAndMessageUnchanged() {
        Object detail = new Object[] {"anything"};
        for (Object payload : java.util.Arrays.asList(detail, "text", null)) {
            List<CancelledException> seen = new ArrayList<>();
            resultOf(VirtualRun.of(() -> {
                Task<Void> task = Tasks.start(
                        "worker",
                        () -> Tasks.timeout(
                                Duration.ofDays(2),
                                () -> Tasks.gather(() -> ages().onFailure(e -> seen.add((CancelledException) e)))
                                        .mapEmpty()));
                return ms(1).compose(v -> {
                    task.cancel(CancelReason.user(payload));
                    return task.future().recover(e -> {
                        seen.add((CancelledException) e);
                        return Future.succeededFuture();
                    });
                });
            }));
            assertThat(seen).hasSize(2).allSatisfy(e -> {
                assertThat(e.reason().kind()).isEqualTo(CancelReason.Kind.USER);
                assertThat(e.reason().detail()).isSameAs(payload);
                assertThat(e.by()).isEqualTo("main");
                assertThat(e.getStackTrace()).isEmpty();
                assertThat(e).hasMessageContaining("worker").hasMessageContaining("asked by main");
            });
        }
    }

    @Test
    @Tag("semantics-26")
    void aGroupCancelSaysWhoAsked() {
        List<String> by = new ArrayList<>();
        resultOf(VirtualRun.of(() -> TaskGroup.with("pages", group -> {
            group.start(() -> ages().onFailure(e -> by.add(((CancelledException) e).by())));
            Tasks.start("boss", doing(() -> group.cancel(CancelReason.USER)));
            return ages();
        })));
        assertThat(by).singleElement().asString().endsWith("boss");
    }

    @Test
    @Tag("semantics-33")
    void cancelAndJoinDoesNotSwallowACancelOfItsCaller() {
        List<String> log = new ArrayList<>();
        VirtualRun<Outcome<Void>> run = VirtualRun.of(() -> {
            Task<Void> stubborn = Tasks.start(agesThen(() -> ms(100).onSuccess(v -> log.add("cleaned"))));
            Task<?> caller = me();
            Tasks.start(() -> ms(50).onSuccess(v -> caller.cancel()));
            return ms(1).compose(v -> stubborn.cancelAndJoin());
        });
        cancelOf(run);
        assertThat(run.elapsed()).isEqualTo(Duration.ofMillis(101));
        assertThat(log).containsExactly("cleaned");
    }

    @Test
    @Tag("semantics-34")
    void aFatalErrorDuringACancelIsTheOutcomeAndIsReported() {
        OutOfMemoryError fatal = new OutOfMemoryError("thrown on purpose");
        VirtualRun<Outcome<Void>> run = VirtualRun.of(() -> {
            Task<Void> task = Tasks.start(agesThen(() -> {
                throw fatal;
            }));
            return ms(1).compose(v -> task.cancelAndJoin());
        });
        assertThat(run.unhandled()).containsExactly(fatal);
        assertThat(run.outcome().isSuccess()).isTrue();
        assertThat(run.outcome().orElseThrow()).isEqualTo(new Outcome.Failure<>(fatal));
    }

    @Test
    void aTaskThatWasAskedToStopAndPassesOnTheCancellationOfAnotherAnswersItsOwnRequest() {
        VirtualRun<Outcome<Object>> run = VirtualRun.of(() -> {
            Task<Void> other = Tasks.start("other", Scripts::ages);
            Task<Object> task = Tasks.start(
                    "task",
                    () -> other.future()
                            .<Object>mapEmpty()
                            .recover(theirs -> ages().transform(mine -> Future.failedFuture(theirs))));
            return ms(1).compose(v -> other.cancelAndJoin())
                    .compose(v -> ms(1))
                    .compose(v -> task.cancelAndJoin(CancelReason.user("mine")));
        });
        assertThat(resultOf(run)).isInstanceOfSatisfying(Outcome.Cancelled.class, end -> {
            assertThat(end.cause().task()).isEqualTo("main/task");
            assertThat(end.cause().reason().detail()).isEqualTo("mine");
        });
    }
}
