package io.vertask.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.offload.Offload;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A Vertx that is closed under its tasks: they end, values are disposed of, and nothing throws at a bystander. */
@Timeout(20)
class ClosedVertxTest {
    private final Vertx vertx = Vertx.vertx();
    private final Promise<String> foreign = Promise.promise();

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void aForeignPromiseThatCompletesLaterDoesNotThrowAndItsValueIsDisposedOf() throws Exception {
        List<String> late = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<Void> waiting = new CompletableFuture<>();
        Task<String> task = Tasks.start(vertx, "waits", () -> {
            waiting.complete(null);
            return Tasks.awaitOrDispose(foreign.future(), late::add);
        });
        waiting.get(10, TimeUnit.SECONDS);
        get(vertx.close());
        assertThat(task.state()).isEqualTo(Task.State.CANCELLED);
        foreign.complete("too late");
        assertThat(late).containsExactly("too late");
    }

    @Test
    void aWaiterThatIsResumedLaterDoesNotThrowAndItsValueIsDisposedOf() throws Exception {
        List<String> late = Collections.synchronizedList(new ArrayList<>());
        AtomicReference<@Nullable Waiter<String>> waiter = new AtomicReference<>();
        CompletableFuture<Void> waiting = new CompletableFuture<>();
        Tasks.start(
                vertx,
                "waits",
                () -> Waiter.<String>await("it", wait -> {
                    waiter.set(wait.onUndelivered(late::add));
                    waiting.complete(null);
                }));
        waiting.get(10, TimeUnit.SECONDS);
        get(vertx.close());
        Waiter<String> wait = Objects.requireNonNull(waiter.get());
        assertThat(wait.resume("too late")).isTrue();
        assertThat(wait.resume("twice")).isFalse();
        assertThat(late).containsExactly("too late");
    }

    @Test
    void aStartFailsInItsFuture() throws Exception {
        get(vertx.close());
        Task<String> task = Tasks.start(vertx, "late", () -> Future.succeededFuture("ran"));
        assertThatThrownBy(() -> get(task.future()))
                .hasCauseInstanceOf(ClosedException.class)
                .hasMessageContaining("the Vertx of task 'late' is closed");
        assertThat(task.state()).isEqualTo(Task.State.FAILED);
        assertThat(task.cancel()).isFalse();
    }

    @Test
    void aRunFailsAtOnce() throws Exception {
        get(vertx.close());
        assertThatThrownBy(() -> Tasks.run(vertx, () -> Future.succeededFuture("ran")))
                .isInstanceOf(ClosedException.class);
    }

    @Test
    void aRunEndsWhenItsVertxIsClosedFromInside() {
        assertThatThrownBy(() -> Tasks.run(vertx, vertx::close)).isInstanceOf(CancelledException.class);
    }

    @Test
    void aRunThatWaitsForAForeignFutureEndsWhenItsVertxIsClosed() throws Exception {
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        CompletableFuture<Void> waiting = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                Tasks.run(vertx, () -> {
                    waiting.complete(null);
                    return foreign.future();
                });
                end.complete(null);
            } catch (Throwable thrown) {
                end.complete(thrown);
            }
        });
        caller.start();
        waiting.get(10, TimeUnit.SECONDS);
        get(vertx.close());
        assertThat(end.get(10, TimeUnit.SECONDS)).isInstanceOf(CancelledException.class);
    }

    @Test
    void aVerticleThatUndeploysItselfFromATaskIsGoneAtOnce() throws Exception {
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        long began = System.nanoTime();
        get(vertx.deployVerticle(new AbstractVerticle() {
            @Override
            public void start() {
                Tasks.start(() -> vertx.undeploy(deploymentID()))
                        .settled()
                        .onComplete(outcome -> end.complete(outcome.result().errorOrNull()));
            }
        }));
        assertThat(end.get(10, TimeUnit.SECONDS)).isInstanceOf(CancelledException.class);
        while (!vertx.deploymentIDs().isEmpty()) {
            Thread.onSpinWait();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
        get(vertx.close());
    }

    @Test
    void aGroupOfAClosedVertxTakesACancelAndACloseQuietly() throws Exception {
        CompletableFuture<TaskGroup> opened = new CompletableFuture<>();
        vertx.runOnContext(nothing -> opened.complete(TaskGroup.open("late")));
        TaskGroup group = opened.get(10, TimeUnit.SECONDS);
        get(vertx.close());
        group.cancel(CancelReason.SHUTDOWN);
        assertThat(group.close().isComplete()).isTrue();
    }

    @Test
    void aTaskOfAnotherLoopThatWaitsForATaskOfAClosedVertxGetsAnEnd() throws Exception {
        Task<String> left = Tasks.start(vertx, "left", foreign::future);
        get(vertx.close());
        Vertx other = Vertx.vertx();
        try {
            Task<Outcome<String>> joins = Tasks.start(other, "joins", left::settled);
            assertThat(get(joins.future())).isInstanceOf(Outcome.Cancelled.class);
        } finally {
            get(other.close());
        }
    }

    @Test
    void anOffloadOfAClosedVertxFailsByName() throws Exception {
        Offload pool = Offload.blocking(vertx, "late", 1);
        get(vertx.close());
        assertThatThrownBy(() -> Tasks.run(() -> pool.call(() -> "ran"))).isInstanceOf(ClosedException.class);
    }
}
