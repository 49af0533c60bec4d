package io.vertask.task;

import static io.vertask.task.Scripts.agesThen;
import static io.vertask.task.Scripts.failsAfter;
import static io.vertask.task.Scripts.ms;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tasks and groups that live as long as a verticle. */
@Timeout(60)
class VerticleTest {
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final List<Throwable> unhandled = new CopyOnWriteArrayList<>();
    private final Vertx vertx = Vertx.vertx().exceptionHandler(unhandled::add);

    @AfterEach
    void close() throws InterruptedException {
        RunTest.close(vertx);
    }

    private String deploy(Supplier<Future<?>> start, Supplier<Future<?>> stop) throws InterruptedException {
        return Objects.requireNonNull(RunTest.await(vertx.deployVerticle(new VerticleBase() {
            @Override
            public Future<?> start() {
                return start.get();
            }

            @Override
            public Future<?> stop() {
                return stop.get();
            }
        })));
    }

    @Test
    void undeployingCancelsTheTasksOfAVerticleAndWaitsForThem() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        String id = deploy(
                () -> {
                    Tasks.start("worker", () -> {
                        begun.countDown();
                        return agesThen(() -> ms(30).onSuccess(v -> log.add("cleaned")))
                                .call();
                    });
                    return Future.succeededFuture();
                },
                Future::succeededFuture);
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        RunTest.await(vertx.undeploy(id).onComplete(end -> log.add("undeployed")));
        assertThat(log).containsExactly("cleaned", "undeployed");
        assertThat(unhandled).isEmpty();
    }

    @Test
    void undeployingCancelsAnOpenGroupAndWaitsForIt() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        String id = deploy(
                () -> {
                    TaskGroup.open("empty");
                    TaskGroup.open("life").start(() -> {
                        begun.countDown();
                        return agesThen(() -> ms(30).onSuccess(v -> log.add("cleaned")))
                                .call();
                    });
                    return Future.succeededFuture();
                },
                Future::succeededFuture);
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        RunTest.await(vertx.undeploy(id).onComplete(end -> log.add("undeployed")));
        assertThat(log).containsExactly("cleaned", "undeployed");
        assertThat(unhandled).isEmpty();
    }

    @Test
    void aVerticleThatClosesItsGroupInStopFinishesItsWork() throws InterruptedException {
        TaskGroup[] group = new TaskGroup[1];
        String id = deploy(
                () -> {
                    group[0] = TaskGroup.open("life");
                    group[0].start(() -> ms(50).onSuccess(v -> log.add("finished")));
                    return Future.succeededFuture();
                },
                () -> group[0].close().onSuccess(v -> log.add("closed")));
        RunTest.await(vertx.undeploy(id));
        assertThat(log).containsExactly("finished", "closed");
    }

    @Test
    void aGroupOfAVerticleThatFailsIsReported() throws InterruptedException {
        IllegalStateException bad = new IllegalStateException("bad");
        CountDownLatch reported = new CountDownLatch(1);
        vertx.exceptionHandler(e -> {
            unhandled.add(e);
            reported.countDown();
        });
        String id = deploy(
                () -> {
                    TaskGroup.open("life").start(failsAfter(1, bad));
                    return Future.succeededFuture();
                },
                Future::succeededFuture);
        assertThat(reported.await(10, TimeUnit.SECONDS)).isTrue();
        RunTest.await(vertx.undeploy(id));
        assertThat(unhandled)
                .singleElement()
                .satisfies(e ->
                        assertThat(e).isInstanceOf(TaskGroupException.class).hasCause(bad));
    }

    @Test
    void anIdleContextIsNotKeptAndATaskLaterIsStillCancelledAtTheEnd() throws InterruptedException {
        CountDownLatch again = new CountDownLatch(1);
        deploy(
                () -> Tasks.start("first", () -> ms(1))
                        .future()
                        .onSuccess(v -> vertx.runOnContext(w -> Tasks.start("second", () -> {
                            again.countDown();
                            return agesThen(() -> ms(10).onSuccess(x -> log.add("cleaned")))
                                    .call();
                        }))),
                Future::succeededFuture);
        assertThat(again.await(10, TimeUnit.SECONDS)).isTrue();
        RunTest.close(vertx);
        assertThat(log).containsExactly("cleaned");
    }
}
