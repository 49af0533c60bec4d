package io.vertask.direct;

import static io.vertask.direct.Direct.await;
import static io.vertask.direct.Runs.WHY;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.CancelReason;
import io.vertask.task.CancelledException;
import io.vertask.task.Coroutine;
import io.vertask.task.Outcome;
import io.vertask.task.Scripts;
import io.vertask.task.Task;
import io.vertask.task.TaskTimeoutException;
import io.vertask.task.Tasks;
import io.vertask.task.Waiter;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

@EnabledForJreRange(min = JRE.JAVA_21, disabledReason = WHY)
class DirectCancelTest {
    private final List<String> log = new ArrayList<>();

    /** The page's. */
    private void worker(String name) {
        try {
            log.add(name + ": starting");
            while (true) {
                Runs.sleep(500);
                log.add(name + ": tick");
            }
        } catch (CancelledException e) {
            log.add(name + ": cancelled, cleaning up");
            throw e;
        } finally {
            log.add(name + ": done");
        }
    }

    /** Starts {@code code}, cancels it after a second, and gives its end. */
    private <T> VirtualRun<Outcome<T>> cancelledAfterASecond(Coroutine<T> code) {
        return VirtualRun.of(() -> {
            Task<T> task = Tasks.start("background", code);
            return Tasks.sleep(Duration.ofSeconds(1)).compose(slept -> task.cancelAndJoin(CancelReason.user("enough")));
        });
    }

    @Test
    @Tag("semantics-13")
    @Tag("semantics-26")
    void thePagesWorkerCleansUp() {
        VirtualRun<Outcome<Object>> run = cancelledAfterASecond(Direct.body(() -> {
            worker("background");
            return null;
        }));
        assertThat(Scripts.resultOf(run))
                .isInstanceOfSatisfying(
                        Outcome.Cancelled.class,
                        end -> assertThat(end.cause().reason().detail()).isEqualTo("enough"));
        assertThat(log)
                .containsExactly(
                        "background: starting",
                        "background: tick",
                        "background: cancelled, cleaning up",
                        "background: done");
        assertThat(run.elapsed()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    @Tag("semantics-18")
    @Tag("semantics-23")
    void afterACancelEveryAwaitFailsButThoseOfACleanup() {
        VirtualRun<Outcome<Object>> run = cancelledAfterASecond(Direct.body(() -> {
            try {
                Runs.ages();
                return null;
            } finally {
                try {
                    Runs.sleep(1);
                    log.add("must not be reached");
                } catch (CancelledException again) {
                    log.add("no await here");
                }
                log.add(Direct.cleanup(() -> {
                    Runs.sleep(100);
                    return "but here";
                }));
            }
        }));
        assertThat(Scripts.resultOf(run)).isInstanceOf(Outcome.Cancelled.class);
        assertThat(log).containsExactly("no await here", "but here");
        assertThat(run.elapsed()).isEqualTo(Duration.ofMillis(1100));
    }

    @Test
    @Tag("semantics-24")
    void aSecondCancelDoesNotCutACleanupShort() {
        VirtualRun<Outcome<Void>> run = VirtualRun.of(() -> {
            Task<Void> task = Direct.start("twice", () -> {
                try {
                    Runs.ages();
                } finally {
                    Direct.cleanup(() -> {
                        Runs.sleep(100);
                        log.add("cleaned up");
                    });
                }
            });
            return Tasks.sleep(Duration.ofMillis(10))
                    .onSuccess(slept -> task.cancel())
                    .compose(v -> Tasks.sleep(Duration.ofMillis(10)))
                    .compose(v -> task.cancelAndJoin());
        });
        assertThat(Scripts.resultOf(run)).isInstanceOf(Outcome.Cancelled.class);
        assertThat(log).containsExactly("cleaned up");
    }

    @Test
    @Tag("semantics-24")
    void aCleanupsLimitCutsItAndIsReportedAndTheTaskCountsAsCancelled() {
        VirtualRun<Outcome<Void>> run = cancelledAfterASecond(Direct.body(() -> {
            try {
                Runs.ages();
            } finally {
                Direct.cleanup(Duration.ofSeconds(2), Runs::ages);
            }
        }));
        assertThat(run.unhandled()).singleElement().isInstanceOf(TaskTimeoutException.class);
        assertThat(run.outcome().orElseThrow()).isInstanceOf(Outcome.Cancelled.class);
        assertThat(run.elapsed()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void aCleanupThatIsCutWithoutACancelFailsWithItsLimit() {
        VirtualRun<Void> run = VirtualRun.of(Direct.body(() -> Direct.cleanup(Duration.ofSeconds(2), Runs::ages)));
        assertThat(run.unhandled()).singleElement().isInstanceOf(TaskTimeoutException.class);
        assertThat(run.outcome().errorOrNull()).isInstanceOf(TaskTimeoutException.class);
    }

    @Test
    @Tag("semantics-25")
    void aCleanupThatThrowsIsTheFailure() {
        IllegalStateException broken = new IllegalStateException("cleanup failed");
        VirtualRun<Outcome<Void>> run = cancelledAfterASecond(Direct.body(() -> {
            try {
                Runs.ages();
            } finally {
                Direct.cleanup(() -> {
                    Runs.sleep(1);
                    throw broken;
                });
            }
        }));
        assertThat(Scripts.resultOf(run))
                .isInstanceOfSatisfying(
                        Outcome.Failure.class,
                        failed -> assertThat(failed.error()).isSameAs(broken));
    }

    @Test
    @Tag("semantics-15")
    void aBodyThatIsCancelledBeforeItsTurnNeverRuns() {
        VirtualRun<Outcome<Boolean>> run = VirtualRun.of(() -> {
            Task<Boolean> task = Direct.start("never", () -> log.add("ran"));
            // it has begun to wait for its turn
            return Tasks.sleep(Duration.ZERO).compose(turn -> task.cancelAndJoin());
        });
        assertThat(Scripts.resultOf(run)).isInstanceOf(Outcome.Cancelled.class);
        assertThat(log).isEmpty();
    }

    @Test
    @Tag("semantics-16")
    void aBodyThatCatchesTheCancellationSucceeds() {
        VirtualRun<Outcome<String>> run = cancelledAfterASecond(Direct.body(() -> {
            try {
                Runs.ages();
                return "never";
            } catch (CancelledException e) {
                return "caught";
            }
        }));
        assertThat(Scripts.resultOf(run)).isEqualTo(new Outcome.Success<>("caught"));
    }

    @Test
    @Tag("semantics-20")
    void aBodyThatIsCancelledAndNeverWaitsAgainCountsAsCancelled() {
        VirtualRun<Outcome<String>> run = VirtualRun.of(() -> {
            Task<String> task = Direct.start("deaf", () -> {
                Task.current().orElseThrow().cancel();
                return "a value";
            });
            return task.settled();
        });
        assertThat(Scripts.resultOf(run)).isInstanceOf(Outcome.Cancelled.class);
    }

    @Test
    @Tag("semantics-19")
    void aBodyThatCancelsItselfDoesNotWaitAgain() {
        VirtualRun<String> run = VirtualRun.of(Direct.body(() -> {
            Task.current().orElseThrow().cancel();
            Runs.ages();
            return "never";
        }));
        assertThat(Scripts.cancelOf(run).by()).isEqualTo("main");
        assertThat(run.elapsed()).isZero();
    }

    @Test
    void aFutureThatIsNotOurs() {
        Promise<String> never = Promise.promise();
        VirtualRun<Outcome<String>> run = cancelledAfterASecond(Direct.body(() -> await(never.future())));
        assertThat(Scripts.resultOf(run)).isInstanceOf(Outcome.Cancelled.class);
        assertThat(run.elapsed()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    @Tag("semantics-23")
    void anAwaitEndsOnlyWhenWhatItWaitsForHasCleanedUp() {
        VirtualRun<Outcome<Void>> run = cancelledAfterASecond(Direct.body(() -> {
            try {
                await(() -> Tasks.finallyDo(
                        () -> Tasks.sleep(Duration.ofDays(1)),
                        () -> Tasks.sleep(Duration.ofMillis(100)).onSuccess(slept -> log.add("inner"))));
            } finally {
                log.add("outer");
            }
        }));
        assertThat(Scripts.resultOf(run)).isInstanceOf(Outcome.Cancelled.class);
        assertThat(log).containsExactly("inner", "outer");
    }

    @Test
    @Tag("semantics-143")
    void whatABodyHasStartedEndsWithIt() {
        VirtualRun<String> run = VirtualRun.of(Direct.body(() -> {
            Direct.start("left over", () -> worker("child"));
            Runs.sleep(100);
            return "over";
        }));
        assertThat(Scripts.resultOf(run)).isEqualTo("over");
        assertThat(log).containsExactly("child: starting", "child: cancelled, cleaning up", "child: done");
        assertThat(run.elapsed()).isEqualTo(Duration.ofMillis(100));
    }

    /** What a wait has been given reaches the code that waits, and counts: the task has succeeded with it. */
    @Test
    @Tag("semantics-32")
    void aValueThatHasComeIsNotLostToACancel() {
        VirtualRun.cancelledAtEveryTurn(
                () -> {
                    log.clear();
                    return Direct.body(() -> {
                        await(() -> Waiter.<Void>await("an item", wait -> {
                                    wait.onUndelivered(late -> log.add("put back"));
                                    wait.resume(null);
                                })
                                .onSuccess(item -> log.add("taken")));
                        log.add("seen");
                    });
                },
                (turn, run) -> {
                    Scripts.leavesNothing(run);
                    assertThat(log.contains("seen"))
                            .as("cancelled at turn %s: %s", turn, log)
                            .isEqualTo(log.contains("taken"))
                            .isEqualTo(run.outcome().isSuccess());
                });
    }

    @Test
    void theResourcesOfABodyAreReleasedWhateverTurnItIsCancelledAt() {
        List<String> open = new ArrayList<>();
        int runs = VirtualRun.cancelledAtEveryTurn(
                () -> {
                    open.clear();
                    return Direct.body(() -> {
                        for (int i = 0; i < 3; i++) {
                            String name = "resource " + i;
                            open.add(name);
                            try {
                                Runs.sleep(10);
                                Direct.timeout(Duration.ofSeconds(1), () -> {
                                    Runs.turn();
                                    await(() -> Tasks.gather(Direct.body(Runs::turn), () -> Future.succeededFuture()));
                                });
                            } finally {
                                Direct.cleanup(() -> {
                                    Runs.sleep(5);
                                    open.remove(name);
                                });
                            }
                        }
                        return "all";
                    });
                },
                (turn, run) -> {
                    Scripts.leavesNothing(run);
                    assertThat(open).as("open after a cancel at turn %s", turn).isEmpty();
                    assertThat(run.outcome()).isNotInstanceOf(Outcome.Failure.class);
                });
        assertThat(runs).isGreaterThan(30);
    }
}
