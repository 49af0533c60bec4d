package io.vertask.sync;

import static io.vertask.sync.AsyncSemaphoreTest.turns;
import static io.vertask.testing.Asserting.asserting;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.vertask.task.Coroutine;
import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class CapacityLimiterTest {
    private static final Duration LIMIT = Duration.ofMillis(10);

    private final List<String> log = new ArrayList<>();

    @Test
    @Tag("semantics-99")
    void itKnowsItsBorrowers() {
        CapacityLimiter limiter = CapacityLimiter.named("api", 3);
        Tasks.run(() -> limiter.withPermit(() -> {
            Task<?> me = Task.current().orElseThrow();
            assertThat(limiter.tryAcquireFor("a client")).isTrue();
            assertThat(limiter.borrowers()).containsExactly(me, "a client");
            assertThat(limiter.available()).isEqualTo(1);
            assertThat(limiter).hasToString("limiter 'api': 2 of 3 lent, 0 waiting");
            limiter.releaseFor("a client");
            return Future.succeededFuture();
        }));
        assertThat(limiter.borrowers()).isEmpty();
        assertThat(limiter.available()).isEqualTo(3);
    }

    @Test
    @Tag("semantics-99")
    void askingAgainIsAnError() {
        CapacityLimiter limiter = CapacityLimiter.named("api", 1);
        Tasks.run(() -> {
            limiter.acquireFor("client");
            assertThatIllegalStateException()
                    .isThrownBy(() -> limiter.acquireFor("client"))
                    .withMessage("limiter 'api': client holds a permit already; a borrower gets one at a time");
            assertThatIllegalStateException().isThrownBy(() -> limiter.tryAcquireFor("client"));
            Future<Void> other = limiter.acquireFor("other");
            assertThatIllegalStateException()
                    .isThrownBy(() -> limiter.acquireFor("other"))
                    .withMessageContaining("other is waiting for a permit already");
            limiter.releaseFor("client");
            return other.compose(asserting(v -> assertThat(limiter.borrowers()).containsExactly("other")));
        });
        assertThat(limiter.available()).isZero();
    }

    @Test
    @Tag("semantics-99")
    void withoutANameTheCurrentTaskBorrowsWaitsAndGivesBack() {
        CapacityLimiter limiter = CapacityLimiter.of(1);
        Tasks.run(() -> limiter.acquire().compose(taken -> {
            Task<?> me = Task.current().orElseThrow();
            assertThat(limiter.borrowers()).containsExactly(me);
            Task<Boolean> other = Tasks.start("other", () -> {
                assertThat(limiter.tryAcquire()).isFalse();
                Future<Void> second = limiter.acquire();
                assertThatIllegalStateException()
                        .isThrownBy(limiter::tryAcquire)
                        .withMessageContaining("is waiting for a permit already");
                return second.map(in -> {
                    assertThat(limiter.borrowers()).hasSize(1).doesNotContain(me);
                    limiter.release();
                    return limiter.tryAcquire();
                });
            });
            return turns(2).compose(v -> {
                assertThat(limiter.waiting()).isEqualTo(1);
                limiter.release();
                return other.future()
                        .compose(asserting(again -> assertThat(again).isTrue()));
            });
        }));
        assertThat(limiter.borrowers()).hasSize(1);
    }

    @Test
    @Tag("semantics-99")
    void aForeignReleaseIsAnErrorAndChangesNothing() {
        CapacityLimiter limiter = CapacityLimiter.named("api", 1);
        Tasks.run(() -> limiter.withPermit(() -> {
            Task<Void> other = Tasks.start(() -> {
                limiter.release();
                return Future.succeededFuture();
            });
            return other.settled()
                    .compose(asserting(end -> assertThat(end.errorOrNull())
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("releases a permit that it does not hold")));
        }));
        assertThat(limiter.available()).isEqualTo(1);
    }

    @Test
    @Tag("semantics-99")
    void raisingTheLimitWakesWaitersAndLoweringItRevokesNothing() {
        CapacityLimiter limiter = CapacityLimiter.of(0);
        Tasks.run(() -> {
            List<Task<Void>> tasks = new ArrayList<>();
            for (String name : List.of("a", "b", "c", "d")) {
                tasks.add(Tasks.start(
                        name,
                        () -> limiter.withPermit(() -> {
                            log.add(name);
                            return Tasks.sleep(Duration.ofHours(1));
                        })));
            }
            return turns(2).compose(v -> {
                        assertThat(log).isEmpty();
                        assertThat(limiter.waiting()).isEqualTo(4);
                        limiter.resize(2);
                        return turns(2);
                    })
                    .compose(v -> {
                        assertThat(log).containsExactly("a", "b");
                        limiter.resize(1);
                        assertThat(limiter.borrowers()).hasSize(2);
                        assertThat(limiter.available()).isZero();
                        return tasks.get(0).cancelAndJoin();
                    })
                    .compose(v -> turns(2))
                    .compose(v -> {
                        // one of two has come back, and the limit is one
                        assertThat(log).containsExactly("a", "b");
                        return tasks.get(1).cancelAndJoin();
                    })
                    .compose(v -> turns(2))
                    .compose(v -> {
                        assertThat(log).containsExactly("a", "b", "c");
                        limiter.resize(Integer.MAX_VALUE);
                        return turns(2);
                    })
                    .compose(asserting(v -> assertThat(log).containsExactly("a", "b", "c", "d")));
        });
        assertThat(limiter.borrowers()).isEmpty();
        assertThat(limiter.available()).isEqualTo(limiter.limit());
    }

    @Test
    void aNegativeLimitIsRefusedAndChangesNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CapacityLimiter.named("api", -1))
                .withMessage("limiter 'api' with a limit of -1: it takes 0 or more");
        CapacityLimiter limiter = CapacityLimiter.of(2);
        assertThatIllegalArgumentException().isThrownBy(() -> limiter.resize(-5));
        assertThat(limiter.limit()).isEqualTo(2);
        assertThat(limiter.available()).isEqualTo(2);
    }

    @Test
    void outsideATaskABorrowerIsNamed() {
        CapacityLimiter limiter = CapacityLimiter.named("api", 1);
        assertThatIllegalStateException()
                .isThrownBy(limiter::tryAcquire)
                .withMessage("limiter 'api': tryAcquire was called outside any task; name the borrower with "
                        + "tryAcquireFor, or start a task");
        // what waits needs a task all the same
        assertThatIllegalStateException().isThrownBy(() -> limiter.acquireFor("client"));
        assertThat(limiter.tryAcquireFor("client")).isTrue();
        limiter.releaseFor("client");
        assertThat(limiter.available()).isEqualTo(1);
    }

    @Test
    void aCancelledWaiterMayAskAgain() {
        CapacityLimiter limiter = CapacityLimiter.of(1);
        Tasks.run(() -> {
            limiter.acquireFor("holder");
            return Tasks.timeout(Duration.ofMillis(2), () -> limiter.acquireFor("client"))
                    .recover(late -> {
                        assertThat(limiter.waiting()).isZero();
                        limiter.releaseFor("holder");
                        return limiter.acquireFor("client");
                    });
        });
        assertThat(limiter.borrowers()).containsExactly("client");
    }

    @Test
    @Tag("semantics-99")
    void aCancelAtAnyTurnGivesEveryPermitBack() {
        AtomicReference<CapacityLimiter> current = new AtomicReference<>(CapacityLimiter.of(0));
        int runs = VirtualRun.cancelledAtEveryTurn(
                () -> {
                    CapacityLimiter limiter = CapacityLimiter.of(2);
                    current.set(limiter);
                    Coroutine<Void> user = () -> limiter.withPermit(() -> Tasks.sleep(LIMIT));
                    Coroutine<Void> impatient = () -> Tasks.timeout(LIMIT, user).recover(e -> turns(1));
                    Coroutine<Void> resizer = () -> turns(3).compose(v -> {
                        limiter.resize(1);
                        return Tasks.finallyDo(() -> Tasks.sleep(LIMIT), () -> {
                            limiter.resize(3);
                            return Future.succeededFuture();
                        });
                    });
                    return () -> Tasks.settle(resizer, impatient, impatient, impatient, impatient);
                },
                (turn, run) -> {
                    CapacityLimiter limiter = requireNonNull(current.get());
                    assertThat(limiter.borrowers()).as("turn %s", turn).isEmpty();
                    assertThat(limiter.available()).as("turn %s", turn).isEqualTo(limiter.limit());
                    assertThat(limiter.waiting()).isZero();
                    assertThat(run.outcome()).isNotInstanceOf(Outcome.Failure.class);
                    assertThat(run.unhandled()).isEmpty();
                });
        assertThat(runs).isGreaterThan(20);
    }
}
