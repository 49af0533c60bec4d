package io.vertask.trace;

import static io.vertask.trace.Watched.ms;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertask.testing.OwnCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Turns that keep their event loop too long; on a real one, since it is real time that passes. */
@Timeout(60)
class SlowStepTest {
    private static final Duration SLOW = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofMillis(700);

    private final Vertx vertx = Vertx.vertx();
    private final Watched.Log log = new Watched.Log();

    @AfterEach
    void close() throws InterruptedException {
        Watched.await(vertx.close());
    }

    /** Those that are meant: on a busy machine others may be slow as well. */
    private List<SlowStep> slow() {
        return log.slow.stream()
                .filter(step -> step.took().compareTo(LONG) >= 0)
                .toList();
    }

    private static Future<String> resize() {
        return OwnCode.block(LONG);
    }

    @Test
    @Tag("semantics-152")
    void aSlowStepIsReportedWithItsTaskItsDurationAndTheLine() {
        Tracing.of(vertx).slowAfter(SLOW).listen(log);
        Tasks.run(
                vertx,
                () -> Tasks.start("resize", SlowStepTest::resize).future().compose(v -> ms(1)));
        assertThat(slow()).singleElement().satisfies(step -> {
            assertThat(step.task()).isEqualTo("main/resize");
            assertThat(step.took()).isLessThan(Duration.ofSeconds(20));
            assertThat(step.loop()).startsWith("vert.x-eventloop-thread-");
            assertThat(step.where()).matches("OwnCode\\.block\\w* \\(OwnCode\\.java:\\d+\\)");
            assertThat(step.toString())
                    .matches(
                            step.loop()
                                    + " was blocked \\d+ms by task 'main/resize' at OwnCode\\.block\\w* \\(OwnCode\\.java:\\d+\\)");
        });
    }

    @Test
    @Tag("semantics-152")
    void theTaskIsNamedWhateverKindOfTurnItWas() {
        Tracing.of(vertx).slowAfter(SLOW).listen(log);
        Tasks.run(
                vertx,
                () -> Tasks.start("waits", () -> ms(1).compose(v -> resize()))
                        .future()
                        .compose(v -> Tasks.loopWhile(
                                () -> ms(1).compose(w -> resize()).map(false)))
                        .compose(v -> Tasks.timeout(Duration.ofSeconds(30), () -> ms(1)))
                        .compose(v -> resize()));
        assertThat(slow()).extracting(SlowStep::task).containsExactly("main/waits", "main", "main");
    }

    @Test
    @Tag("semantics-67")
    void aBodyThatBlocksPastItsLimitButNeverWaitsDoesNotTimeOutAndIsReported() {
        Tracing.of(vertx).slowAfter(SLOW).listen(log);
        String value = Tasks.run(vertx, () -> Tasks.timeout(Duration.ofMillis(10), SlowStepTest::resize));
        assertThat(value).isEqualTo("blocked");
        assertThat(slow()).singleElement().extracting(SlowStep::task).isEqualTo("main");
    }

    @Test
    void aSlowStepTellsTheTaskTreeItRanIn() throws InterruptedException {
        Tracing.of(vertx).slowAfter(SLOW).listen(log);
        Task<String> mine = Tasks.start(
                vertx,
                "mine",
                () -> Tasks.start("child", () -> ms(1).compose(v -> resize())).future());
        Task<String> other = Tasks.start(vertx, "other", SlowStepTest::resize);
        Watched.await(Future.all(mine.future(), other.future()));
        assertThat(slow().stream().filter(step -> step.isWithin(mine)))
                .singleElement()
                .satisfies(step -> {
                    assertThat(step.task()).isEqualTo("mine/child");
                    assertThat(step.taskIds()).hasSize(2).startsWith(mine.id());
                });
        assertThat(slow().stream().filter(step -> step.isWithin(other)))
                .singleElement()
                .extracting(SlowStep::task, SlowStep::taskIds)
                .containsExactly("other", List.of(other.id()));
    }

    @Test
    void aSlowHandOutBelongsToTheTaskThatGetsTheValue() {
        Tracing.of(vertx).slowAfter(SLOW).listen(log);
        Tasks.run(vertx, () -> Tasks.start("quick", () -> ms(1)).future().compose(v -> resize()));
        assertThat(slow()).singleElement().satisfies(step -> {
            assertThat(step.task()).isEqualTo("main");
            assertThat(step.taskIds()).hasSize(1);
        });
    }

    @Test
    void aStepOfNoTaskIsWithinNone() {
        SlowStep step = new SlowStep("loop-1", null, List.of(), LONG, 5, 0, List.of());
        assertThat(step.isWithin(Tasks.start(vertx, "any", () -> ms(0)))).isFalse();
    }

    @Test
    void aStepWithinTheThresholdIsNotReported() {
        Tracing.of(vertx).slowAfter(Duration.ofSeconds(20)).listen(log);
        Tasks.run(vertx, SlowStepTest::resize);
        assertThat(log.slow).isEmpty();
    }

    @Test
    void thoseThatWereReadyAllTheWhileAreCounted() {
        Tracing.of(vertx).slowAfter(SLOW).listen(log);
        Tasks.run(vertx, () -> Tasks.gather(SlowStepTest::resize, () -> ms(1).map("a"), () -> ms(1).map("b")));
        assertThat(slow()).singleElement().extracting(SlowStep::waiting).isEqualTo(2);
    }

    @Test
    void theStackIsThatOfTheSlowTurnAndNotOfAnEarlierOne() {
        LoopProbe probe =
                new LoopProbe(Tracing.of(vertx).slowAfter(Duration.ofMillis(5)).listen(log));
        probe.turnBegins(null);
        probe.look();
        OwnCode.block(Duration.ofMillis(10));
        probe.look();
        probe.turnEnds(0);
        probe.turnBegins(null);
        OwnCode.block(Duration.ofMillis(10));
        probe.turnEnds(0);
        assertThat(log.slow).hasSize(2);
        assertThat(log.slow.get(0).stack())
                .anyMatch(frame -> frame.getMethodName().equals("theStackIsThatOfTheSlowTurnAndNotOfAnEarlierOne"));
        assertThat(log.slow.get(0).toString()).contains(" by a step of no task at ");
        assertThat(log.slow.get(1).stack()).isEmpty();
        assertThat(log.slow.get(1).where()).isNull();
    }

    @Test
    void aThresholdOfZeroIsRefused() {
        assertThatThrownBy(() -> Tracing.of(vertx).slowAfter(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Tracing.slowAfter: the limit is PT0S");
    }

    @Test
    void aLoopOfStepsThatNeverWaitIsNamedAlsoAfterItHasLetOthersRun() {
        Tracing.of(vertx).slowAfter(SLOW).listen(log);
        AtomicInteger steps = new AtomicInteger();
        Tasks.run(
                vertx,
                () -> Tasks.start(
                                "loops",
                                () -> Tasks.loopWhile(() -> {
                                    int step = steps.incrementAndGet();
                                    return (step == 300 ? resize() : Future.succeededFuture()).map(step < 600);
                                }))
                        .future());
        assertThat(slow()).singleElement().extracting(SlowStep::task).isEqualTo("main/loops");
    }
}
