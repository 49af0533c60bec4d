package io.vertask.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Futures that are not of this library: no cancel reaches them, but every wait for one ends. */
class ForeignFutureTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private interface Call {
        Future<?> call() throws Exception;
    }

    private final Promise<String> never = Promise.promise();
    private final List<String> log = new ArrayList<>();

    private static Future<String> called(Coroutine<String> body) {
        try {
            return body.call();
        } catch (Exception thrown) {
            return Future.failedFuture(thrown);
        }
    }

    /** Every verb that runs a body, around a body. */
    private static Map<String, Function<Coroutine<String>, Call>> verbs() {
        Map<String, Function<Coroutine<String>, Call>> verbs = new LinkedHashMap<>();
        verbs.put("the body itself", body -> body::call);
        verbs.put("await", body -> () -> Tasks.await(body.call()));
        verbs.put("call", body -> () -> Tasks.call(body));
        verbs.put("timeout", body -> () -> Tasks.timeout(HOUR, body));
        verbs.put("moveOn", body -> () -> Timeout.moveOn(HOUR, body));
        verbs.put("waitFor", body -> () -> Tasks.waitFor(body, HOUR));
        verbs.put("gather", body -> () -> Tasks.gather(body, body));
        verbs.put("settle", body -> () -> Tasks.settle(body, body));
        verbs.put("race", body -> () -> Tasks.race(body, body));
        verbs.put("mapConcurrent", body -> () -> Tasks.mapConcurrent(2, List.of(1, 2, 3), i -> called(body)));
        verbs.put("asCompleted", body -> () -> Tasks.asCompleted(List.of(body, body), Completed::next));
        verbs.put("a group's body", body -> () -> TaskGroup.with(group -> called(body)));
        verbs.put(
                "a group's child",
                body -> () -> TaskGroup.with(group -> {
                    group.start(body);
                    return Future.succeededFuture();
                }));
        verbs.put("a task", body -> () -> Tasks.start(body).future());
        verbs.put("an eager task", body -> () -> Tasks.startEager(body).future());
        verbs.put("finallyDo", body -> () -> Tasks.finallyDo(body, () -> Tasks.sleep(Duration.ofMillis(1))));
        verbs.put("a retry", body -> () -> Retry.times(3).run(attempt -> called(body)));
        verbs.put("a loop", body -> () -> Tasks.loopWhile(() -> body.call().map(true)));
        verbs.put("compose", body -> () -> Tasks.sleep(Duration.ofNanos(1)).compose(slept -> called(body)));
        return verbs;
    }

    @TestFactory
    List<DynamicTest> aLimitEndsTheWaitInEveryVerb() {
        List<DynamicTest> tests = new ArrayList<>();
        verbs().forEach((name, verb) -> tests.add(DynamicTest.dynamicTest(name, () -> {
            Promise<String> foreign = Promise.promise();
            VirtualRun<Object> run = VirtualRun.of(() -> Tasks.timeout(
                    Duration.ofMillis(100),
                    () -> verb.apply(foreign::future).call().<Object>mapEmpty()));
            assertThat(run.outcome().errorOrNull())
                    .isInstanceOf(TaskTimeoutException.class)
                    .hasMessageContaining("of this library left running");
            assertThat(run.elapsed()).isBetween(Duration.ofMillis(100), Duration.ofMillis(101));
            assertThat(run.unhandled()).isEmpty();
            assertThat(run.pendingTimers()).isZero();
        })));
        return tests;
    }

    @TestFactory
    List<DynamicTest> aCancelEndsTheWaitInEveryVerb() {
        List<DynamicTest> tests = new ArrayList<>();
        verbs().forEach((name, verb) -> tests.add(DynamicTest.dynamicTest(name, () -> {
            Promise<String> foreign = Promise.promise();
            VirtualRun<Outcome<Object>> run = VirtualRun.of(() -> {
                Task<Object> task =
                        Tasks.start(() -> verb.apply(foreign::future).call().<Object>mapEmpty());
                return Tasks.sleep(Duration.ofMillis(5)).compose(slept -> {
                    task.cancel();
                    return task.settled();
                });
            });
            assertThat(run.outcome().errorOrNull()).isNull();
            assertThat(run.elapsed()).isBetween(Duration.ofMillis(5), Duration.ofMillis(6));
            assertThat(run.unhandled()).isEmpty();
        })));
        return tests;
    }

    @Test
    void theLoserOfARaceDoesNotHoldTheWinnerUp() {
        VirtualRun<String> run = VirtualRun.of(() -> Tasks.race(
                        List.<Coroutine<String>>of(
                                never::future,
                                () -> Tasks.sleep(Duration.ofMillis(1)).map("won")),
                        late -> log.add("disposed of " + late))
                .compose(won -> {
                    never.complete("the late one");
                    return Tasks.sleep(Duration.ofMillis(1)).map(won);
                }));
        assertThat(run.outcome()).isEqualTo(new Outcome.Success<>("won"));
        assertThat(run.elapsed()).isEqualTo(Duration.ofMillis(2));
        assertThat(log).containsExactly("disposed of the late one");
    }

    @Test
    void theCleanupAroundAForeignFutureRuns() {
        VirtualRun<String> run = VirtualRun.of(() -> Tasks.timeout(
                Duration.ofMillis(10),
                () -> Tasks.finallyDo(
                        () -> Tasks.finallyDo(never::future, () -> Future.succeededFuture(log.add("inner"))),
                        () -> Tasks.sleep(Duration.ofMillis(5)).map(slept -> log.add("outer")))));
        assertThat(run.outcome().errorOrNull()).isInstanceOf(TaskTimeoutException.class);
        assertThat(log).containsExactly("inner", "outer");
        assertThat(run.elapsed()).isEqualTo(Duration.ofMillis(15));
    }

    @Test
    void aForeignFutureAfterTheCancelIsGivenUpToo() {
        VirtualRun<String> run = VirtualRun.of(() -> Tasks.timeout(
                Duration.ofMillis(10),
                () -> Tasks.<String>call(never::future)
                        .recover(cancelled -> never.future())
                        .recover(cancelled -> Tasks.call(never::future))));
        assertThat(run.outcome().errorOrNull()).isInstanceOf(TaskTimeoutException.class);
        assertThat(run.elapsed()).isEqualTo(Duration.ofMillis(10));
    }

    @Test
    void aLateFailureIsReportedOnce() {
        IllegalStateException broken = new IllegalStateException("broken");
        VirtualRun<String> run = VirtualRun.of(() -> Tasks.timeout(Duration.ofMillis(10), never::future)
                .recover(timeout -> Tasks.sleep(Duration.ofMillis(1)).compose(slept -> {
                    never.fail(broken);
                    return Tasks.sleep(Duration.ofMillis(1)).map("went on");
                })));
        assertThat(run.outcome()).isEqualTo(new Outcome.Success<>("went on"));
        assertThat(run.unhandled())
                .singleElement()
                .satisfies(report -> assertThat(report)
                        .isInstanceOf(UnobservedFailureException.class)
                        .hasCause(broken));
    }

    @Test
    void aFailureThatSomebodyGetsIsNotReported() {
        IllegalStateException broken = new IllegalStateException("broken");
        VirtualRun<String> run =
                VirtualRun.of(() -> Tasks.timeout(Duration.ofMillis(10), () -> Tasks.await(never.future()))
                        .recover(timeout -> {
                            Task<String> second = Tasks.start(() -> Tasks.await(never.future()));
                            return Tasks.sleep(Duration.ofMillis(1)).compose(slept -> {
                                never.fail(broken);
                                return second.settled().map("went on");
                            });
                        }));
        assertThat(run.outcome()).isEqualTo(new Outcome.Success<>("went on"));
        assertThat(run.unhandled()).isEmpty();
    }

    @Test
    void aSurveyNamesWhatIsLeftRunning() {
        VirtualRun<List<Survey.LeftRunning>> run = VirtualRun.of(() -> {
            Task<String> fetch = Tasks.start("fetch", never::future);
            return Tasks.sleep(Duration.ofMillis(1))
                    .compose(slept -> {
                        fetch.cancel();
                        return fetch.settled();
                    })
                    .compose(settled -> Tasks.sleep(Duration.ofMillis(7)))
                    .map(slept -> left("main/fetch"));
        });
        assertThat(run.outcome())
                .isEqualTo(new Outcome.Success<>(List.of(new Survey.LeftRunning("main/fetch", Duration.ofMillis(7)))));
    }

    private static List<Survey.LeftRunning> left(String task) {
        return Survey.here().left().stream()
                .filter(one -> one.task().equals(task))
                .toList();
    }

    @Test
    void whatHasEndedIsLeftRunningNoMore() {
        VirtualRun<List<Survey.LeftRunning>> run =
                VirtualRun.of(() -> Tasks.start("ended", () -> Tasks.timeout(Duration.ofMillis(1), never::future))
                        .future()
                        .recover(timeout -> {
                            never.complete("late");
                            return Tasks.sleep(Duration.ofMillis(1)).map("");
                        })
                        .map(slept -> left("main/ended")));
        assertThat(run.outcome()).isEqualTo(new Outcome.Success<>(List.of()));
    }

    @Test
    void theOperationIsStoppedByItsHookAndTheStopIsWaitedFor() {
        VirtualRun<String> run = VirtualRun.of(() -> Tasks.timeout(
                Duration.ofMillis(10),
                () -> Tasks.await(never.future(), reason -> {
                    log.add("stop: " + reason.kind());
                    return Tasks.sleep(Duration.ofMillis(3)).onComplete(slept -> never.fail("stopped"));
                })));
        assertThat(run.outcome().errorOrNull())
                .isInstanceOf(TaskTimeoutException.class)
                .hasMessage("timed out after 10ms in task 'main'");
        assertThat(run.elapsed()).isEqualTo(Duration.ofMillis(13));
        assertThat(log).containsExactly("stop: TIMEOUT");
        assertThat(run.unhandled()).isEmpty();
    }

    @Test
    void aStopThatHangsIsCutAndReported() {
        VirtualRun<String> run = VirtualRun.of(() -> Tasks.timeout(
                Duration.ofMillis(10),
                () -> Tasks.await(never.future(), reason -> Promise.promise().future(), late -> log.add(late))));
        assertThat(run.outcome().errorOrNull())
                .isInstanceOf(TaskTimeoutException.class)
                .hasMessageContaining("left running");
        assertThat(run.elapsed()).isEqualTo(Tasks.CLEANUP_LIMIT.plusMillis(10));
        assertThat(run.unhandled())
                .singleElement()
                .satisfies(cut -> assertThat(cut).isInstanceOf(TaskTimeoutException.class));
    }

    @Test
    void aStopThatThrowsIsReportedAndTheWaitEnds() {
        VirtualRun<String> run = VirtualRun.of(() -> Tasks.timeout(
                Duration.ofMillis(10),
                () -> Tasks.await(never.future(), reason -> {
                    throw new IllegalStateException("no stop");
                })));
        assertThat(run.outcome().errorOrNull()).isInstanceOf(TaskTimeoutException.class);
        assertThat(run.elapsed()).isEqualTo(Duration.ofMillis(10));
        assertThat(run.unhandled())
                .singleElement()
                .satisfies(thrown -> assertThat(thrown).hasMessage("no stop"));
    }

    @Test
    void aValueIsHandedOutOrDisposedOfOnce() {
        for (int at = 0; at < 4; at++) {
            int turns = at;
            Promise<String> foreign = Promise.promise();
            List<String> got = new ArrayList<>();
            VirtualRun<Object> run = VirtualRun.of(() -> {
                Task<String> task =
                        Tasks.start(() -> Tasks.awaitOrDispose(foreign.future(), late -> got.add("late " + late)));
                return Tasks.sleep(Duration.ZERO).compose(turn -> {
                    if (turns % 2 == 0) {
                        foreign.complete("it");
                        task.cancel();
                    } else {
                        task.cancel();
                        foreign.complete("it");
                    }
                    return task.settled().map(end -> {
                        if (end instanceof Outcome.Success<String> success) {
                            got.add("got " + success.value());
                        }
                        return end;
                    });
                });
            });
            assertThat(run.outcome().errorOrNull()).isNull();
            assertThat(got).hasSize(1);
        }
    }
}
