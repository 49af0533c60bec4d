package io.vertask.trace;

import static io.vertask.trace.Watched.ms;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.CancelReason;
import io.vertask.task.Coroutine;
import io.vertask.task.Survey;
import io.vertask.task.Task;
import io.vertask.task.TaskGroup;
import io.vertask.task.TaskInfo;
import io.vertask.task.Tasks;
import io.vertask.testing.OwnCode;
import io.vertask.testkit.VirtualRun;
import io.vertask.trace.AwaitGraph.Edge;
import io.vertask.trace.TraceEvent.Span;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is unusual to see: what is not known, not over, or not sampled. */
@Timeout(60)
class EdgesTest {
    private static Edge edge(long waiter, long awaited) {
        return new Edge(waiter, awaited, "await", List.of());
    }

    @Test
    void aWayIntoACycleIsNoPartOfIt() {
        assertThat(new AwaitGraph(List.of(edge(1, 2), edge(2, 3), edge(3, 2))).cycles())
                .containsExactly(List.of(2L, 3L));
    }

    @Test
    void whoIsWaitedForMayBeUnknown() {
        List<TaskInfo> tasks = Objects.requireNonNull(VirtualRun.of(() -> {
                    Task<Object> awaited = Tasks.start("awaited", Watched::ages);
                    Task<Object> waiter = Tasks.start("waiter", awaited::future);
                    // as if its loop had not answered
                    return ms(1).map(v -> Survey.here().tasks().stream()
                                    .filter(task -> task.name().equals("waiter"))
                                    .toList())
                            .compose(found -> waiter.cancelAndJoin()
                                    .compose(v -> awaited.cancelAndJoin())
                                    .map(found));
                })
                .outcome()
                .orElseThrow());
        assertThat(AwaitGraph.of(new Survey(tasks, List.of(), List.of())).edges())
                .singleElement()
                .extracting(Edge::how)
                .isEqualTo("await");
    }

    @Test
    void blocksBesideEachOtherAreDrawnAsBranches() {
        String tree = VirtualRun.of(() -> {
                    Task<Object> both = Tasks.start("both", () -> {
                        Tasks.timeout(Duration.ofDays(1), Watched::ages);
                        return TaskGroup.with("group", group -> Watched.ages());
                    });
                    return ms(1).map(v -> TaskTree.here().pstree())
                            .compose(text -> both.cancelAndJoin().map(text));
                })
                .outcome()
                .orElseThrow();
        assertThat(tree).contains("├── timeout").contains("└── group 'group'");
    }

    private static Coroutine<String> nested(int levels) {
        return levels == 0
                ? () -> ms(1).map(v -> TaskTree.here().pstree())
                : () -> Tasks.start("level", nested(levels - 1)).future();
    }

    @Test
    void aTreeThatJustFitsIsDrawnWhole() {
        // the root is on level zero
        assertThat(VirtualRun.of(nested(64)).outcome().orElseThrow()).doesNotContain("more below");
        assertThat(VirtualRun.of(nested(65)).outcome().orElseThrow()).contains("└── … and more below");
    }

    private static Span span(long id, @Nullable Long parent, long at, long end) {
        return new Span(id, parent, "t", "t", "loop", at, end, Task.State.SUCCEEDED, null);
    }

    @Test
    void aSpanThatOutlastsItsParentHasALaneOfItsOwn() {
        Lanes lanes = new Lanes();
        assertThat(lanes.put(span(1, null, 0, 10), 10)).isZero();
        assertThat(lanes.put(span(2, 1L, 1, 20), 20)).isEqualTo(1);
        assertThat(lanes.put(span(3, 1L, 2, 9), 9)).isZero();
    }

    @Test
    void whatStillRunsAtTheEndOfATraceLastsUntilThen() throws IOException, InterruptedException {
        Vertx vertx = Vertx.vertx();
        TraceRecorder recorder = TraceRecorder.of(100);
        Tracing.of(vertx).listen(recorder);
        CountDownLatch begun = new CountDownLatch(1);
        Task<Object> root = Tasks.start(vertx, "root", () -> {
            begun.countDown();
            return Watched.ages();
        });
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        Tasks.run(vertx, () -> ms(1));
        StringBuilder out = new StringBuilder();
        ChromeTrace.write(recorder, out);
        List<JsonObject> tasks = new JsonObject(out.toString())
                .getJsonArray("traceEvents").stream()
                        .map(JsonObject.class::cast)
                        .filter(event -> "task".equals(event.getString("cat")))
                        .toList();
        assertThat(tasks).extracting(task -> task.getString("name")).containsExactly("root", "main");
        JsonObject running = tasks.get(0);
        JsonObject over = tasks.get(1);
        assertThat(running.getJsonObject("args").getLong("parent")).isNull();
        assertThat(running.getDouble("ts") + running.getDouble("dur"))
                .isEqualTo(over.getDouble("ts") + over.getDouble("dur"), org.assertj.core.data.Offset.offset(0.01));
        Watched.await(root.cancelAndJoin(CancelReason.USER));
        Watched.await(vertx.close());
    }

    @Test
    void aSlowTurnThatWasNeverSampledHasNoLine() throws InterruptedException {
        Vertx vertx = Vertx.vertx();
        Watched.Log log = new Watched.Log();
        LoopProbe probe =
                new LoopProbe(Tracing.of(vertx).slowAfter(Duration.ofMillis(5)).listen(log));
        probe.look();
        probe.turnBegins(null);
        OwnCode.block(Duration.ofMillis(10));
        probe.turnEnds(0);
        assertThat(log.slow)
                .singleElement()
                .satisfies(step -> assertThat(step.stack()).isEmpty());
        Watched.await(vertx.close());
    }

    @Test
    void aListenerNeedHearNothing() {
        VirtualRun<String> run = Watched.run(
                -1,
                on -> on.listen(new TaskListener() {}).slowAfter(Duration.ofMillis(1)),
                off -> off.slowAfter(Tracing.SLOW),
                () -> OwnCode.block(Duration.ofMillis(5)));
        assertThat(run.outcome().orElseThrow()).isEqualTo("blocked");
        assertThat(run.unhandled()).isEmpty();
    }

    @Test
    void aListenerThatLeavesAndThenThrowsIsNoNews() {
        VirtualRun<Void> run = Watched.run(
                -1,
                on -> on.listen(new TaskListener() {
                    @Override
                    public void started(Task<?> task, long at) {
                        on.unlisten(this);
                        throw new IllegalStateException("thrown on purpose");
                    }
                }),
                off -> {},
                () -> ms(1));
        assertThat(run.outcome().isSuccess()).isTrue();
        assertThat(run.unhandled()).isEmpty();
    }
}
