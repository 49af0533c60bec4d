package io.vertask.task;

import static io.vertask.task.Scripts.after;
import static io.vertask.task.Scripts.ages;
import static io.vertask.task.Scripts.cancelOf;
import static io.vertask.task.Scripts.failsAfter;
import static io.vertask.task.Scripts.failureOf;
import static io.vertask.task.Scripts.leavesNothing;
import static io.vertask.task.Scripts.ms;
import static io.vertask.task.Scripts.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class WaitUntilTest {
    private final IllegalStateException bad = new IllegalStateException("bad");

    @Test
    @Tag("semantics-130")
    void allFirstAndFirstFailedEachGiveDoneAndPending() {
        record Case(Until until, long ends, int done) {}
        for (Case c : List.of(
                new Case(Until.ALL_COMPLETED, 30, 4),
                new Case(Until.FIRST_COMPLETED, 5, 1),
                new Case(Until.FIRST_FAILED, 20, 3))) {
            for (long seed = 0; seed < 50; seed++) {
                VirtualRun<Integer> run = VirtualRun.seeded(seed, () -> {
                    List<Task<String>> tasks = List.of(
                            Tasks.start(after(30, "slow")),
                            Tasks.start(() -> {
                                // cancelled is not failed
                                Task.current().orElseThrow().cancel();
                                return ages();
                            }),
                            Tasks.start(after(6, "a")),
                            Tasks.start(failsAfter(20, bad)));
                    return ms(5).compose(v -> Tasks.waitUntil(c.until(), tasks))
                            .map(waited -> {
                                assertThat(Tasks.nanoTime()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(c.ends()));
                                assertThat(waited.done())
                                        .hasSize(c.done())
                                        .allMatch(t -> t.state().isDone());
                                assertThat(waited.pending()).hasSize(4 - c.done());
                                tasks.get(3).tryOutcome();
                                return waited.done().size();
                            })
                            // to look at the failure
                            .compose(done -> tasks.get(3).settled().map(done));
                });
                assertThat(resultOf(run)).as("seed %s, %s", seed, c).isEqualTo(c.done());
            }
        }
    }

    @Test
    @Tag("semantics-130")
    void aLimitIsNoFailureAndThePendingAreLeftAlone() {
        VirtualRun<String> run = VirtualRun.of(() -> {
            Task<String> quick = Tasks.start(after(5, "quick"));
            Task<String> slow = Tasks.start(after(50, "slow"));
            return Tasks.waitUntil(Until.ALL_COMPLETED, List.of(quick, slow), Duration.ofMillis(10))
                    .compose(waited -> {
                        assertThat(waited.done()).containsExactly(quick);
                        assertThat(waited.pending()).containsExactly(slow);
                        assertThat(slow.state()).isEqualTo(Task.State.RUNNING);
                        return slow.future();
                    });
        });
        assertThat(resultOf(run)).isEqualTo("slow");
    }

    @Test
    @Tag("semantics-130")
    void aLimitOfZeroOnlyLooks() {
        resultOf(VirtualRun.of(() -> {
            Task<String> over = Tasks.start(after(1, "over"));
            Task<String> slow = Tasks.start(after(50, "slow"));
            return ms(5).compose(v -> Tasks.waitUntil(Until.ALL_COMPLETED, List.of(slow, over, over), Duration.ZERO))
                    .onSuccess(waited -> {
                        assertThat(waited.done()).containsExactly(over);
                        assertThat(waited.pending()).containsExactly(slow);
                    });
        }));
    }

    @Test
    @Tag("semantics-130")
    void whatIsDoneAlreadyIsInDoneThoughOneWouldDo() {
        resultOf(VirtualRun.of(() -> {
            List<Task<String>> tasks = List.of(Tasks.start(after(1, "a")), Tasks.start(after(2, "b")));
            return ms(5).compose(v -> Tasks.waitUntil(Until.FIRST_COMPLETED, tasks))
                    .onSuccess(waited -> assertThat(waited.done()).containsExactlyElementsOf(tasks));
        }));
    }

    @Test
    @Tag("semantics-130")
    void noFailureIsLookedAt() {
        VirtualRun<Void> run = VirtualRun.of(() -> {
            Task<Void> fails = Tasks.start("quiet", failsAfter(1, bad));
            return Tasks.waitUntil(Until.ALL_COMPLETED, List.of(fails)).mapEmpty();
        });
        assertThat(run.unhandled())
                .singleElement()
                .isInstanceOfSatisfying(
                        UnobservedFailureException.class, e -> assertThat(e).hasCause(bad));
    }

    @Test
    @Tag("semantics-131")
    void cancellingItCancelsOnlyTheWaiting() {
        VirtualRun<String> run = VirtualRun.of(() -> {
            Task<String> slow = Tasks.start(after(50, "slow"));
            Task<?> waiting = Tasks.start(() -> Tasks.waitUntil(Until.ALL_COMPLETED, List.of(slow)));
            return ms(5).compose(v -> waiting.cancelAndJoin()).compose(outcome -> {
                assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
                return slow.future();
            });
        });
        assertThat(resultOf(run)).isEqualTo("slow");
        assertThat(run.elapsed()).isEqualTo(Duration.ofMillis(50));
    }

    @Test
    @Tag("semantics-131")
    void aCancelAtAnyTurnIsNotLost() {
        VirtualRun.cancelledAtEveryTurn(
                () -> () -> {
                    List<Task<String>> tasks = List.of(Tasks.start(after(3, "a")), Tasks.start(after(5, "b")));
                    return Tasks.waitUntil(Until.FIRST_COMPLETED, tasks, Duration.ofMillis(4))
                            .compose(waited -> tasks.get(1).future());
                },
                (turn, run) -> {
                    leavesNothing(run);
                    assertThat(run.outcome() instanceof Outcome.Cancelled
                                    || run.elapsed().toMillis() == 5)
                            .as("turn %s of %s: %s", turn, run.turns(), run.outcome())
                            .isTrue();
                });
        cancelOf(VirtualRun.of(() -> {
            Task<String> task = Tasks.start(after(3, "a"));
            Task.current().orElseThrow().cancel();
            return Tasks.waitUntil(Until.FIRST_COMPLETED, List.of(task));
        }));
    }

    @Test
    @Tag("semantics-131")
    void noneNullAndOneselfAreRefused() {
        assertThat(failureOf(VirtualRun.of(() -> Tasks.waitUntil(Until.ALL_COMPLETED, List.of()))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(failureOf(VirtualRun.of(() -> Tasks.waitUntil(Until.ALL_COMPLETED, Arrays.asList((Task<?>) null)))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(failureOf(VirtualRun.of(() -> Tasks.waitUntil(
                        Until.ALL_COMPLETED, List.of(Task.current().orElseThrow())))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("waits for itself");
    }

    @Test
    void itIsCutByATimeoutAroundIt() {
        VirtualRun<Void> run = VirtualRun.of(() -> {
            Task<String> slow = Tasks.start(after(50, "slow"));
            return Tasks.timeout(Duration.ofMillis(10), () -> Tasks.waitUntil(Until.ALL_COMPLETED, List.of(slow)))
                    .mapEmpty();
        });
        assertThat(failureOf(run)).isInstanceOf(TaskTimeoutException.class);
    }

    @Test
    void tasksOfOtherLoopsAreWaitedForToo() throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
        try {
            Task<Integer> waiting = Tasks.start(vertx, "waiting", () -> {
                List<Task<Integer>> elsewhere = List.of(
                        Tasks.start(vertx, "one", () -> ms(5).map(1)),
                        Tasks.start(vertx, "two", () -> ms(10).map(2)),
                        Tasks.start(vertx, "never", Scripts::<Integer>ages));
                return Tasks.waitUntil(Until.ALL_COMPLETED, elsewhere.subList(0, 2))
                        .compose(all -> Tasks.waitUntil(Until.FIRST_COMPLETED, elsewhere))
                        .map(waited -> {
                            waited.pending().forEach(Task::cancel);
                            return waited.done().size();
                        });
            });
            Future<Integer> end = waiting.future();
            assertThat(end.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS))
                    .isEqualTo(2);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }
}
