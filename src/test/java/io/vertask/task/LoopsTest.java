package io.vertask.task;

import static io.vertask.task.Scripts.ages;
import static io.vertask.task.Scripts.agesThen;
import static io.vertask.task.Scripts.ms;
import static io.vertask.testing.Asserting.asserting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several event loops, and other threads. */
@Timeout(60)
class LoopsTest {
    private static Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));

    /** Threads of no event loop. Not the common pool: on two cores it is one thread, which all tests would share. */
    private static final ScheduledExecutorService others = Executors.newScheduledThreadPool(2);

    /**
     * Runs an action on another thread about a millisecond later; without a lock, for which an event loop must not
     * wait.
     */
    private static final Queue<Runnable> soon = new ConcurrentLinkedQueue<>();

    private static void doSoon() {
        for (Runnable next = soon.poll(); next != null; next = soon.poll()) {
            next.run();
        }
    }

    @BeforeAll
    static void open() {
        ScheduledFuture<?> unused = others.scheduleWithFixedDelay(LoopsTest::doSoon, 1, 1, TimeUnit.MILLISECONDS);
        vertx.close();
        vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(4));
    }

    @AfterAll
    static void close() throws InterruptedException {
        others.shutdownNow();
        CountDownLatch closed = new CountDownLatch(1);
        vertx.close().onComplete(end -> closed.countDown());
        assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
    }

    private static String here() {
        return Thread.currentThread().getName();
    }

    @Test
    @Tag("semantics-5")
    void aTaskOfAnotherLoopCompletesOnTheAwaitersContext() {
        for (int i = 0; i < 200; i++) {
            Task<String> other = Tasks.start(vertx, "other", () -> ms(1).map(v -> here()));
            Tasks.run(vertx, () -> {
                String mine = here();
                Task<?> me = Task.current().orElseThrow();
                return other.future()
                        .compose(theirs -> {
                            assertThat(here()).isEqualTo(mine);
                            assertThat(Task.current()).hasValue(me);
                            return other.settled();
                        })
                        .compose(asserting(end -> {
                            assertThat(here()).isEqualTo(mine);
                            assertThat(Task.current()).hasValue(me);
                        }));
            });
        }
    }

    @Test
    @Tag("semantics-5")
    void cancellingAnAwaiterEndsItsWaitForATaskOfAnotherLoop() {
        Task<Void> other = Tasks.start(vertx, "other", Scripts::ages);
        assertThatThrownBy(() -> Tasks.run(vertx, () -> Tasks.timeout(Duration.ofMillis(5), other::future)))
                .isInstanceOf(TaskTimeoutException.class);
        assertThat(other.state()).isEqualTo(Task.State.RUNNING);
        assertThat(Tasks.run(vertx, () -> other.cancelAndJoin())).isInstanceOf(Outcome.Cancelled.class);
    }

    @Test
    @Tag("semantics-30")
    void aCancelFromAnyThreadTakesEffectOnTheTasksOwnLoop() throws InterruptedException {
        int tasks = 5_000;
        AtomicInteger wrongThread = new AtomicInteger();
        AtomicInteger cleaned = new AtomicInteger();
        AtomicInteger begun = new AtomicInteger();
        CountDownLatch over = new CountDownLatch(tasks);
        for (int i = 0; i < tasks; i++) {
            Task<Void> task = Tasks.start(vertx, null, () -> {
                String mine = here();
                begun.incrementAndGet();
                return Tasks.finallyDo(
                        Scripts::<Void>ages,
                        () -> ms(1).onComplete(end -> {
                            cleaned.incrementAndGet();
                            if (!here().equals(mine)) {
                                wrongThread.incrementAndGet();
                            }
                        }));
            });
            task.future().onComplete(end -> over.countDown());
            others.execute(task::cancel);
            if (i % 3 == 0) {
                task.cancel(CancelReason.user("twice"));
            }
        }
        assertThat(over.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(cleaned).hasValue(begun.get());
        assertThat(wrongThread).hasValue(0);
    }

    @Test
    void aTaskEndsExactlyOnceThoughItsEndRacesWithACancel() throws InterruptedException {
        int tasks = 20_000;
        CountDownLatch over = new CountDownLatch(tasks);
        AtomicInteger values = new AtomicInteger();
        AtomicInteger cancels = new AtomicInteger();
        for (int i = 0; i < tasks; i++) {
            Task<String> task =
                    Tasks.start(vertx, null, () -> Tasks.sleep(Duration.ZERO).map("value"));
            task.settled().onSuccess(end -> {
                (end.isSuccess() ? values : cancels).incrementAndGet();
                assertThat(task.tryOutcome()).hasValue(end);
                over.countDown();
            });
            if (i % 2 == 0) {
                others.execute(task::cancel);
            }
        }
        assertThat(over.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(values.get() + cancels.get()).isEqualTo(tasks);
        assertThat(values.get()).isGreaterThanOrEqualTo(tasks / 2);
    }

    @Test
    @Tag("semantics-5")
    void aBodyWhoseFutureAForeignThreadCompletesEndsOnItsOwnLoop() {
        List<String> wrong = new ArrayList<>();
        Tasks.run(vertx, () -> {
            String mine = here();
            Coroutine<String> foreign = () -> {
                Promise<String> promise = Promise.promise();
                soon.add(() -> promise.complete("value"));
                return promise.future();
            };
            Coroutine<String> otherLoop = () -> {
                Promise<String> promise = Promise.promise();
                Tasks.start(vertx, "elsewhere", () -> ms(1).onSuccess(v -> promise.complete("value")));
                return promise.future();
            };
            return Tasks.loopWhile(() -> Tasks.gather(
                            foreign,
                            otherLoop,
                            () -> Tasks.timeout(Duration.ofSeconds(5), foreign),
                            () -> Tasks.finallyDo(foreign, otherLoop),
                            () -> Tasks.shield(otherLoop),
                            () -> TaskGroup.with(group -> group.start(foreign).future()),
                            () -> Tasks.loopWhile(() -> foreign.call().map(false))
                                    .map("value"))
                    .map(all -> {
                        if (!here().equals(mine) || all.stream().anyMatch(s -> !"value".equals(s))) {
                            wrong.add(here() + all);
                        }
                        return wrong.size() + Task.current().map(Task::id).orElseThrow() < 0;
                    }));
        });
        assertThat(wrong).isEmpty();
    }

    @Test
    void aScopeIsBoundToItsLoopAndSaysSo() {
        assertThatThrownBy(() -> Tasks.run(
                        vertx, () -> Vertx.currentContext().executeBlocking(() -> Tasks.sleep(Duration.ZERO), false)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("runs on its own event loop's thread only");
        TaskGroup group = Objects.requireNonNull(Tasks.run(vertx, () -> TaskGroup.with(Future::succeededFuture)));
        assertThatThrownBy(() -> group.start(Scripts::ages))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("another event loop");
    }

    @Test
    @Tag("semantics-64")
    void aGroupIsCancelledAndClosedFromAPlainThread() throws InterruptedException {
        Promise<TaskGroup> opened = Promise.promise();
        AtomicInteger cleaned = new AtomicInteger();
        Task<Void> holder = Tasks.start(vertx, "holder", () -> {
            TaskGroup group = TaskGroup.open("pages");
            group.start(() -> {
                // not before the child has begun: a cancel may come in any moment from here on
                opened.complete(group);
                return agesThen(() -> ms(5).onSuccess(v -> cleaned.incrementAndGet()))
                        .call();
            });
            return ages();
        });
        CountDownLatch closed = new CountDownLatch(1);
        opened.future()
                .onSuccess(group -> others.execute(() -> {
                    group.cancel(CancelReason.USER);
                    group.close().onSuccess(v -> closed.countDown());
                }));
        assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(cleaned).hasValue(1);
        Tasks.run(vertx, () -> holder.cancelAndJoin());
    }

    @Test
    void aLoopThatNeverRestsStillGetsToItsTimersAndSockets() {
        AtomicInteger steps = new AtomicInteger();
        assertThatThrownBy(() -> Tasks.run(
                        vertx,
                        () -> Tasks.timeout(
                                Duration.ofMillis(2),
                                () -> Tasks.forever(
                                        () -> Tasks.sleep(Duration.ZERO).onSuccess(v -> steps.incrementAndGet())))))
                .isInstanceOf(TaskTimeoutException.class);
        // Netty alone would let tasks run for a second before it looks at its timers: millions of steps
        assertThat(steps).hasValueLessThan(300_000);
    }
}
