package io.vertask.task;

import static io.vertask.task.Scripts.after;
import static io.vertask.task.Scripts.ages;
import static io.vertask.task.Scripts.agesThen;
import static io.vertask.task.Scripts.ms;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RunTest {
    @Test
    @Tag("semantics-142")
    void runReturnsTheValueOrThrowsTheVeryErrorCheckedOnesToo() {
        assertThat(Tasks.run(after(1, "value"))).isEqualTo("value");
        assertThat(Tasks.<@Nullable String>run(() -> Future.succeededFuture(null)))
                .isNull();
        IOException checked = new IOException("checked");
        assertThatThrownBy(() -> Tasks.run(() -> {
                    throw checked;
                }))
                .isSameAs(checked);
        assertThatThrownBy(() -> Tasks.run(() -> Future.failedFuture(checked))).isSameAs(checked);
    }

    @Test
    @Tag("semantics-142")
    void runRefusesToNest() {
        assertThatThrownBy(() -> Tasks.run(() -> Future.succeededFuture(Tasks.run(after(1, "inner")))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("use Tasks.start there");
    }

    @Test
    @Tag("semantics-142")
    void aVertxOfOnesOwnIsUsedAgainAndNotClosed() throws InterruptedException {
        Vertx vertx = Vertx.vertx();
        assertThat(Tasks.run(vertx, after(1, "one"))).isEqualTo("one");
        assertThat(Tasks.run(vertx, after(1, "two"))).isEqualTo("two");
        close(vertx);
    }

    @Test
    @Tag("semantics-143")
    void leftoverTasksAreCancelledAndAwaitedAndTheValueStands() {
        List<String> log = new ArrayList<>();
        String value = Tasks.run(() -> {
            Tasks.start(agesThen(() -> ms(30).onSuccess(v -> log.add("left over cleaned"))));
            return ms(5).map("value");
        });
        assertThat(value).isEqualTo("value");
        assertThat(log).containsExactly("left over cleaned");
    }

    @Test
    @Tag("semantics-143")
    void theEndOfRunCancelsRootTasksOfItsVertxToo() {
        List<String> log = new ArrayList<>();
        Tasks.run(() -> {
            Tasks.start(
                    Vertx.currentContext().owner(),
                    "root",
                    agesThen(() -> ms(30).onSuccess(v -> log.add("root cleaned"))));
            return ms(5);
        });
        assertThat(log).containsExactly("root cleaned");
    }

    @Test
    @Tag("semantics-144")
    void interruptingTheCallerCancelsMainAndItsCleanupRuns() throws InterruptedException {
        List<String> log = new CopyOnWriteArrayList<>();
        CountDownLatch begun = new CountDownLatch(1);
        Thread caller = new Thread(() -> {
            try {
                Tasks.run(() -> {
                    begun.countDown();
                    return agesThen(() -> ms(30).onSuccess(v -> log.add("cleaned")))
                            .call();
                });
            } catch (CancelledException e) {
                log.add(e.reason().toString());
            }
            log.add(Thread.currentThread().isInterrupted() ? "still interrupted" : "interrupt lost");
        });
        caller.start();
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        caller.interrupt();
        caller.join(10_000);
        assertThat(log)
                .containsExactly("cleaned", "user (the thread that ran it was interrupted)", "still interrupted");
    }

    @Test
    @Tag("semantics-144")
    void aMainThatSwallowsTheInterruptGivesItsValue() throws InterruptedException {
        AtomicReference<@Nullable String> value = new AtomicReference<>();
        CountDownLatch begun = new CountDownLatch(1);
        Thread caller = new Thread(() -> value.set(Tasks.run(() -> {
            begun.countDown();
            return Scripts.<String>ages().recover(e -> Future.succeededFuture("swallowed"));
        })));
        caller.start();
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        caller.interrupt();
        caller.join(10_000);
        assertThat(value).hasValue("swallowed");
    }

    @Test
    void aMainThatCancelsItselfIsThrownAsCancelled() {
        assertThatThrownBy(() -> Tasks.run(() -> {
                    Task.current().orElseThrow().cancel(CancelReason.user("enough"));
                    return ages();
                }))
                .isInstanceOfSatisfying(
                        CancelledException.class,
                        e -> assertThat(e.reason().detail()).isEqualTo("enough"));
    }

    @Test
    @Tag("semantics-6")
    void theFailureOfARootTaskIsReportedAlsoWhenTheVertxIsClosedAtOnce() throws InterruptedException {
        IllegalStateException bad = new IllegalStateException("bad");
        List<Throwable> unhandled = new CopyOnWriteArrayList<>();
        Vertx vertx = Vertx.vertx().exceptionHandler(unhandled::add);
        CountDownLatch failed = new CountDownLatch(1);
        Tasks.start(vertx, "root", () -> {
            vertx.runOnContext(v -> failed.countDown());
            throw bad;
        });
        assertThat(failed.await(10, TimeUnit.SECONDS)).isTrue();
        close(vertx);
        assertThat(unhandled).singleElement().satisfies(e -> assertThat(e).hasCause(bad));
    }

    @Test
    @Tag("semantics-6")
    void theFailureOfARootTaskThatItsStarterLooksAtIsNotReported() throws InterruptedException {
        IllegalStateException bad = new IllegalStateException("bad");
        List<Throwable> unhandled = new CopyOnWriteArrayList<>();
        Vertx vertx = Vertx.vertx().exceptionHandler(unhandled::add);
        CountDownLatch failed = new CountDownLatch(1);
        Tasks.start(vertx, "root", () -> {
                    throw bad;
                })
                .future()
                .onFailure(e -> failed.countDown());
        assertThat(failed.await(10, TimeUnit.SECONDS)).isTrue();
        close(vertx);
        assertThat(unhandled).isEmpty();
    }

    @Test
    void aTaskStartedOnAClosedContextNeverRuns() throws InterruptedException {
        AtomicInteger ran = new AtomicInteger();
        Vertx vertx = Vertx.vertx();
        AtomicReference<@Nullable Context> kept = new AtomicReference<>();
        VerticleBase verticle = new VerticleBase() {
            @Override
            public Future<?> start() {
                kept.set(context);
                return Future.succeededFuture();
            }
        };
        String id = await(vertx.deployVerticle(verticle));
        await(vertx.undeploy(id));
        Task<Void> late = Tasks.start(Objects.requireNonNull(kept.get()), "late", Scripts.doing(ran::incrementAndGet));
        Outcome<Void> end = await(late.settled());
        assertThat(end)
                .isInstanceOfSatisfying(
                        Outcome.Cancelled.class,
                        c -> assertThat(c.cause().reason().kind()).isEqualTo(CancelReason.Kind.SHUTDOWN));
        assertThat(ran).hasValue(0);
        close(vertx);
    }

    static void close(Vertx vertx) throws InterruptedException {
        await(vertx.close());
    }

    static <T> @Nullable T await(Future<T> future) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        future.onComplete(end -> done.countDown());
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(future.cause()).isNull();
        return future.result();
    }
}
