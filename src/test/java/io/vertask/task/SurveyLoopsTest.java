package io.vertask.task;

import static io.vertask.task.Scripts.ages;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testing.OwnCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A survey of several event loops, from any thread. */
@Timeout(60)
class SurveyLoopsTest {
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(3));
    private final AtomicBoolean go = new AtomicBoolean();

    @AfterEach
    void close() throws InterruptedException {
        go.set(true);
        RunTest.close(vertx);
    }

    private Survey survey() throws InterruptedException {
        return Objects.requireNonNull(RunTest.await(Survey.of(vertx)));
    }

    /** A root task on each of the three loops; they take turns. */
    private List<Task<Void>> startThree() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(3);
        Coroutine<Void> body = () -> {
            begun.countDown();
            return ages();
        };
        List<Task<Void>> tasks = List.of(
                Tasks.start(vertx, "one", body), Tasks.start(vertx, "two", body), Tasks.start(vertx, "three", body));
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        return tasks;
    }

    private void spinUntilTold() {
        OwnCode.blockWhile(() -> !go.get(), Duration.ofSeconds(20));
    }

    @Test
    @Tag("semantics-149")
    void aPlainThreadSeesTheTasksOfEveryLoop() throws InterruptedException {
        assertThat(survey().tasks()).isEmpty();
        List<Task<Void>> tasks = startThree();
        Survey three = survey();
        assertThat(three.silent()).isEmpty();
        assertThat(three.tasks()).extracting(TaskInfo::name).containsExactly("one", "two", "three");
        assertThat(three.tasks()).extracting(TaskInfo::loop).doesNotHaveDuplicates();
        assertThat(three.tasks()).extracting(TaskInfo::task).isEqualTo(tasks);
        RunTest.await(tasks.get(1).cancelAndJoin());
        assertThat(survey().tasks()).extracting(TaskInfo::name).containsExactly("one", "three");
    }

    @Test
    @Tag("semantics-149")
    void aTaskSeesTheTasksOfOtherLoopsAndIsAnsweredOnItsOwnContext() throws InterruptedException {
        startThree();
        List<String> names = Tasks.run(vertx, () -> {
            Thread mine = Thread.currentThread();
            return Survey.of(vertx).map(survey -> {
                assertThat(Thread.currentThread()).isSameAs(mine);
                assertThat(Task.current()).isPresent();
                return survey.tasks().stream().map(TaskInfo::name).toList();
            });
        });
        assertThat(names).containsExactly("one", "two", "three", "main");
    }

    private void blockALoop() throws InterruptedException {
        CountDownLatch blocking = new CountDownLatch(1);
        Tasks.start(vertx, "blocks", () -> {
            blocking.countDown();
            spinUntilTold();
            return Future.succeededFuture();
        });
        assertThat(blocking.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    @Tag("semantics-149")
    void aBlockedLoopIsNamedWithWhereItIsAndDoesNotHoldUpTheOthers() throws InterruptedException {
        startThree();
        blockALoop();
        Survey survey = Objects.requireNonNull(RunTest.await(Survey.of(vertx, Duration.ofMillis(100))));
        assertThat(survey.tasks()).hasSize(2).noneMatch(task -> task.name().equals("blocks"));
        assertThat(survey.silent()).singleElement().satisfies(silent -> {
            assertThat(silent.loop()).startsWith("vert.x-eventloop-thread-");
            assertThat(silent.stack()).anyMatch(frame -> frame.getMethodName().equals("spinUntilTold"));
        });
        go.set(true);
        assertThat(survey().silent()).isEmpty();
    }

    @Test
    void aContextWithoutTasksIsNotKept() throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            Tasks.run(vertx, () -> Tasks.sleep(Duration.ZERO));
        }
        RunTest.await(Survey.of(vertx));
        assertThat(AllHomes.of(vertx).all().values()).hasSize(3).allMatch(homes -> homes.firstHome() == null);
    }

    @Test
    void aClosedVertxHasNoTasks() throws InterruptedException {
        startThree();
        RunTest.close(vertx);
        assertThat(survey()).isEqualTo(new Survey(List.of(), List.of(), List.of()));
    }

    @Test
    void outsideAnyLoopThereIsNothingHere() {
        assertThat(Survey.here()).isEqualTo(new Survey(List.of(), List.of(), List.of()));
    }

    @Test
    void tasksThatComeAndGoDuringSurveysNeverBreakOne() throws InterruptedException {
        Task<Void> busy = Tasks.start(
                vertx,
                "busy",
                () -> Tasks.forever(() -> Tasks.timeout(
                        Duration.ofSeconds(5),
                        () -> Tasks.gather(
                                () -> Tasks.sleep(Duration.ZERO),
                                () -> Tasks.shield(() -> Tasks.sleep(Duration.ZERO))))));
        for (int i = 0; i < 300; i++) {
            assertThat(survey().tasks()).anyMatch(task -> task.name().equals("busy"));
        }
        assertThat(RunTest.await(busy.cancelAndJoin())).isInstanceOf(Outcome.Cancelled.class);
        assertThat(survey().tasks()).isEmpty();
    }

    @Test
    void aBlockedLoopThatNeverHadTasksIsNamedAsThat() throws InterruptedException {
        CountDownLatch blocking = new CountDownLatch(1);
        vertx.getOrCreateContext().runOnContext(v -> {
            assertThat(Survey.here().tasks()).isEmpty();
            blocking.countDown();
            spinUntilTold();
        });
        assertThat(blocking.await(10, TimeUnit.SECONDS)).isTrue();
        Survey survey = Objects.requireNonNull(RunTest.await(Survey.of(vertx, Duration.ofMillis(100))));
        assertThat(survey.silent()).containsExactly(new Survey.Silent("an event loop without tasks", List.of()));
    }

    @Test
    void theChildrenOfAGroupOfAnotherLoopAreNotLookedAt() throws InterruptedException {
        Promise<TaskGroup> opened = Promise.promise();
        Task<Void> holder = Tasks.start(vertx, "holder", () -> {
            TaskGroup group = TaskGroup.open("pages");
            group.start("child", Scripts::ages);
            opened.complete(group);
            return ages();
        });
        Task<Void> closer =
                Tasks.start(vertx, "closer", () -> Tasks.await(opened.future()).compose(TaskGroup::close));
        List<TaskInfo.Wait> waits = List.of();
        for (int i = 0; waits.isEmpty() && i < 1_000; i++) {
            waits = survey().tasks().stream()
                    .flatMap(task -> task.waits().stream())
                    .filter(wait -> wait.what().equals("the end of group 'pages'"))
                    .toList();
        }
        assertThat(waits).singleElement().extracting(TaskInfo.Wait::tasks).isEqualTo(List.of());
        RunTest.await(closer.cancelAndJoin());
        RunTest.await(holder.cancelAndJoin());
    }

    @Test
    void aWorkerIsAnsweredOnItsContextAlsoWhenALoopDoesNot() throws InterruptedException {
        startThree();
        blockALoop();
        Survey survey = Objects.requireNonNull(RunTest.await(
                vertx.executeBlocking(() -> Survey.of(vertx, Duration.ofMillis(100)), false)
                        .compose(found -> found)));
        assertThat(survey.silent()).hasSize(1);
        assertThat(survey.tasks()).hasSize(2);
    }
}
