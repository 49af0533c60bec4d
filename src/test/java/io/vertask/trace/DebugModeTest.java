package io.vertask.trace;

import static io.vertask.trace.Watched.ages;
import static io.vertask.trace.Watched.ms;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.Companion;
import io.vertask.task.Completed;
import io.vertask.task.Coroutine;
import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.TaskGroup;
import io.vertask.task.Tasks;
import io.vertask.task.UnobservedFailureException;
import io.vertask.testing.OwnCode;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What debug mode finds: cycles of waits, forgotten things, where tasks come from. */
@Timeout(60)
class DebugModeTest {
    private static String failure(VirtualRun<?> run) {
        assertThat(run.outcome()).isInstanceOf(Outcome.Failure.class);
        return String.valueOf(run.outcome().errorOrNull());
    }

    /** So many tasks, each of which waits for the next one and the last one for the first. */
    private static Coroutine<Object> ring(int size) {
        return () -> {
            List<Task<Object>> ring = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                int next = (i + 1) % size;
                ring.add(Tasks.start("t" + i, () -> ring.get(next).future()));
            }
            return ring.get(0).future();
        };
    }

    @Test
    @Tag("semantics-4")
    @Tag("semantics-150")
    void aWaitThatClosesACycleFailsAndNamesTheCycle() {
        assertThat(failure(Watched.debugged(-1, ring(2))))
                .contains("tasks wait for each other and would never end: ")
                .containsPattern("main/program/t(0 → main/program/t1|1 → main/program/t0) → ");
    }

    @Test
    @Tag("semantics-4")
    void aCycleOfAnyLengthIsFoundWhateverTheInterleaving() {
        for (int size = 2; size < 7; size++) {
            for (long seed = 0; seed < 50; seed++) {
                VirtualRun<Object> run = Watched.debugged(seed, ring(size));
                assertThat(failure(run))
                        .as("size %s, seed %s", size, seed)
                        .contains("wait for each other")
                        .contains("t0", "t" + (size - 1));
            }
        }
    }

    @Test
    @Tag("semantics-4")
    void aChildThatWaitsForItsParentIsACycleHoweverTheParentWaits() {
        Coroutine<Object> parent = () ->
                Task.current().orElseThrow().parent().orElseThrow().future().mapEmpty();
        assertThat(failure(
                        Watched.debugged(-1, () -> Tasks.start("child", parent).future())))
                .contains("main/program → main/program/child → main/program");
        assertThat(failure(Watched.debugged(-1, () -> Tasks.gather(parent)))).contains("wait for each other");
        assertThat(failure(Watched.debugged(-1, () -> Tasks.shield(parent)))).contains("wait for each other");
        assertThat(failure(Watched.debugged(
                        -1, () -> TaskGroup.with(group -> group.start(parent).settled()))))
                .contains("wait for each other");
        assertThat(failure(Watched.debugged(-1, () -> Tasks.timeout(Duration.ofDays(1), () -> Tasks.gather(parent)))))
                .contains("wait for each other");
    }

    @Test
    @Tag("semantics-4")
    void aGroupClosedByItsOwnChildIsACycle() {
        assertThat(failure(Watched.debugged(-1, () -> {
                    TaskGroup group = TaskGroup.open("life");
                    return group.start("closer", group::close).future();
                })))
                .contains("closer → main/program");
    }

    @Test
    @Tag("semantics-4")
    void whoTakesThemAsTheyEndIsInACycleOnlyWhenNoneOfThemCanEnd() {
        Coroutine<Object> parent = () ->
                Task.current().orElseThrow().parent().orElseThrow().future().mapEmpty();
        assertThat(failure(Watched.debugged(
                        -1, () -> Tasks.<Object, Object>asCompleted(List.of(parent, parent), Completed::next))))
                .contains("wait for each other");
        VirtualRun<Object> run = Watched.debugged(
                -1,
                () -> Tasks.<Object, Object>asCompleted(List.of(parent, () -> ms(1).map("value")), Completed::next));
        assertThat(run.outcome()).isEqualTo(new Outcome.Success<>("value"));
    }

    @Test
    void whoHasAnotherWayOutIsInNoCycle() {
        for (long seed = 0; seed < 100; seed++) {
            VirtualRun<Object> run = Watched.debugged(seed, () -> {
                List<Task<Object>> two = new ArrayList<>();
                two.add(Tasks.start(
                        "first", () -> Future.any(two.get(1).future(), ms(3)).mapEmpty()));
                two.add(Tasks.start("second", () -> two.get(0).future()));
                return two.get(1).future();
            });
            assertThat(run.outcome().isSuccess())
                    .as("seed %s: %s", seed, run.outcome())
                    .isTrue();
        }
    }

    @Test
    void whatIsNoCycleRunsAsEver() {
        for (long seed = 0; seed < 200; seed++) {
            VirtualRun<String> run = Watched.debugged(seed, () -> {
                Task<String> source = Tasks.start("source", () -> ms(2).map("value"));
                return Tasks.gather(
                                source::future,
                                () -> Tasks.shield(source::future),
                                () -> Tasks.start(source::future).future(),
                                () -> TaskGroup.with(
                                        group -> group.start(source::future).future()))
                        .map(all -> String.join(" ", all));
            });
            assertThat(run.outcome()).as("seed %s", seed).isEqualTo(new Outcome.Success<>("value value value value"));
        }
    }

    private static <T> List<String> forgotten(Coroutine<T> program) {
        Watched.Log log = new Watched.Log();
        Watched.heardBy(log, program);
        return log.lines.stream().filter(line -> line.startsWith("forgotten")).toList();
    }

    @Test
    @Tag("semantics-153")
    void whatNobodyWaitsForIsReportedWhenItIsDropped() {
        assertThat(forgotten(() -> {
                    Tasks.start("save", Watched::ages);
                    Tasks.sleep(Duration.ofSeconds(3));
                    Tasks.gather(Watched::ages);
                    return Future.succeededFuture();
                }))
                .containsExactly("forgotten in main/program [task 'main/program/save', 'sleep 3s', a gather]");
        assertThat(forgotten(() -> Tasks.timeout(Duration.ofSeconds(1), () -> {
                    Tasks.start("inner", Watched::ages);
                    return ms(1);
                })))
                .containsExactly("forgotten in main/program [task 'main/program/inner']");
    }

    @Test
    @Tag("semantics-153")
    void whatIsWaitedForOrStoppedOnPurposeIsNotReported() {
        assertThat(forgotten(() -> {
                    Task<Object> background = Tasks.start("background", Watched::ages);
                    return ms(1).compose(v -> background.cancelAndJoin());
                }))
                .isEmpty();
        assertThat(forgotten(() -> {
                    Tasks.start("over", () -> ms(1));
                    Tasks.shield(() -> ms(5));
                    return ms(2);
                }))
                .allSatisfy(line -> assertThat(line).doesNotContain("over"));
        assertThat(forgotten(() -> Tasks.gather(Watched::ages, () -> Future.failedFuture("bad"))
                        .otherwiseEmpty()))
                .isEmpty();
        assertThat(forgotten(
                        () -> Tasks.timeout(Duration.ofMillis(1), Watched::ages).otherwiseEmpty()))
                .isEmpty();
    }

    @Test
    @Tag("semantics-153")
    void whatIsOnItsWayOrBelongsToABlockOrIsACleanupIsNotReported() {
        // the value is there already
        assertThat(forgotten(() -> {
                    Tasks.sleep(Duration.ZERO);
                    return Future.succeededFuture();
                }))
                .isEmpty();
        // what the code of a block has begun may be the block's own
        assertThat(forgotten(() -> Tasks.timeout(Duration.ofSeconds(1), () -> {
                    ms(5);
                    Tasks.gather(Watched::ages);
                    return ms(1);
                })))
                .isEmpty();
        // its body has ended well, and what is left is a cleanup
        assertThat(forgotten(() -> {
                    Tasks.finallyDo(() -> ms(1), () -> ms(50));
                    return ms(2);
                }))
                .isEmpty();
        assertThat(forgotten(() -> {
                    Companion.start("companion", Watched::ages, end -> true);
                    return ms(1);
                }))
                .isEmpty();
    }

    @Test
    @Tag("semantics-153")
    void tasksThatAreUnfinishedWhenTheirVertxIsClosedAreNamed() throws InterruptedException {
        Vertx vertx = Vertx.vertx();
        Watched.Log log = new Watched.Log();
        Tracing.of(vertx).debug(true).listen(log);
        CountDownLatch begun = new CountDownLatch(1);
        Tasks.start(vertx, "root", () -> {
            Task<Object> child = OwnCode.start("child", () -> {
                begun.countDown();
                return ages();
            });
            return child.future();
        });
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        Watched.await(vertx.close());
        assertThat(log.lines)
                .filteredOn(line -> line.startsWith("forgotten"))
                .singleElement()
                .asString()
                .matches("forgotten in vertx \\[task 'root' started at .*, task 'root/child' started at OwnCode.start"
                        + " \\(OwnCode.java:\\d+\\)]");
    }

    @Test
    @Tag("semantics-6")
    @Tag("semantics-152")
    void aFailureNobodyLooksAtIsReportedOnceWithTheLineThatStartedTheTask() {
        IllegalStateException bad = new IllegalStateException("bad");
        VirtualRun<Void> run = Watched.debugged(-1, () -> {
            OwnCode.start("fails", () -> Future.failedFuture(bad));
            return ms(1);
        });
        assertThat(run.unhandled())
                .singleElement()
                .satisfies(e -> assertThat(e)
                        .isInstanceOf(UnobservedFailureException.class)
                        .hasCause(bad)
                        .message()
                        .matches(
                                "task 'main/program/fails', started at OwnCode.start \\(OwnCode.java:\\d+\\), failed and nobody"
                                        + " looked at it: .*bad"));
    }

    @Test
    @Tag("semantics-152")
    @Tag("semantics-153")
    void slowStepsAndForgottenThingsAreLogged() {
        Logger logger = Logger.getLogger(Tracing.class.getName());
        List<String> logged = new CopyOnWriteArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                logged.add(line.getLevel() + " " + line.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        logger.setLevel(Level.WARNING);
        try {
            Watched.run(
                    -1,
                    on -> on.debug(true).slowAfter(Duration.ofMillis(50)),
                    off -> off.debug(false).slowAfter(Tracing.SLOW),
                    () -> {
                        ms(7);
                        return OwnCode.block(Duration.ofMillis(700));
                    });
        } finally {
            logger.setLevel(Level.SEVERE);
            logger.setUseParentHandlers(true);
            logger.removeHandler(handler);
        }
        assertThat(logged).hasSize(2);
        assertThat(logged.get(0)).isEqualTo("WARNING 'main/program' ended without waiting for: 'sleep 7ms'");
        assertThat(logged.get(1))
                .startsWith("WARNING ")
                .contains(" was blocked ", " by task 'main/program' at OwnCode.block");
    }

    @Test
    void withoutDebugModeNoLineIsLookedFor() {
        VirtualRun<String> run = VirtualRun.of(() -> {
            Task<Object> started = OwnCode.start("started", Watched::ages);
            String text = TaskTree.here().pstree();
            return started.cancelAndJoin().map(text);
        });
        assertThat(run.outcome().orElseThrow()).doesNotContain("OwnCode");
    }
}
