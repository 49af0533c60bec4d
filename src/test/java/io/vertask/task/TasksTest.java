package io.vertask.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.testing.Joined;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TasksTest {
    static Coroutine<String> fetch(String name, int ms) {
        return () -> Tasks.sleep(Duration.ofMillis(ms)).map(name);
    }

    @Test
    void gatherGivesValuesInArgumentOrder() {
        assertThat(Tasks.run(() -> Tasks.gather(fetch("a", 30), fetch("b", 10), fetch("c", 20))))
                .containsExactly("a", "b", "c");
    }

    @Test
    void gatherCancelsTheOthersOnTheFirstFailure() {
        List<String> log = new ArrayList<>();
        IllegalStateException bad = new IllegalStateException("bad");
        assertThatThrownBy(() -> Tasks.run(() -> Tasks.gather(
                        () -> Tasks.sleep(Duration.ofMillis(5)).compose(v -> Future.<String>failedFuture(bad)),
                        () -> Tasks.finallyDo(
                                fetch("never", 60_000),
                                () -> Tasks.sleep(Duration.ofMillis(20)).onSuccess(v -> log.add("cleaned"))))))
                .isSameAs(bad);
        assertThat(log).containsExactly("cleaned");
    }

    @Test
    void timeoutCancelsTheBody() {
        assertThatThrownBy(() -> Tasks.run(() -> Tasks.timeout(Duration.ofMillis(20), fetch("x", 60_000))))
                .isInstanceOf(TaskTimeoutException.class)
                .hasMessage("timed out after 20ms in task 'main'");
    }

    @Test
    void aMillionStepsRunOnAFlatStack() {
        int[] n = {0};
        Tasks.run(() -> Tasks.loopWhile(() -> Future.succeededFuture(++n[0] < 1_000_000)));
        assertThat(n[0]).isEqualTo(1_000_000);
        Tasks.run(() -> Tasks.loopWhile(() -> Tasks.sleep(Duration.ZERO).map(v -> --n[0] > 0)));
        assertThat(n[0]).isZero();
    }

    @Test
    void aGroupWaitsForItsChildren() {
        List<Integer> done = Tasks.run(() -> TaskGroup.with(group -> {
                    List<Task<Integer>> tasks = IntStream.range(0, 5)
                            .mapToObj(i -> group.start(() ->
                                    Tasks.sleep(Duration.ofMillis(5L * (5 - i))).map(i)))
                            .toList();
                    return Future.succeededFuture(tasks);
                })
                .map(tasks -> tasks.stream()
                        .map(t -> t.tryOutcome().orElseThrow().orElseThrow())
                        .toList()));
        assertThat(done).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void aTaskThatIsCancelledRunsItsCleanup() {
        List<String> log = new ArrayList<>();
        VirtualRun<Outcome<Void>> run = VirtualRun.of(() -> {
            Task<Void> worker = Tasks.start(
                    "worker",
                    () -> Tasks.finallyDo(
                            () -> Tasks.forever(
                                    () -> Tasks.sleep(Duration.ofMillis(10)).onSuccess(v -> log.add("tick"))),
                            () -> {
                                log.add("done");
                                return Future.succeededFuture();
                            }));
            return Tasks.sleep(Duration.ofMillis(35)).compose(v -> worker.cancelAndJoin());
        });
        assertThat(run.outcome().orElseThrow()).isInstanceOf(Outcome.Cancelled.class);
        assertThat(log).containsExactly("tick", "tick", "tick", "done");
    }

    @Test
    void undeployingAVerticleEndsItsOpenGroup() {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        try {
            AtomicReference<Task<Void>> child = new AtomicReference<>();
            String id = join(vertx.deployVerticle(new VerticleBase() {
                @Override
                public Future<?> start() {
                    TaskGroup life = TaskGroup.open("life");
                    child.set(life.start(() -> Tasks.sleep(Duration.ofMinutes(1))));
                    return Future.succeededFuture();
                }
            }));
            join(vertx.undeploy(id));
            assertThat(Objects.requireNonNull(child.get()).state()).isEqualTo(Task.State.CANCELLED);
        } finally {
            join(vertx.close());
        }
    }

    private static <T> T join(Future<T> future) {
        return Joined.within(5, future);
    }
}
