package io.vertask.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.resource.AsyncResource;
import io.vertask.resource.Resources;
import io.vertask.stream.AsyncIterator;
import io.vertask.stream.Streams;
import io.vertask.sync.AsyncSemaphore;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Verbs that are nested far deeper than the stack, opened without a wait in between. */
class DepthTest {
    private static final int DEEP = 100_000;

    private static Map<String, UnaryOperator<Coroutine<Integer>>> verbs() {
        AsyncSemaphore limit = AsyncSemaphore.of(DEEP);
        AsyncResource<Integer> resource =
                AsyncResource.of(() -> Future.succeededFuture(1), r -> Future.succeededFuture());
        Map<String, UnaryOperator<Coroutine<Integer>>> verbs = new LinkedHashMap<>();
        verbs.put("timeout", inner -> () -> Tasks.timeout(Duration.ofHours(1), inner));
        verbs.put("withPermit", inner -> () -> limit.withPermit(inner));
        verbs.put("using", inner -> () -> Resources.using(resource, r -> called(inner)));
        verbs.put("finallyDo", inner -> () -> Tasks.finallyDo(inner, Future::succeededFuture));
        verbs.put("call", inner -> () -> Tasks.call(inner));
        verbs.put("gather", inner -> () -> Tasks.gather(inner).map(values -> values.get(0)));
        verbs.put("race", inner -> () -> Tasks.race(inner));
        verbs.put("a group", inner -> () -> TaskGroup.with(group -> called(inner)));
        verbs.put("a task", inner -> () -> Tasks.start(inner).future());
        verbs.put("an eager task", inner -> () -> Tasks.startEager(inner).future());
        verbs.put("shield", inner -> () -> Tasks.shield(inner));
        verbs.put("retry", inner -> () -> Retry.times(1).run(attempt -> called(inner)));
        return verbs;
    }

    private static Future<Integer> called(Coroutine<Integer> body) {
        try {
            return body.call();
        } catch (Exception thrown) {
            return Future.failedFuture(thrown);
        }
    }

    private static Coroutine<Integer> nested(UnaryOperator<Coroutine<Integer>> verb, Coroutine<Integer> innermost) {
        Coroutine<Integer> body = innermost;
        for (int i = 0; i < DEEP; i++) {
            body = verb.apply(body);
        }
        return body;
    }

    @TestFactory
    List<DynamicTest> anyDepthEndsWithItsValue() {
        List<DynamicTest> tests = new ArrayList<>();
        verbs().forEach((name, verb) -> tests.add(DynamicTest.dynamicTest(name, () -> {
            VirtualRun<Integer> run = VirtualRun.of(nested(verb, () -> Future.succeededFuture(7)));
            assertThat(run.outcome()).isEqualTo(new Outcome.Success<>(7));
            assertThat(run.unhandled()).isEmpty();
            VirtualRun<Integer> later = VirtualRun.of(
                    nested(verb, () -> Tasks.sleep(Duration.ofMillis(1)).map(7)));
            assertThat(later.outcome()).isEqualTo(new Outcome.Success<>(7));
        })));
        return tests;
    }

    @TestFactory
    List<DynamicTest> aCancelReachesAnyDepth() {
        List<DynamicTest> tests = new ArrayList<>();
        verbs().forEach((name, verb) -> tests.add(DynamicTest.dynamicTest(name, () -> {
            VirtualRun<String> run = VirtualRun.of(() -> {
                Task<Integer> task = Tasks.start(
                        nested(verb, () -> Tasks.sleep(Duration.ofHours(1)).map(7)));
                return Tasks.sleep(Duration.ofSeconds(1)).compose(slept -> {
                    task.cancel();
                    return task.settled().map(end -> end.getClass().getSimpleName());
                });
            });
            assertThat(run.outcome()).isEqualTo(new Outcome.Success<>("Cancelled"));
            assertThat(run.unhandled()).isEmpty();
        })));
        return tests;
    }

    @Test
    void aStreamOfManyStagesEnds() {
        VirtualRun<Integer> run = VirtualRun.of(() -> {
            AsyncIterator<Integer> stream = Streams.of(List.of(1, 2, 3));
            for (int i = 0; i < 10_000; i++) {
                stream = Streams.map(stream, n -> n + 1);
            }
            AtomicInteger sum = new AtomicInteger();
            return Streams.forEach(stream, n -> {
                        sum.addAndGet(n);
                        return Future.succeededFuture();
                    })
                    .map(end -> sum.get());
        });
        assertThat(run.outcome()).isEqualTo(new Outcome.Success<>(30_006));
    }

    @Test
    void aBodyThatOverflowsTheStackFailsAndLeavesNothing() {
        VirtualRun<String> run = VirtualRun.of(() -> Tasks.timeout(Duration.ofSeconds(1), DepthTest::endless)
                .recover(error -> Future.succeededFuture(error.getClass().getSimpleName())));
        assertThat(run.outcome()).isEqualTo(new Outcome.Success<>("StackOverflowError"));
        assertThat(run.pendingTimers()).isZero();
    }

    @SuppressWarnings("InfiniteRecursion") // the point of the test
    private static Future<String> endless() {
        return endless().map(x -> x);
    }
}
