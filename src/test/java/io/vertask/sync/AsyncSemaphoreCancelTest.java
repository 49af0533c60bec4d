package io.vertask.sync;

import static io.vertask.sync.AsyncSemaphoreTest.turns;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.Coroutine;
import io.vertask.task.Outcome;
import io.vertask.task.TaskTimeoutException;
import io.vertask.task.Tasks;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Permits are conserved, at whichever turn a cancel or a limit strikes. */
class AsyncSemaphoreCancelTest {
    private static final Duration LIMIT = Duration.ofMillis(10);

    @Test
    @Tag("semantics-95")
    void aLimitThatPassesAsThePermitArrivesLosesNoPermit() {
        Set<String> seen = new HashSet<>();
        // one too early, then at the same instant and a few turns later
        for (int late = -1; late < 6; late++) {
            for (long seed = 0; seed < 100; seed++) {
                AsyncSemaphore semaphore = AsyncSemaphore.of(0);
                int turnsLate = Math.max(0, late);
                Duration release = late < 0 ? LIMIT.minusNanos(1) : LIMIT;
                VirtualRun<String> run = VirtualRun.seeded(
                        seed,
                        () -> Tasks.gather(
                                        () -> Tasks.timeout(LIMIT, semaphore::acquire)
                                                .map("got it")
                                                .recover(e -> e instanceof TaskTimeoutException
                                                        ? Future.succeededFuture("too late")
                                                        : Future.failedFuture(e)),
                                        () -> Tasks.sleep(release)
                                                .compose(v -> turns(turnsLate))
                                                .map(v -> {
                                                    semaphore.release();
                                                    return "";
                                                }))
                                .map(both -> both.get(0)));
                String said = run.outcome().orElseThrow();
                assertThat(semaphore.available())
                        .as("%s, seed %s, %s turns late", said, seed, late)
                        .isEqualTo("got it".equals(said) ? 0 : 1);
                assertThat(semaphore.isLocked()).isEqualTo("got it".equals(said));
                assertThat(semaphore.waiting()).isZero();
                assertThat(run.unhandled()).isEmpty();
                seen.add(said);
            }
        }
        assertThat(seen).containsExactlyInAnyOrder("got it", "too late");
    }

    @Test
    @Tag("semantics-92")
    @Tag("semantics-94")
    @Tag("semantics-96")
    void aCancelAtAnyTurnGivesEveryPermitBack() {
        AtomicReference<AsyncSemaphore> current = new AtomicReference<>(AsyncSemaphore.of(0));
        int runs = VirtualRun.cancelledAtEveryTurn(
                () -> {
                    AsyncSemaphore semaphore = AsyncSemaphore.of(2);
                    current.set(semaphore);
                    Coroutine<Void> user = () -> semaphore.withPermit(
                            () -> turns(2).compose(v -> semaphore.withPermit(() -> Tasks.sleep(LIMIT)))
                                    .compose(v -> turns(1)));
                    Coroutine<Void> impatient = () -> Tasks.timeout(LIMIT, user).recover(e -> turns(1));
                    return () -> Tasks.settle(impatient, impatient, impatient, impatient);
                },
                (turn, run) -> {
                    AsyncSemaphore semaphore = requireNonNull(current.get());
                    assertThat(semaphore.available()).as("turn %s", turn).isEqualTo(2);
                    assertThat(semaphore.isLocked()).isFalse();
                    assertThat(semaphore.waiting()).isZero();
                    assertThat(run.outcome()).isNotInstanceOf(Outcome.Failure.class);
                    assertThat(run.unhandled()).isEmpty();
                    assertThat(run.pendingTimers()).isZero();
                });
        assertThat(runs).isGreaterThan(20);
    }
}
