package io.vertask.task;

import static io.vertask.task.Scripts.after;
import static io.vertask.task.Scripts.ages;
import static io.vertask.task.Scripts.agesThen;
import static io.vertask.task.Scripts.always;
import static io.vertask.task.Scripts.doing;
import static io.vertask.task.Scripts.failsAfter;
import static io.vertask.task.Scripts.failureOf;
import static io.vertask.task.Scripts.ms;
import static io.vertask.task.Scripts.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class TaskLifeTest {
    private final IllegalStateException bad = new IllegalStateException("bad");

    @Test
    @Tag("semantics-1")
    void aCoroutineRunsOnlyWhenStartedAndAfreshEachTime() {
        AtomicInteger runs = new AtomicInteger();
        Coroutine<Integer> body = () -> ms(1).map(v -> runs.incrementAndGet());
        assertThat(runs).hasValue(0);
        assertThat(resultOf(VirtualRun.of(() -> Tasks.gather(body, body)))).containsExactly(1, 2);
    }

    @Test
    @Tag("semantics-2")
    void theStarterGoesOnBeforeTheBodyBegins() {
        List<String> log = new ArrayList<>();
        resultOf(VirtualRun.of(() -> {
            Task<Void> task = Tasks.start(doing(() -> log.add("body")));
            log.add("starter");
            assertThat(task.state()).isEqualTo(Task.State.QUEUED);
            return task.future();
        }));
        assertThat(log).containsExactly("starter", "body");
    }

    @Test
    @Tag("semantics-3")
    void everyTaskFindsItselfCurrentAtEveryStepAlsoAfterAThrow() {
        Coroutine<Void> body = () -> {
            Task<?> me = Task.current().orElseThrow();
            return Tasks.loopWhile(() -> ms(1).compose(v -> Tasks.timeout(Duration.ofSeconds(1), () -> ms(1)))
                            .map(v -> {
                                assertThat(Task.current()).hasValue(me);
                                return me.state() != Task.State.CANCELLING;
                            }))
                    .recover(e -> {
                        assertThat(Task.current()).hasValue(me);
                        throw new IllegalStateException("thrown");
                    });
        };
        for (long seed = 0; seed < 20; seed++) {
            VirtualRun<List<Outcome<Void>>> run = VirtualRun.seeded(
                    seed,
                    () -> Tasks.settle(
                            () -> Tasks.timeout(Duration.ofMillis(9), body),
                            () -> Tasks.timeout(Duration.ofMillis(7), body)));
            assertThat(resultOf(run))
                    .allSatisfy(end -> assertThat(end.errorOrNull()).hasMessage("thrown"));
        }
        assertThat(Task.current()).isEmpty();
    }

    @Test
    @Tag("semantics-4")
    void aTaskThatWaitsForItselfFailsInsteadOfHanging() {
        VirtualRun<Object> run =
                VirtualRun.of(() -> Task.current().orElseThrow().future().mapEmpty());
        assertThat(failureOf(run)).isInstanceOf(IllegalStateException.class).hasMessageContaining("waits for itself");
        VirtualRun<Object> inner = VirtualRun.of(() -> Tasks.timeout(
                Duration.ofSeconds(1),
                () -> Task.current().orElseThrow().future().mapEmpty()));
        assertThat(failureOf(inner)).hasMessageContaining("waits for itself");
    }

    @Test
    @Tag("semantics-6")
    void aFailureNobodyLooksAtIsReportedOnceWhenItsScopeEnds() {
        VirtualRun<String> run = VirtualRun.of(() -> {
            Tasks.start("lonely", failsAfter(1, bad));
            return ms(10).map("done");
        });
        assertThat(run.outcome().isSuccess()).isTrue();
        assertThat(run.unhandled())
                .singleElement()
                .satisfies(e -> assertThat(e)
                        .isInstanceOf(UnobservedFailureException.class)
                        .hasCause(bad)
                        .hasMessageContaining("main/lonely"));
    }

    @Test
    @Tag("semantics-6")
    void aFailureInTheCleanupOfALeftoverIsReportedOnce() {
        VirtualRun<String> run = VirtualRun.of(() -> {
            Tasks.start("left over", agesThen(failsAfter(1, bad)));
            return ms(10).map("done");
        });
        assertThat(run.outcome().isSuccess()).isTrue();
        assertThat(run.unhandled()).singleElement().satisfies(e -> assertThat(e).hasCause(bad));
    }

    @Test
    @Tag("semantics-6")
    void aFailureSomebodyLookedAtIsNotReported() {
        resultOf(VirtualRun.of(() -> {
            Task<Void> joined = Tasks.start(failsAfter(1, bad));
            Task<Void> peeked = Tasks.start(failsAfter(1, bad));
            Task<Void> settled = Tasks.start(failsAfter(1, bad));
            return always(joined.future(), settled::settled)
                    .onSuccess(v -> assertThat(peeked.tryOutcome()).isPresent());
        }));
    }

    @Test
    @Tag("semantics-6")
    void aFailureLookedAtLaterInTheSameScopeIsNotReported() {
        resultOf(VirtualRun.of(() -> {
            Task<Void> task = Tasks.start(failsAfter(1, bad));
            return ms(50).compose(v -> task.future().recover(e -> Future.succeededFuture()));
        }));
    }

    @Test
    @Tag("semantics-6")
    void aRootsFailureIsReportedAfterAMomentOnAVirtualClockToo() {
        List<Throwable> reported = new ArrayList<>();
        VirtualRun<Void> run = VirtualRun.of(() -> {
            Tasks.start(Vertx.currentContext().owner(), "root", () -> {
                Vertx.currentContext().exceptionHandler(reported::add);
                return failsAfter(1, bad).call();
            });
            return ms(3_600_000);
        });
        assertThat(run.outcome().isSuccess()).isTrue();
        assertThat(run.elapsed()).isEqualTo(Duration.ofHours(1));
        assertThat(reported).singleElement().satisfies(e -> assertThat(e).hasCause(bad));
    }

    @Test
    @Tag("semantics-6")
    void aCancelledTaskIsNeverReported() {
        resultOf(VirtualRun.of(() -> {
            Tasks.start(Scripts::ages);
            Task<Void> asked = Tasks.start(Scripts::ages);
            return ms(1).onSuccess(v -> asked.cancel()).compose(v -> ms(1));
        }));
    }

    @Test
    @Tag("semantics-7")
    void aTaskRunsToItsEndThoughNobodyKeepsIt() {
        AtomicInteger done = new AtomicInteger();
        resultOf(VirtualRun.of(() -> {
            Tasks.start(() -> ms(5).onSuccess(v -> done.incrementAndGet()));
            return ms(1).compose(v -> {
                System.gc();
                return ms(10);
            });
        }));
        assertThat(done).hasValue(1);
    }

    @Test
    @Tag("semantics-9")
    void sleepOfZeroGivesTheOthersExactlyOneTurn() {
        List<String> log = new ArrayList<>();
        Coroutine<Void> body = () -> {
            String me = Task.current().orElseThrow().name();
            log.add(me);
            return Tasks.sleep(Duration.ZERO)
                    .onSuccess(v -> log.add(me))
                    .compose(v -> Tasks.sleep(Duration.ofSeconds(-1)))
                    .onSuccess(v -> log.add(me));
        };
        resultOf(VirtualRun.of(() -> {
            Task<Void> a = Tasks.start("a", body);
            Task<Void> b = Tasks.start("b", body);
            return Future.all(a.future(), b.future());
        }));
        assertThat(log).containsExactly("a", "b", "a", "b", "a", "b");
    }

    @Test
    @Tag("semantics-9")
    void cancellingASleepRemovesItsTimerAtOnce() {
        VirtualRun<Outcome<Void>> run = VirtualRun.of(() -> {
            Task<Void> sleeper = Tasks.start(Scripts::ages);
            return ms(1).compose(v -> sleeper.cancelAndJoin());
        });
        resultOf(run);
        assertThat(run.elapsed()).isEqualTo(Duration.ofMillis(1));
    }

    @Test
    @Tag("semantics-11")
    void aListenerThatThrowsHurtsNeitherTheProducerNorTheOtherListeners() {
        List<String> log = new ArrayList<>();
        StackOverflowError overflow = new StackOverflowError("thrown on purpose");
        VirtualRun<String> run = VirtualRun.of(() -> {
            Task<String> task = Tasks.start(after(1, "value"));
            Future<String> future = task.future();
            future.onComplete(end -> {
                throw bad;
            });
            future.onComplete(end -> {
                throw overflow;
            });
            future.onComplete(end -> log.add("after"));
            Task<String> other = Tasks.start(after(1, "other"));
            return future.compose(v -> other.future());
        });
        assertThat(run.outcome()).isEqualTo(new Outcome.Success<>("other"));
        assertThat(run.unhandled()).containsExactly(bad, overflow);
        assertThat(log).containsExactly("after");
    }

    @Test
    @Tag("semantics-12")
    void listenersRunInTheOrderOfTheirRegistration() {
        List<Integer> log = new ArrayList<>();
        resultOf(VirtualRun.of(() -> {
            Future<String> future = Tasks.start(after(1, "x")).future();
            for (int i = 0; i < 5; i++) {
                int n = i;
                future.onComplete(end -> log.add(n));
            }
            return future;
        }));
        assertThat(log).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void aBodyThatThrowsOrReturnsNothingEqualsAFailedFuture() {
        assertThat(failureOf(VirtualRun.of(() -> {
                    throw bad;
                })))
                .isSameAs(bad);
        assertThat(failureOf(VirtualRun.of(() -> Tasks.timeout(Duration.ofSeconds(1), () -> {
                    throw bad;
                }))))
                .isSameAs(bad);
        Coroutine<Void> none = TaskLifeTest::nothing;
        assertThat(failureOf(VirtualRun.of(() -> Tasks.gather(none))))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("returned no future");
    }

    @SuppressWarnings("NullAway")
    private static Future<Void> nothing() {
        return null;
    }

    @Test
    void theStatesAreThoseOfTheTable() {
        List<Task.State> states = new ArrayList<>();
        resultOf(VirtualRun.of(() -> {
            Promise<Void> inCleanup = Promise.promise();
            Task<Void> task = Tasks.start(() -> {
                Tasks.start(agesThen(() -> ms(10)));
                return agesThen(() -> {
                            inCleanup.complete();
                            return ms(10);
                        })
                        .call()
                        .mapEmpty();
            });
            states.add(task.state());
            return ms(1).compose(v -> {
                        states.add(task.state());
                        assertThat(task.cancel()).isTrue();
                        states.add(task.state());
                        return task.settled();
                    })
                    .onSuccess(end -> states.add(task.state()));
        }));
        assertThat(states)
                .containsExactly(Task.State.QUEUED, Task.State.RUNNING, Task.State.CANCELLING, Task.State.CANCELLED);
    }

    @Test
    void aTaskKnowsItsNamePathAndParent() {
        AtomicReference<@Nullable Task<?>> inner = new AtomicReference<>();
        resultOf(VirtualRun.of(() -> Tasks.start(
                        "crawl",
                        () -> Tasks.start("page-7", () -> {
                                    Task<?> me = Task.current().orElseThrow();
                                    inner.set(me);
                                    assertThat(me.path()).isEqualTo("main/crawl/page-7");
                                    assertThat(me.parent().map(Task::name)).hasValue("crawl");
                                    return Future.succeededFuture();
                                })
                                .future())
                .future()));
        assertThat(inner.get())
                .isNotNull()
                .satisfies(task -> assertThat(task.parent()).isEmpty());
    }

    @Test
    @Tag("semantics-35")
    void aFinishedTaskKeepsNothingReachable() throws InterruptedException {
        List<Task<?>> kept = new ArrayList<>();
        List<WeakReference<?>> gone = new ArrayList<>();
        resultOf(VirtualRun.of(() -> Tasks.start("parent", () -> {
                    gone.add(new WeakReference<>(Task.current().orElseThrow()));
                    byte[] local = new byte[1_000];
                    gone.add(new WeakReference<>(local));
                    Task<Integer> child = Tasks.start("child", () -> ms(1).map(v -> local.length));
                    Task<Integer> failed = Tasks.start("failed", failsAfter(1, bad));
                    Task<Integer> stopped = Tasks.start("stopped", () -> ages().map(v -> local.length));
                    kept.add(child);
                    kept.add(failed);
                    kept.add(stopped);
                    return Tasks.timeout(Duration.ofSeconds(1), () -> always(failed.future(), child::future));
                })
                .future()
                .<Void>mapEmpty()));
        // polled: the collector does not say when it is done
        for (int i = 0; i < 100 && gone.stream().anyMatch(ref -> ref.get() != null); i++) {
            System.gc();
            Thread.sleep(20);
        }
        assertThat(gone).allSatisfy(ref -> assertThat(ref.get()).isNull());
        assertThat(kept).allSatisfy(task -> assertThat(task.state().isDone()).isTrue());
    }

    @Test
    @Tag("semantics-6")
    void twoThatFailWithOneErrorAreTwoWhenTheFirstHasBeenLookedAt() {
        IllegalStateException one = new IllegalStateException("one");
        VirtualRun<Void> run = VirtualRun.of(() -> {
            Task<Object> first = Tasks.start("first", failsAfter(1, one));
            Tasks.start("second", failsAfter(5, one));
            Tasks.start("third", failsAfter(6, one));
            return ms(2).compose(v -> {
                assertThat(first.tryOutcome()).isPresent();
                return ms(10);
            });
        });
        assertThat(run.unhandled())
                .singleElement()
                .satisfies(
                        e -> assertThat(e).hasMessageContaining("'main/second'").hasCause(one));
    }
}
