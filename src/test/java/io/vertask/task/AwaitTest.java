package io.vertask.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Waiting for futures that are not of this library. */
class AwaitTest {
    @Test
    void aFutureFromAnotherThreadGoesOnInTheTasksOwnContext() {
        Promise<String> foreign = Promise.promise();
        String where = Tasks.run(() -> {
            new Thread(() -> foreign.complete("value")).start();
            return Tasks.await(foreign.future())
                    .map(value -> value + " in " + Task.current().orElseThrow().name());
        });
        assertThat(where).isEqualTo("value in main");
    }

    @Test
    @Tag("semantics-82")
    void aTimeoutEndsTheWaitAndALateValueIsDisposedOfOnce() {
        List<String> disposed = new ArrayList<>();
        Promise<String> foreign = Promise.promise();
        VirtualRun<String> run = VirtualRun.of(() -> Tasks.timeout(
                        Duration.ofSeconds(1), () -> Tasks.awaitOrDispose(foreign.future(), disposed::add))
                .recover(timeout -> {
                    foreign.complete("late");
                    return Tasks.sleep(Duration.ofSeconds(1))
                            .map(timeout.getClass().getSimpleName());
                }));
        assertThat(run.outcome()).isEqualTo(new Outcome.Success<>("TaskTimeoutException"));
        assertThat(disposed).containsExactly("late");
    }

    @Test
    void aFailureIsTheFuturesOwnAndACompleteOneNeedsNoTurn() {
        IllegalStateException bad = new IllegalStateException("bad");
        VirtualRun<Boolean> run = VirtualRun.of(() -> {
            boolean atOnce = Tasks.await(Future.succeededFuture("x")).isComplete();
            return Tasks.await(Future.failedFuture(bad))
                    .transform(end -> Future.succeededFuture(atOnce && end.cause() == bad));
        });
        assertThat(run.outcome()).isEqualTo(new Outcome.Success<>(true));
    }

    @Test
    @Tag("semantics-18")
    void inACancelledScopeItFailsThoughTheFutureIsComplete() {
        VirtualRun<Boolean> run = VirtualRun.of(() -> {
            Task.current().orElseThrow().cancel();
            return Tasks.await(Future.succeededFuture("x"))
                    .transform(end -> Future.succeededFuture(end.cause() instanceof CancelledException));
        });
        assertThat(run.outcome()).isEqualTo(new Outcome.Success<>(true));
    }
}
