package io.vertask.task;

import static io.vertask.task.Scripts.after;
import static io.vertask.task.Scripts.ms;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The ready queue with an order that is decided outside the library. */
@Timeout(60)
class TurnsTest {
    @Test
    void aPickerThatThrowsTakesNobodysTurnAway() throws InterruptedException {
        AtomicInteger picks = new AtomicInteger();
        Vertx vertx = Vertx.vertx();
        Scheduling.install(vertx, new Scheduling(Timers.SYSTEM, ready -> {
            if (picks.incrementAndGet() % 3 == 0) {
                throw new IllegalStateException("thrown on purpose");
            }
            return ready - 1;
        }));
        assertThat(Tasks.run(vertx, () -> Tasks.gather(after(1, "a"), after(2, "b"), () -> ms(1).map("c"))))
                .isEqualTo(List.of("a", "b", "c"));
        assertThat(picks).hasValueGreaterThan(9);
        RunTest.close(vertx);
    }

    @Test
    void withoutASeedThePausesAreOfTheThreadsOwnChance() {
        AtomicInteger tries = new AtomicInteger();
        Retry how = Retry.times(4).backoff(Backoff.exponential(Duration.ofNanos(1_000), Duration.ofMillis(1)));
        String value = Tasks.run(() -> Tasks.retry(
                how,
                () -> tries.incrementAndGet() < 4 ? Future.failedFuture("bad") : Future.succeededFuture("fourth")));
        assertThat(value).isEqualTo("fourth");
    }

    @Test
    void aStepThatGivesNothingEndsItsLoop() {
        AtomicInteger steps = new AtomicInteger();
        VirtualRun<Void> run = VirtualRun.of(() -> Tasks.loopWhile(() -> {
            steps.incrementAndGet();
            return Future.succeededFuture();
        }));
        assertThat(run.outcome().isSuccess()).isTrue();
        assertThat(steps).hasValue(1);
    }
}
