package io.vertask.task;

import static io.vertask.task.Scripts.ages;
import static io.vertask.task.Scripts.agesThen;
import static io.vertask.task.Scripts.failsAfter;
import static io.vertask.task.Scripts.leavesNothing;
import static io.vertask.task.Scripts.ms;
import static io.vertask.task.Scripts.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A companion task, which another task uses until its very end. */
class CompanionTest {
    private final List<String> log = new ArrayList<>();
    private final IllegalStateException bad = new IllegalStateException("bad");

    private Task<Object> companion() {
        return Companion.start("companion", agesThen(() -> ms(5).onSuccess(v -> log.add("companion"))), end -> {
            log.add("told: " + end.getClass().getSimpleName());
            return false;
        });
    }

    @Test
    void itIsCancelledAndAwaitedWhenTheBodyOfItsTaskHasEnded() {
        resultOf(VirtualRun.of(() -> Tasks.start(() -> {
                    companion();
                    return ms(1).onSuccess(v -> log.add("body"));
                })
                .future()
                .onSuccess(v -> log.add("task"))));
        assertThat(log).containsExactly("body", "companion", "told: Cancelled", "task");
    }

    @Test
    void cancellingItsTaskReachesItOnlyAfterTheTasksOwnCleanup() {
        resultOf(VirtualRun.of(() -> {
            Task<Void> task = Tasks.start(() -> {
                companion();
                return Tasks.<Void, Boolean>finallyDo(
                        Scripts::ages, () -> ms(10).map(v -> log.add("cleanup of the task")));
            });
            return ms(1).compose(v -> task.cancelAndJoin()).onSuccess(v -> log.add("joined"));
        }));
        assertThat(log).containsExactly("cleanup of the task", "companion", "told: Cancelled", "joined");
    }

    @Test
    void itOutlivesTheLimitAndTheGroupInWhichItWasStarted() {
        resultOf(VirtualRun.of(() -> TaskGroup.with(group -> Tasks.timeout(Duration.ofSeconds(1), () -> {
                    companion();
                    return ms(1);
                }))
                .compose(v -> ms(50))
                .onSuccess(v -> log.add("body"))));
        assertThat(log).containsExactly("body", "companion", "told: Cancelled");
    }

    @Test
    void itCanBeCancelledByName() {
        resultOf(VirtualRun.of(() -> {
            Task<Object> companion = companion();
            return ms(1).compose(v -> companion.cancelAndJoin()).onSuccess(v -> log.add("joined"));
        }));
        assertThat(log).containsExactly("companion", "told: Cancelled", "joined");
    }

    @Test
    void startedWhenItsTaskIsOverItNeverRunsAndSaysSo() {
        List<Outcome<?>> ends = new ArrayList<>();
        resultOf(VirtualRun.of(() -> Tasks.start(() -> {
                    Companion.start("late", () -> ms(1).onSuccess(v -> log.add("ran")), ends::add);
                    return Future.succeededFuture();
                })
                .future()));
        assertThat(log).isEmpty();
        assertThat(ends).singleElement().isInstanceOf(Outcome.Cancelled.class);
    }

    @Test
    void aFailureIsDealtWithByWhoeverIsToldOrReportedOnce() {
        VirtualRun<Void> dealtWith = VirtualRun.of(() -> {
            Companion.start("companion", failsAfter(1, bad), end -> true);
            return ms(10);
        });
        leavesNothing(dealtWith);
        VirtualRun<Void> reported = VirtualRun.of(() -> {
            Companion.start("companion", failsAfter(1, bad), end -> false);
            return ms(10);
        });
        assertThat(reported.outcome().isSuccess()).isTrue();
        assertThat(reported.unhandled())
                .singleElement()
                .satisfies(e -> assertThat(e)
                        .isInstanceOf(UnobservedFailureException.class)
                        .hasCause(bad));
        VirtualRun<Void> thrown = VirtualRun.of(() -> {
            Companion.start("companion", failsAfter(1, bad), end -> {
                throw bad;
            });
            return ms(10);
        });
        assertThat(thrown.unhandled()).hasSize(2).contains(bad);
    }

    @Test
    void aCancelAtAnyTurnLeavesNoneBehind() {
        int[] live = new int[1];
        VirtualRun.cancelledAtEveryTurn(
                () -> () -> {
                    live[0] = 0;
                    return Tasks.gather(
                            () -> {
                                live[0]++;
                                Companion.start("a", agesThen(() -> ms(2)), end -> --live[0] < 0);
                                return ms(5);
                            },
                            () -> {
                                live[0]++;
                                Companion.start("b", () -> ages(), end -> --live[0] < 0);
                                return ms(1);
                            });
                },
                (turn, run) -> {
                    leavesNothing(run);
                    assertThat(live[0]).as("turn %s", turn).isZero();
                });
    }
}
