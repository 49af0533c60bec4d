package io.vertask.task;

import static io.vertask.task.Scripts.after;
import static io.vertask.task.Scripts.ages;
import static io.vertask.task.Scripts.failsAfter;
import static io.vertask.task.Scripts.ms;
import static io.vertask.task.Scripts.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testkit.VirtualRun;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The root tasks of a verticle: those that don't stop, and those that fail while nobody looks. */
@Timeout(60)
class HomeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<Throwable> unhandled = new CopyOnWriteArrayList<>();
    private final IllegalStateException bad = new IllegalStateException("bad");
    private final IllegalStateException worse = new IllegalStateException("worse");

    private Future<String> deploy(Runnable start) {
        return Tasks.await(Vertx.currentContext().owner().deployVerticle(new VerticleBase() {
            @Override
            public Future<?> start() {
                context.exceptionHandler(unhandled::add);
                start.run();
                return Future.succeededFuture();
            }
        }));
    }

    private static Future<Void> undeploy(String id) {
        return Tasks.await(Vertx.currentContext().owner().undeploy(id));
    }

    /** Takes that long to stop when it is asked to. */
    private static Future<Void> stubborn(Duration time) {
        return Tasks.finallyDo(
                () -> Waiter.await("the end", wait -> {}), time.multipliedBy(2), () -> Tasks.sleep(time));
    }

    @Test
    void whatDoesNotStopIsLeftBehindAfterThirtySecondsAndNamed() {
        AtomicReference<@Nullable String> id = new AtomicReference<>();
        VirtualRun<Void> run = VirtualRun.of(() -> deploy(() -> {
                    Tasks.start("stubborn", () -> stubborn(PATIENCE.multipliedBy(2)));
                    TaskGroup.open(TaskGroup.Options.named("life").grace(PATIENCE.multipliedBy(9)))
                            .start(() -> stubborn(PATIENCE.multipliedBy(2)));
                })
                .compose(deployed -> {
                    id.set(deployed);
                    return ms(1).compose(v -> undeploy(deployed));
                })
                // they end all the same, and that is no news
                .compose(gone -> Tasks.sleep(PATIENCE.multipliedBy(3))));
        resultOf(run);
        assertThat(unhandled)
                .singleElement()
                .satisfies(e -> assertThat(e)
                        .hasMessage("still running 30 s after verticle " + id.get()
                                + " was closed, and left behind: group 'life', task 'stubborn' CANCELLING"));
    }

    @Test
    void whatEndsAsThePatienceEndsIsNotLeftBehind() throws InterruptedException {
        Vertx vertx = Vertx.vertx().exceptionHandler(unhandled::add);
        HandTimers timers = HandTimers.installedIn(vertx, PATIENCE);
        Context context = vertx.getOrCreateContext();
        CountDownLatch begun = new CountDownLatch(1);
        context.runOnContext(v -> Tasks.start("root", () -> {
                    begun.countDown();
                    return ages();
                })
                .future()
                .onComplete(end -> timers.goOff()));
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        RunTest.close(vertx);
        assertThat(timers.isSet()).isTrue();
        assertThat(unhandled).isEmpty();
    }

    @Test
    @Tag("semantics-6")
    void rootsThatFailTogetherAreEachReportedOnceAndTheOthersGoOn() {
        AtomicReference<@Nullable Survey> later = new AtomicReference<>();
        VirtualRun<Void> run = VirtualRun.of(() -> deploy(() -> {
                    Tasks.start("one", failsAfter(1, bad));
                    Tasks.start("two", failsAfter(2, worse));
                    Tasks.start("goes on", () -> Tasks.sleep(Duration.ofSeconds(10)));
                })
                .compose(id -> ms(300).compose(v -> {
                    later.set(Survey.here());
                    return undeploy(id);
                })));
        resultOf(run);
        assertThat(unhandled).extracting(Throwable::getCause).containsExactly(bad, worse);
        assertThat(Objects.requireNonNull(later.get()).tasks())
                .extracting(TaskInfo::name)
                .containsExactlyInAnyOrder("main", "goes on");
    }

    @Test
    @Tag("semantics-6")
    void aRootThatFailedJustBeforeTheEndOfItsVerticleIsReportedOnce() throws InterruptedException {
        Vertx vertx = Vertx.vertx();
        HandTimers moment = HandTimers.installedIn(vertx, Duration.ofMillis(100));
        AtomicReference<@Nullable Context> home = new AtomicReference<>();
        String id = RunTest.await(vertx.deployVerticle(new VerticleBase() {
            @Override
            public Future<?> start() {
                home.set(context.exceptionHandler(unhandled::add));
                Promise<Void> failed = Promise.promise();
                Tasks.start("fails", () -> {
                    // some turns later it is over
                    vertx.runOnContext(v -> vertx.runOnContext(w -> vertx.runOnContext(x -> failed.complete())));
                    throw bad;
                });
                return failed.future();
            }
        }));
        RunTest.await(vertx.undeploy(String.valueOf(id)));
        assertThat(unhandled).hasSize(1);
        // the moment that it was given passes
        Promise<Void> passed = Promise.promise();
        Objects.requireNonNull(home.get()).runOnContext(v -> {
            moment.goOff();
            vertx.runOnContext(w -> vertx.runOnContext(x -> passed.complete()));
        });
        RunTest.await(passed.future());
        assertThat(unhandled)
                .singleElement()
                .satisfies(e -> assertThat(e)
                        .isInstanceOf(UnobservedFailureException.class)
                        .hasCause(bad));
        RunTest.close(vertx);
    }

    @Test
    void aTaskWhoseLoopHasEndedWithoutItIsCancelledForThoseWhoWait() throws InterruptedException {
        Vertx vertx = Vertx.vertx().exceptionHandler(unhandled::add);
        HandTimers timers = HandTimers.installedIn(vertx, PATIENCE);
        AtomicReference<@Nullable Context> context = new AtomicReference<>();
        CountDownLatch begun = new CountDownLatch(1);
        Task<String> task = Tasks.start(vertx, "left behind", () -> {
            context.set(Vertx.currentContext());
            begun.countDown();
            return Tasks.shield(() -> after(3_600_000, "late").call());
        });
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        Future<Void> closed = vertx.close();
        Objects.requireNonNull(context.get()).runOnContext(v -> {
            if (timers.isSet()) {
                timers.goOff();
            }
        });
        RunTest.await(closed);
        assertThat(task.tryOutcome().orElseThrow()).isInstanceOf(Outcome.Cancelled.class);
        Vertx another = Vertx.vertx();
        Promise<Outcome<String>> told = Promise.promise();
        another.runOnContext(v -> task.settled().onComplete(told::tryComplete, told::tryFail));
        CountDownLatch over = new CountDownLatch(1);
        told.future().onComplete(end -> over.countDown());
        assertThat(over.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(told.future().result()).isInstanceOf(Outcome.Cancelled.class);
        RunTest.close(another);
    }
}
