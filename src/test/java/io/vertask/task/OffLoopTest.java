package io.vertask.task;

import static io.vertask.task.Scripts.after;
import static io.vertask.task.Scripts.ages;
import static io.vertask.task.Scripts.ms;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls on a thread that is not the event loop of the context it works for. */
@Timeout(60)
class OffLoopTest {
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));

    @AfterEach
    void close() throws InterruptedException {
        RunTest.close(vertx);
    }

    /** On a thread of Vert.x's worker pool, in the context of the code that calls. */
    private static <T> Future<T> onAWorker(Callable<T> work) {
        return Vertx.currentContext().executeBlocking(work, false);
    }

    @Test
    void theEndOfATaskMayBeAskedForOnAWorker() {
        List<Object> ends = Objects.requireNonNull(Tasks.run(vertx, () -> {
            Task<String> task = Tasks.start(after(5, "value"));
            return onAWorker(() -> Future.<Object>all(List.of(task.future(), task.settled()))
                            .map(both -> both.<Object>list()))
                    .compose(both -> both);
        }));
        assertThat(ends).containsExactly("value", new Outcome.Success<>("value"));
    }

    @Test
    void aGroupMayBeClosedOnAWorker() {
        List<String> log = new ArrayList<>();
        Tasks.run(vertx, () -> {
            TaskGroup group = TaskGroup.open("pages");
            group.start(() -> ms(5).onSuccess(v -> log.add("child")));
            return onAWorker(group::close).compose(closed -> closed).onSuccess(v -> log.add("closed"));
        });
        assertThat(log).containsExactly("child", "closed");
    }

    @Test
    void aSurveyOnAWorkerSeesNothingHereAndEverythingThere() {
        Survey survey = Objects.requireNonNull(Tasks.run(
                vertx,
                () -> onAWorker(() -> {
                            assertThat(Survey.here().tasks()).isEmpty();
                            return Survey.of(vertx, Duration.ofSeconds(20));
                        })
                        .compose(found -> found)));
        assertThat(survey.tasks()).extracting(TaskInfo::name).containsExactly("main");
    }

    @Test
    void anEagerStartOnAWorkerBeginsOnTheLoop() throws InterruptedException {
        Context context = vertx.getOrCreateContext();
        Promise<String> began = Promise.promise();
        context.runOnContext(v -> {
            String loop = Thread.currentThread().getName();
            onAWorker(() -> Tasks.startEager(() -> {
                        began.complete(Thread.currentThread().getName().equals(loop) ? "on the loop" : "elsewhere");
                        return Future.succeededFuture();
                    }))
                    .onFailure(began::tryFail);
        });
        assertThat(RunTest.await(began.future())).isEqualTo("on the loop");
    }

    @Test
    void aGroupTakesChildrenOnItsLoopAlsoWhereNoContextIsCurrent() {
        String value = Tasks.run(
                vertx,
                () -> TaskGroup.with(group -> {
                    ContextInternal context = (ContextInternal) Vertx.currentContext();
                    Promise<Task<String>> started = context.promise();
                    context.nettyEventLoop().execute(() -> started.complete(group.start(after(1, "value"))));
                    return started.future().compose(Task::future);
                }));
        assertThat(value).isEqualTo("value");
    }

    @Test
    void runIsForAnyThreadOfOnesOwnAlsoWhereAContextIsCurrent() throws InterruptedException {
        List<Object> seen = new ArrayList<>();
        Thread own = new Thread(() -> {
            // as in straight-line code
            ContextInternal mine = (ContextInternal) vertx.getOrCreateContext();
            ContextInternal before = mine.beginDispatch();
            seen.add(Vertx.currentContext() == mine);
            seen.add(String.valueOf(Tasks.run(vertx, after(1, "value"))));
            mine.endDispatch(before);
        });
        own.start();
        own.join(20_000);
        assertThat(seen).containsExactly(true, "value");
    }

    @Test
    void whereThereIsNoContextAtAllAStartIsRefused() throws InterruptedException {
        CountDownLatch refused = new CountDownLatch(1);
        new Thread(() -> {
                    assertThatThrownBy(() -> Tasks.start(Scripts::ages))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessage("Tasks.start on a thread without a Vert.x context: name one with"
                                    + " Tasks.start(vertx, …), or use Tasks.run");
                    assertThatThrownBy(() -> Tasks.startEager(() -> ages()))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageStartingWith("Tasks.startEager on a thread without");
                    refused.countDown();
                })
                .start();
        assertThat(refused.await(10, TimeUnit.SECONDS)).isTrue();
    }
}
