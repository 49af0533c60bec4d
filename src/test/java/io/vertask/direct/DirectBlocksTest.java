package io.vertask.direct;

import static io.vertask.direct.Direct.await;
import static io.vertask.direct.Runs.WHY;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.resource.AsyncResource;
import io.vertask.resource.Resources;
import io.vertask.sync.AsyncSemaphore;
import io.vertask.task.Coroutine;
import io.vertask.task.Scripts;
import io.vertask.task.Task;
import io.vertask.task.TaskGroup;
import io.vertask.task.TaskGroupException;
import io.vertask.task.TaskTimeoutException;
import io.vertask.task.Tasks;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** Straight-line code in the verbs, and the verbs as blocks in straight-line code. */
@EnabledForJreRange(min = JRE.JAVA_21, disabledReason = WHY)
class DirectBlocksTest {
    private final List<String> log = new ArrayList<>();

    private Coroutine<String> after(long ms, String value) {
        return Direct.body(() -> {
            try {
                Runs.sleep(ms);
                return value;
            } finally {
                log.add("end of " + value);
            }
        });
    }

    private static Coroutine<String> failing(long ms) {
        return Direct.body(() -> {
            Runs.sleep(ms);
            throw new IllegalStateException("failed");
        });
    }

    @Test
    void gatherGivesTheValuesInOrder() {
        VirtualRun<List<String>> run =
                VirtualRun.of(() -> Tasks.gather(after(30, "a"), after(10, "b"), after(20, "c")));
        assertThat(Scripts.resultOf(run)).containsExactly("a", "b", "c");
        assertThat(run.elapsed()).isEqualTo(Duration.ofMillis(30));
    }

    @Test
    void theFirstFailureOfAGatherCancelsTheOthers() {
        VirtualRun<List<String>> run = VirtualRun.of(() -> Tasks.gather(after(60_000, "a"), failing(10)));
        assertThat(Scripts.failureOf(run)).hasMessage("failed");
        assertThat(run.elapsed()).isEqualTo(Duration.ofMillis(10));
        assertThat(log).containsExactly("end of a");
    }

    @Test
    void gatherInStraightLineCode() {
        VirtualRun<List<String>> run =
                VirtualRun.of(Direct.body(() -> await(() -> Tasks.gather(after(30, "a"), after(10, "b")))));
        assertThat(Scripts.resultOf(run)).containsExactly("a", "b");
    }

    @Test
    void aGroupOfBodies() {
        VirtualRun<String> run = VirtualRun.of(() -> TaskGroup.with(group -> {
                    Task<String> a = group.start("a", after(10, "a"));
                    Task<String> b = group.start("b", after(20, "b"));
                    return Future.succeededFuture(List.of(a, b));
                })
                .map(tasks -> tasks.get(0).resultNow() + tasks.get(1).resultNow()));
        assertThat(Scripts.resultOf(run)).isEqualTo("ab");
    }

    @Test
    void aGroupAsABlock() {
        VirtualRun<String> run = VirtualRun.of(Direct.body(() -> Direct.group("fetch", group -> {
            Task<String> a = Direct.onLoop(() -> group.start("a", after(10, "a")));
            Runs.sleep(5);
            Direct.onLoop(() -> group.start("b", after(60_000, "b")));
            Direct.start(group, "c", () -> {
                Runs.sleep(7);
                throw new IllegalStateException("failed");
            });
            return await(a);
        })));
        assertThat(Scripts.failureOf(run))
                .isInstanceOf(TaskGroupException.class)
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void timeoutsAroundAndInStraightLineCode() {
        assertThat(Scripts.failureOf(VirtualRun.of(() -> Tasks.timeout(Duration.ofSeconds(1), after(60_000, "a")))))
                .isInstanceOf(TaskTimeoutException.class);
        VirtualRun<String> run = VirtualRun.of(Direct.body(() -> {
            Thread before = Thread.currentThread();
            try {
                return Direct.timeout(Duration.ofSeconds(1), () -> {
                    log.add("same thread " + (Thread.currentThread() == before));
                    Runs.ages();
                    return "never";
                });
            } catch (TaskTimeoutException e) {
                Runs.sleep(500);
                return "went on";
            }
        }));
        assertThat(Scripts.resultOf(run)).isEqualTo("went on");
        assertThat(run.elapsed()).isEqualTo(Duration.ofMillis(1500));
        assertThat(log).containsExactly("end of a", "same thread true");
    }

    @Test
    void aTimeoutGivesTheValueOfItsLines() {
        VirtualRun<String> run = VirtualRun.of(Direct.body(() -> Direct.timeout(Duration.ofSeconds(1), () -> {
            Runs.sleep(10);
            return Direct.timeout(Duration.ofSeconds(5), () -> "inner");
        })));
        assertThat(Scripts.resultOf(run)).isEqualTo("inner");
    }

    @Test
    void aSemaphoreAsABlockLetsSoManyThrough() {
        AsyncSemaphore limit = AsyncSemaphore.of(2);
        Coroutine<Void> one = Direct.body(() -> Direct.with(limit::withPermit, () -> {
            log.add("free " + limit.available());
            Runs.sleep(10);
            return null;
        }));
        VirtualRun<List<Void>> run = VirtualRun.of(() -> Tasks.gather(Collections.nCopies(6, one)));
        Scripts.resultOf(run);
        assertThat(run.elapsed()).isEqualTo(Duration.ofMillis(30));
        assertThat(log).hasSize(6).allMatch(free -> free.equals("free 0") || free.equals("free 1"));
        assertThat(limit.available()).isEqualTo(2);
    }

    @Test
    void aSemaphoresPermitsAreKeptWhateverTurnIsCancelled() {
        AsyncSemaphore limit = AsyncSemaphore.of(1);
        int runs = VirtualRun.cancelledAtEveryTurn(
                () -> () -> Tasks.gather(Collections.nCopies(
                        3,
                        Direct.body(() -> Direct.with(limit::withPermit, () -> {
                            Runs.turn();
                            return null;
                        })))),
                (turn, run) -> {
                    Scripts.leavesNothing(run);
                    assertThat(limit.available())
                            .as("after a cancel at turn %s", turn)
                            .isEqualTo(1);
                });
        assertThat(runs).isGreaterThan(15);
    }

    @Test
    void aResourceAsABlock() {
        AsyncResource<String> file = AsyncResource.of(
                () -> Tasks.sleep(Duration.ofMillis(1)).map("file").onSuccess(opened -> log.add("opened")),
                opened -> Tasks.sleep(Duration.ofMillis(1)).onSuccess(slept -> log.add("closed")));
        VirtualRun<String> run =
                VirtualRun.of(Direct.body(() -> Direct.using(body -> Resources.using(file, body), open -> {
                    Runs.sleep(1);
                    log.add("used " + open);
                    return "read";
                })));
        assertThat(Scripts.resultOf(run)).isEqualTo("read");
        assertThat(log).containsExactly("opened", "used file", "closed");
    }

    @Test
    void aBlockThatCallsItsBodyAgainRunsTheLinesAgain() {
        VirtualRun<String> run = VirtualRun.of(Direct.body(() -> Direct.with(
                body -> Tasks.settle(body, body).compose(ends -> body.call().recover(again -> body.call())), () -> {
                    Runs.turn();
                    log.add("try");
                    if (log.size() < 4) {
                        throw new IllegalStateException("not yet");
                    }
                    return "after " + log.size();
                })));
        assertThat(Scripts.resultOf(run)).isEqualTo("after 4");
    }

    @Test
    void aBlockThatFailsBeforeItsBodyRunsNoLine() {
        VirtualRun<String> run = VirtualRun.of(Direct.body(() -> Direct.with(
                body -> Tasks.sleep(Duration.ofMillis(1)).compose(slept -> Future.failedFuture("closed today")), () -> {
                    log.add("ran");
                    return "never";
                })));
        assertThat(Scripts.failureOf(run)).hasMessage("closed today");
        assertThat(log).isEmpty();
    }

    @Test
    void aBlockOnAnotherEventLoopIsRefused() {
        VirtualRun<String> run = VirtualRun.of(Direct.body(() -> {
            Vertx vertx = Vertx.currentContext().owner();
            return Direct.with(body -> Tasks.start(vertx, "elsewhere", body).future(), () -> "never");
        }));
        assertThat(Scripts.failureOf(run)).hasMessageContaining("on another event loop");
    }
}
