package io.vertask.offload;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class OffloadCloseTest {
    private final Fixture fixture = new Fixture();
    private final Vertx vertx = fixture.vertx;
    private final Fixture.Gate gate = new Fixture.Gate();

    @AfterEach
    void close() throws Exception {
        gate.open();
        fixture.close();
    }

    private Offload pool(Duration closeLimit) {
        return Offload.of(vertx, "io", OffloadOptions.threads(1).withCloseLimit(closeLimit));
    }

    private static Future<String> text(Future<?> future) {
        return future.transform(end -> Future.succeededFuture(
                end.succeeded()
                        ? "" + end.result()
                        : end.cause().getClass().getSimpleName() + ": "
                                + end.cause().getMessage()));
    }

    @Test
    @Tag("semantics-139")
    void anIdlePoolClosesAtOnceAndAsOftenAsYouLike() {
        Offload pool = pool(Duration.ofHours(1));
        Tasks.run(vertx, () -> pool.close().compose(v -> pool.close()));
        assertThat(Tasks.run(vertx, () -> text(pool.call("late", () -> 1))))
                .isEqualTo("ClosedException: pool 'io' is closed: job 'late' was not taken");
    }

    @Test
    @Tag("semantics-139")
    void jobsEndBeforeThePoolDoesQueuedOnesToo() {
        Offload pool = pool(Duration.ofHours(1));
        Tasks.run(vertx, () -> {
            Task<Boolean> first = Tasks.start(() -> pool.call("first", () -> {
                gate.pass();
                return fixture.log.add("first");
            }));
            Task<Boolean> second = Tasks.start(() -> pool.call("second", () -> fixture.log.add("second")));
            return Fixture.until(() -> pool.running() == 1 && pool.queued() == 1)
                    .compose(v -> {
                        Future<Void> closed = pool.close();
                        gate.open();
                        return closed;
                    })
                    .onSuccess(v -> fixture.log.add("closed"))
                    .compose(v -> Tasks.gather(first::future, second::future));
        });
        assertThat(fixture.log).containsExactly("first", "second", "closed");
    }

    @Test
    @Tag("semantics-139")
    void aValueThatComesTooLateIsClosedAlsoWhenThePoolHasGone() {
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger closed = new AtomicInteger();
        int rounds = 20;
        for (int i = 1; i <= rounds; i++) {
            int round = i;
            Offload pool = pool(Duration.ofHours(1));
            Fixture.Gate opened = new Fixture.Gate();
            Tasks.run(vertx, () -> {
                Task<AutoCloseable> task = Tasks.start(() -> pool.call(
                        "opener",
                        () -> {
                            begun.incrementAndGet();
                            opened.pass();
                            return closed::incrementAndGet;
                        },
                        OnCancel.WAIT));
                return Fixture.until(() -> begun.get() == round).compose(v -> {
                    task.cancel();
                    opened.open();
                    return pool.close().compose(end -> task.settled());
                });
            });
        }
        Tasks.run(vertx, () -> Fixture.until(() -> closed.get() == rounds));
    }

    @Test
    @Tag("semantics-139")
    void afterTheLimitQueuedJobsAreGivenUpAndRunningOnesInterrupted() {
        Offload pool = pool(Duration.ofMillis(50));
        String end = Tasks.run(vertx, () -> {
            Task<Integer> heeds = Tasks.start(() -> pool.call("heeds", () -> {
                gate.pass();
                return 1;
            }));
            Task<Integer> queued = Tasks.start(() -> pool.call("queued", () -> 2));
            return Fixture.until(() -> pool.queued() == 1)
                    .compose(v -> pool.close())
                    .compose(v -> text(heeds.future()))
                    .compose(first -> text(queued.future()).map(second -> first + "; " + second));
        });
        assertThat(end)
                .isEqualTo("ClosedException: pool 'io' was closed: job 'heeds' was interrupted; "
                        + "ClosedException: pool 'io' was closed");
    }

    @Test
    @Tag("semantics-139")
    void aStuckJobIsNamedAndDoesNotHoldThePoolForEver() {
        Offload pool = pool(Duration.ofMillis(50));
        String end = Tasks.run(vertx, () -> {
            Task<Void> deaf = Tasks.start(() -> pool.call("deaf", () -> {
                gate.passWhateverHappens();
                return null;
            }));
            return Fixture.until(() -> pool.running() == 1)
                    .compose(v -> text(pool.close()))
                    .compose(said -> {
                        gate.open();
                        return deaf.future().map(v -> said);
                    });
        });
        assertThat(end)
                .matches(
                        "StuckJobException: pool 'io' was closed, and left behind after 1.05s: 'deaf' on thread io-0 in "
                                + "Fixture\\$Gate.passWhateverHappens \\(Fixture.java:\\d+\\)");
    }

    @Test
    void whoeverCancelsTheCloserDoesNotStopTheClosing() {
        Offload pool = pool(Duration.ofHours(1));
        Tasks.run(vertx, () -> {
            Task<Void> job = Tasks.start(() -> pool.call("job", () -> {
                gate.pass();
                return null;
            }));
            return Fixture.until(() -> pool.running() == 1)
                    .compose(v -> {
                        Task<Void> closer = Tasks.start(pool::close);
                        return Tasks.sleep(Duration.ofMillis(5)).onSuccess(w -> {
                            closer.cancel();
                            gate.open();
                        });
                    })
                    .compose(v -> job.future())
                    .compose(v -> pool.close());
        });
        assertThat(pool.running()).isZero();
    }
}
