package io.vertask.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.CancelReason;
import io.vertask.task.Coroutine;
import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.TaskTimeoutException;
import io.vertask.task.Tasks;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ResourcesTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final List<String> log = new ArrayList<>();
    private final IllegalStateException bad = new IllegalStateException("bad");
    private final IllegalStateException worse = new IllegalStateException("worse");

    private final AsyncResource<String> door = AsyncResource.of(
            () -> Tasks.sleep(HOUR).map(v -> logged("open", "door")),
            door -> Tasks.sleep(Duration.ofSeconds(1)).map(v -> logged("close " + door, "")));

    private <T> T logged(String line, T value) {
        log.add(line);
        return value;
    }

    private <T> Outcome<T> outcome(Coroutine<T> program) {
        VirtualRun<T> run = VirtualRun.of(program);
        assertThat(run.unhandled()).isEmpty();
        assertThat(run.pendingTimers()).isZero();
        return run.outcome();
    }

    @Test
    @Tag("semantics-121")
    void opensUsesAndClosesInThisOrder() {
        Outcome<Integer> end =
                outcome(() -> Resources.using(door, d -> Tasks.sleep(HOUR).map(v -> logged("use " + d, 7))));
        assertThat(end).isEqualTo(new Outcome.Success<>(7));
        assertThat(log).containsExactly("open", "use door", "close door");
    }

    @Test
    @Tag("semantics-121")
    void closesOnceHoweverTheBodyEnds() {
        List<Function<String, Future<Integer>>> bodies = List.of(
                d -> Future.succeededFuture(1),
                d -> Tasks.sleep(HOUR).map(1),
                d -> Future.failedFuture(bad),
                d -> Tasks.sleep(HOUR).compose(v -> Future.failedFuture(bad)),
                d -> {
                    throw bad;
                },
                d -> Tasks.timeout(
                        Duration.ofMinutes(1), () -> Tasks.sleep(HOUR).map(1)));
        for (Function<String, Future<Integer>> body : bodies) {
            log.clear();
            Throwable error = outcome(() -> Resources.using(door, body)).errorOrNull();
            assertThat(log).containsExactly("open", "close door");
            assertThat(error == null || error == bad || error instanceof TaskTimeoutException)
                    .as("%s", error)
                    .isTrue();
        }
    }

    @Test
    @Tag("semantics-121")
    @SuppressWarnings("NullAway")
    void aBodyWithoutAFutureFailsAndTheResourceIsClosed() {
        assertThat(outcome(() -> Resources.using(door, d -> null)).errorOrNull())
                .hasMessage("the body returned no future");
        assertThat(log).containsExactly("open", "close door");
    }

    @Test
    @SuppressWarnings("NullAway") // what no type check stops a user from
    void anAcquireWithoutAFutureFailsAndNothingIsClosed() {
        AsyncResource<String> none =
                AsyncResource.of(() -> null, d -> Future.succeededFuture(logged("close " + d, "")));
        assertThat(outcome(() -> Resources.using(none, d -> Future.succeededFuture(logged("use", ""))))
                        .errorOrNull())
                .isInstanceOf(NullPointerException.class)
                .hasMessage("acquire returned no future");
        assertThat(log).isEmpty();
    }

    @Test
    @Tag("semantics-121")
    void whatFailedToOpenIsNeitherUsedNorClosed() {
        List<Coroutine<String>> acquires = List.of(
                () -> Future.failedFuture(bad), () -> Tasks.sleep(HOUR).compose(v -> Future.failedFuture(bad)), () -> {
                    throw bad;
                });
        for (Coroutine<String> acquire : acquires) {
            AsyncResource<String> broken =
                    AsyncResource.of(acquire, d -> Future.succeededFuture(logged("close " + d, "")));
            assertThat(outcome(() -> Resources.using(broken, d -> Future.succeededFuture(logged("use", ""))))
                            .errorOrNull())
                    .isSameAs(bad);
        }
        assertThat(log).isEmpty();
    }

    @Test
    @Tag("semantics-122")
    void whatOpensAfterTheCancelIsClosedAndNotUsed() {
        Promise<String> late = Promise.promise();
        AsyncResource<String> foreign =
                AsyncResource.of(late::future, d -> Future.succeededFuture(logged("close " + d, "")));
        Outcome<String> end = outcome(() -> {
            Task<String> user =
                    Tasks.start(() -> Resources.using(foreign, d -> Future.succeededFuture(logged("use", d))));
            return Tasks.sleep(HOUR)
                    .compose(v -> {
                        user.cancel();
                        return Tasks.sleep(HOUR);
                    })
                    .compose(v -> {
                        assertThat(user.state().isDone()).isTrue();
                        late.complete("late door");
                        return user.settled();
                    })
                    .map(o -> o.getClass().getSimpleName());
        });
        assertThat(end).isEqualTo(new Outcome.Success<>("Cancelled"));
        assertThat(log).containsExactly("close late door");
    }

    @Test
    void nothingIsOpenedInACancelledScope() {
        Outcome<Void> end = outcome(() -> {
            Task<Void> user = Tasks.start(() -> Tasks.sleep(HOUR)
                    .recover(e -> Resources.using(
                            AsyncResource.of(
                                    () -> Future.succeededFuture(logged("open", "door")),
                                    d -> Future.succeededFuture()),
                            d -> Future.succeededFuture())));
            return Tasks.sleep(Duration.ofMinutes(1))
                    .compose(v -> user.cancelAndJoin())
                    .mapEmpty();
        });
        assertThat(end.isSuccess()).isTrue();
        assertThat(log).isEmpty();
    }

    @Test
    @Tag("semantics-123")
    void aSecondCancelDoesNotCutTheRelease() {
        AsyncResource<String> slow = AsyncResource.of(
                () -> Future.succeededFuture("door"),
                d -> Tasks.sleep(Duration.ofSeconds(2)).map(v -> logged("closed", "")));
        VirtualRun<Void> run = VirtualRun.of(() -> {
            Task<Void> user = Tasks.start(() -> Resources.using(slow, d -> Tasks.sleep(HOUR)));
            return Tasks.sleep(Duration.ofSeconds(1))
                    .compose(v -> {
                        user.cancel();
                        return Tasks.sleep(Duration.ofSeconds(1));
                    })
                    .compose(v -> user.cancelAndJoin(CancelReason.SHUTDOWN))
                    .mapEmpty();
        });
        assertThat(log).containsExactly("closed");
        assertThat(run.elapsed()).isEqualTo(Duration.ofSeconds(3));
        assertThat(run.unhandled()).isEmpty();
    }

    @Test
    @Tag("semantics-123")
    void aReleaseThatHangsIsCutAtItsLimitAndReported() {
        AsyncResource<String> stuck =
                AsyncResource.of(() -> Future.succeededFuture("door"), d -> Tasks.sleep(Duration.ofDays(1)));
        VirtualRun<String> run =
                VirtualRun.of(() -> Resources.using(stuck, Duration.ofSeconds(3), d -> Future.failedFuture(bad)));
        assertThat(run.outcome().errorOrNull()).isSameAs(bad);
        assertThat(run.elapsed()).isEqualTo(Duration.ofSeconds(3));
        assertThat(run.unhandled()).singleElement().isInstanceOf(TaskTimeoutException.class);
    }

    @Test
    @Tag("semantics-124")
    void theErrorOfTheReleaseSurfacesAfterASuccessAndIsSuppressedAfterAFailure() {
        List<Function<String, Future<Void>>> releases = List.of(d -> Future.failedFuture(worse), d -> {
            throw worse;
        });
        for (Function<String, Future<Void>> release : releases) {
            AsyncResource<String> jammed = AsyncResource.of(() -> Future.succeededFuture("door"), release);
            assertThat(outcome(() -> Resources.using(jammed, d -> Future.succeededFuture(1)))
                            .errorOrNull())
                    .isSameAs(worse);
            IllegalStateException primary = new IllegalStateException("primary");
            assertThat(outcome(() -> Resources.using(jammed, d -> Future.failedFuture(primary)))
                            .errorOrNull())
                    .isSameAs(primary);
            assertThat(primary.getSuppressed()).containsExactly(worse);
        }
    }

    @Test
    void theBodyRunsInItsTaskAlsoWhenTheResourceComesFromAnotherThread() {
        Promise<String> foreign = Promise.promise();
        AsyncResource<String> resource = AsyncResource.of(
                () -> {
                    new Thread(() -> foreign.complete("door"), "opener").start();
                    return foreign.future();
                },
                d -> Tasks.sleep(Duration.ZERO));
        Boolean same = Tasks.run(() -> {
            Thread mine = Thread.currentThread();
            Object context = Vertx.currentContext();
            return Resources.using(
                    resource,
                    d -> Tasks.sleep(Duration.ZERO)
                            .map(v -> Thread.currentThread() == mine && Vertx.currentContext() == context));
        });
        assertThat(same).isTrue();
    }
}
