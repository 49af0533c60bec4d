package io.vertask.trace;

import static io.vertask.trace.Watched.ages;
import static io.vertask.trace.Watched.ms;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.Coroutine;
import io.vertask.task.Survey;
import io.vertask.task.Task;
import io.vertask.task.TaskGroup;
import io.vertask.task.TaskInfo;
import io.vertask.task.Tasks;
import io.vertask.task.Waiter;
import io.vertask.testing.OwnCode;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What runs, as text, and who waits for whom. */
class TaskTreeTest {
    /** The tree of a program that has run for so long. */
    private static <T> TaskTree treeAfter(long ms, Coroutine<T> program) {
        VirtualRun<TaskTree> run = VirtualRun.of(() -> {
            Task<T> watched = Tasks.start("watched", program);
            return ms(ms).map(v -> TaskTree.here())
                    .compose(tree -> watched.cancelAndJoin().map(tree));
        });
        assertThat(run.unhandled()).isEmpty();
        return Objects.requireNonNull(run.outcome().orElseThrow());
    }

    /** With the ids numbered from 1, in the order in which they come up. */
    private static String numbered(String text) {
        Map<String, Integer> numbers = new HashMap<>();
        Matcher ids = Pattern.compile("(#|task-)(\\d+)").matcher(text);
        return ids.replaceAll(id -> id.group(1) + numbers.computeIfAbsent(id.group(2), n -> numbers.size() + 1));
    }

    private static Future<Object> waitFor(String what) {
        return Waiter.await(what, wait -> {});
    }

    private static Coroutine<Object> complex() {
        return () -> Tasks.timeout(
                Duration.ofMillis(700),
                () -> TaskGroup.with("workers", group -> {
                    Task<Object> shared = group.start("shared", () -> waitFor("a permit of 'db'"));
                    group.start("left", shared::future);
                    group.start("right", shared::future);
                    group.start(() -> Tasks.<Object>gather(
                                    () -> waitFor("a page"), () -> Tasks.shield(() -> ms(900).mapEmpty()))
                            .mapEmpty());
                    return waitFor("the \u001b[31mred\n line");
                }));
    }

    @Test
    @Tag("semantics-151")
    void pstreeDrawsRootsBlocksSharedWaitersAndUnnamedTasks() {
        assertThat(numbered(treeAfter(200, complex()).pstree())).isEqualTo("""
                main (#1) RUNNING 200ms
                └── watched (#2) RUNNING 200ms
                    └── timeout, 500ms left
                        └── group 'workers': the ?[31mred? line
                            ├── shared (#3) RUNNING 200ms, awaited by #2 and #4 and #5: a permit of 'db'
                            ├── left (#4) RUNNING 200ms: task 'main/watched/shared' (#3)
                            ├── right (#5) RUNNING 200ms: task 'main/watched/shared' (#3)
                            └── task-6 (#6) RUNNING 200ms
                                └── gather
                                    ├── task-7 (#7) RUNNING 200ms: a page
                                    └── task-8 (#8) RUNNING 200ms: task 'main/watched/task-6/task-8/task-9' (#9)
                                        └── task-9 (#9) RUNNING 200ms: sleep 900ms
                """);
    }

    @Test
    @Tag("semantics-151")
    void psIsATableWithALineForEachTask() {
        String table = treeAfter(1500, () -> Tasks.start("child", Watched::ages).future())
                .ps();
        // as wide as the ids are, which differ
        assertThat(numbered(table).replaceAll("  +", "  ")).isEqualTo("""
                ID  PARENT  STATE  AGE  TASK  WAITS FOR
                #1  -  RUNNING  1.5s  main
                #2  #1  RUNNING  1.5s  main/watched
                #3  #2  RUNNING  1.5s  main/watched/child  sleep 86400s
                """);
        assertThat(table.lines().map(line -> line.indexOf("1.5s")).distinct()).hasSize(2);
    }

    @Test
    @Tag("semantics-150")
    void theGraphHasAnEdgeForEveryWayOfWaitingAndSaysInWhichBlock() {
        TaskTree tree = treeAfter(200, () -> {
            Task<Object> own = Tasks.start("own", Watched::ages);
            Task<Object> stranger = Tasks.start("stranger", () -> Tasks.timeout(Duration.ofSeconds(1), own::future));
            return Future.all(
                    own.future(),
                    Tasks.gather(Watched::ages),
                    Tasks.shield(() -> stranger.settled()),
                    TaskGroup.with(
                            "some",
                            group -> group.start("grouped", Watched::ages).settled()));
        });
        Map<Long, String> names = new HashMap<>();
        tree.survey().tasks().forEach(task -> names.put(task.id(), task.name().replaceAll("-\\d+", "-n")));
        assertThat(tree.graph().edges())
                .extracting(edge -> names.get(edge.waiter()) + " " + edge.how() + " " + names.get(edge.awaited()))
                .containsExactlyInAnyOrder(
                        "watched await own",
                        "stranger await own",
                        "watched gather task-n",
                        "watched shield task-n",
                        "task-n await stranger",
                        "watched group grouped",
                        "watched await grouped");
        assertThat(tree.graph().edges())
                .filteredOn(edge -> "stranger".equals(names.get(edge.waiter())))
                .singleElement()
                .satisfies(edge -> assertThat(edge.within())
                        .singleElement()
                        .isEqualTo(new TaskInfo.OpenBlock("timeout", null, Duration.ofMillis(800), TaskInfo.BODY)));
    }

    @Test
    @Tag("semantics-150")
    void anEdgeGoesWhenTheWaitEnds() {
        assertThat(treeAfter(
                                5,
                                () -> Tasks.timeout(
                                                Duration.ofMillis(2), () -> Tasks.gather(Watched::ages, () -> ms(1)))
                                        .otherwiseEmpty()
                                        .compose(v ->
                                                Tasks.start("next", () -> ms(1)).future())
                                        .compose(v -> Tasks.shield(() -> ms(1)))
                                        .compose(v -> ages()))
                        .graph()
                        .edges())
                .isEmpty();
    }

    @Test
    @Tag("semantics-151")
    void cyclesAreReportedAndEndTheDrawing() {
        TaskTree tree = treeAfter(5, () -> {
            List<Task<Object>> ring = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                int next = (i + 1) % 3;
                ring.add(Tasks.start("t" + i, () -> ring.get(next).future()));
            }
            return ages();
        });
        assertThat(tree.graph().cycles()).hasSize(1);
        assertThat(numbered(tree.pstree())).isEqualTo("""
                main (#1) RUNNING 5ms
                └── watched (#2) RUNNING 5ms: sleep 86400s
                    ├── t0 (#3) RUNNING 5ms: task 'main/watched/t1' (#4)
                    ├── t1 (#4) RUNNING 5ms: task 'main/watched/t2' (#5)
                    └── t2 (#5) RUNNING 5ms: task 'main/watched/t0' (#3)
                cycle: t0 (#3) → t1 (#4) → t2 (#5) → t0 (#3)
                """);
        assertThat(tree.ps()).contains("cycle: t0 (#");
    }

    @Test
    @Tag("semantics-151")
    void severalCyclesThroughOneTaskAreAllReported() {
        TaskTree tree = treeAfter(5, () -> {
            List<Task<Object>> all = new ArrayList<>();
            all.add(Tasks.start(
                    "hub",
                    () -> Future.all(all.get(1).future(), all.get(2).future()).mapEmpty()));
            all.add(Tasks.start("a", () -> all.get(0).future()));
            all.add(Tasks.start("b", () -> all.get(0).future()));
            return ages();
        });
        assertThat(tree.graph().cycles()).hasSize(2);
        assertThat(tree.ps()).contains("cycle: hub (#").contains("→ a (#").contains("→ b (#");
    }

    @Test
    @Tag("semantics-151")
    void aTreeOfAnyDepthIsDrawnAndAChainOfAnyLengthFollowed() {
        TaskTree tree = treeAfter(5, () -> deep(5_000));
        assertThat(tree.survey().tasks()).hasSize(5_003);
        assertThat(tree.pstree().lines()).hasSizeLessThan(200).anyMatch(line -> line.contains("… and more below"));
        assertThat(tree.graph().edges()).hasSize(5_000 + 1);
        assertThat(tree.graph().cycles()).isEmpty();
    }

    private static Future<Object> deep(int levels) {
        return levels == 0
                ? Tasks.start("last", Watched::ages).future()
                : Tasks.start("level", () -> deep(levels - 1)).future();
    }

    @Test
    void aSleepOfAnyLengthIsDrawn() {
        assertThat(treeAfter(1, () -> Tasks.sleep(Duration.ofSeconds(Long.MAX_VALUE)))
                        .pstree())
                .contains("RUNNING 1ms: sleep 46");
    }

    @Test
    void nothingIsShownAsThat() {
        TaskTree empty = TaskTree.of(new Survey(List.of(), List.of(), List.of()));
        assertThat(empty.pstree()).isEqualTo("no tasks\n");
        assertThat(empty.ps()).isEqualTo("ID  PARENT  STATE  AGE  TASK  WAITS FOR\n");
    }

    @Test
    void aLoopThatDidNotAnswerIsNamedWithItsLine() {
        StackTraceElement line = new StackTraceElement("com.example.Resize", "run", "Resize.java", 41);
        Survey survey = new Survey(List.of(), List.of(new Survey.Silent("loop-1", List.of(line))), List.of());
        assertThat(TaskTree.of(survey).ps())
                .endsWith("loop-1 did not answer, being blocked at Resize.run (Resize.java:41)\n");
    }

    @Test
    @Tag("semantics-152")
    void inDebugModeTheLineThatStartedATaskIsShown() {
        VirtualRun<String> run = Watched.debugged(-1, () -> {
            Task<Object> started = OwnCode.start("started", Watched::ages);
            String text = TaskTree.here().pstree() + TaskTree.here().ps();
            return started.cancelAndJoin().map(text);
        });
        assertThat(run.outcome().orElseThrow())
                .containsPattern("started \\(#\\d+\\) QUEUED 0ms, started at OwnCode.start \\(OwnCode.java:\\d+\\)")
                .containsPattern("STARTED AT\n(.*\n)*.* OwnCode.start \\(OwnCode.java:\\d+\\)");
    }
}
