package io.vertask.sync;

import static io.vertask.sync.AsyncSemaphoreTest.turns;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class AsyncLockTest {
    private static final Duration LIMIT = Duration.ofMillis(10);

    private final List<String> log = new ArrayList<>();

    @Test
    void oneTaskAtATimeInArrivalOrderWhateverTheSchedule() {
        for (long seed = 0; seed < 300; seed++) {
            AsyncLock lock = AsyncLock.create();
            int[] in = {0, 0};
            List<Integer> asked = new ArrayList<>();
            List<Integer> got = new ArrayList<>();
            VirtualRun<?> run = VirtualRun.seeded(seed, () -> {
                List<Coroutine<Void>> users = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    int user = i;
                    users.add(() -> turns(user % 3).compose(v -> {
                        asked.add(user);
                        return lock.withLock(() -> {
                            got.add(user);
                            in[1] = Math.max(in[1], ++in[0]);
                            return turns(user % 4).onComplete(end -> in[0]--);
                        });
                    }));
                }
                return Tasks.gather(users);
            });
            assertThat(run.outcome().isSuccess()).as("seed %s", seed).isTrue();
            assertThat(in).as("seed %s", seed).containsExactly(0, 1);
            assertThat(got).as("seed %s", seed).isEqualTo(asked);
            assertThat(lock.isLocked()).isFalse();
        }
    }

    @Test
    void itIsNotReentrant() {
        AsyncLock lock = AsyncLock.named("ledger");
        assertThatIllegalStateException()
                .isThrownBy(() -> Tasks.run(() -> lock.withLock(() -> lock.withLock(() -> turns(1)))))
                .withMessageStartingWith("lock 'ledger' is not reentrant, and task 'main' holds it already");
        assertThat(lock.isLocked()).isFalse();
        Tasks.run(() -> lock.withLock(() -> {
            assertThatIllegalStateException().isThrownBy(lock::tryAcquire).withMessageContaining("not reentrant");
            return Future.succeededFuture();
        }));
    }

    @Test
    void aSecondWaitOfTheSameTaskIsRefusedAlsoWhileAnotherHoldsTheLock() {
        AsyncLock lock = AsyncLock.named("ledger");
        VirtualRun<Void> run = VirtualRun.of(() -> {
            Task<Void> holder = Tasks.start("holder", () -> lock.withLock(() -> Tasks.sleep(LIMIT)));
            return turns(2).compose(v -> {
                Future<Void> first = lock.acquire();
                assertThatIllegalStateException()
                        .isThrownBy(lock::acquire)
                        .withMessageStartingWith(
                                "lock 'ledger' is not reentrant, and task 'main' waits for it already");
                return first.compose(held -> {
                    lock.release();
                    return holder.future();
                });
            });
        });
        assertThat(run.outcome().isSuccess()).as(run.toString()).isTrue();
        assertThat(lock.isLocked()).isFalse();
    }

    @Test
    void aTaskThatGaveUpItsWaitMayWaitAgain() {
        AsyncLock lock = AsyncLock.create();
        VirtualRun<String> run = VirtualRun.of(() -> {
            Task<Void> holder = Tasks.start("holder", () -> lock.withLock(() -> Tasks.sleep(LIMIT.multipliedBy(3))));
            return turns(2).compose(v -> Tasks.timeout(LIMIT, lock::acquire))
                    .recover(late -> lock.acquire())
                    .compose(held -> {
                        lock.release();
                        return holder.future().map("again");
                    });
        });
        assertThat(run.outcome()).isEqualTo(new Outcome.Success<>("again"));
    }

    @Test
    void aLockLeftBehindFailsThoseThatWaitAndThoseThatCome() {
        for (long seed = 0; seed < 100; seed++) {
            AsyncLock lock = AsyncLock.named("ledger");
            String left = "lock 'ledger' is never released: task 'careless' ended while it held it";
            VirtualRun<String> run = VirtualRun.seeded(seed, () -> {
                Task<Void> careless =
                        Tasks.start("careless", () -> lock.acquire().compose(v -> Tasks.sleep(LIMIT)));
                return turns(3).compose(v -> Tasks.settle(lock::acquire, () -> lock.withLock(() -> turns(1))))
                        .map(ends -> {
                            assertThat(ends)
                                    .allSatisfy(end -> assertThat(end.errorOrNull())
                                            .isInstanceOf(IllegalStateException.class)
                                            .hasMessageStartingWith(left));
                            assertThat(careless.state()).isEqualTo(Task.State.SUCCEEDED);
                            assertThatIllegalStateException()
                                    .isThrownBy(lock::acquire)
                                    .withMessageStartingWith(left);
                            assertThatIllegalStateException()
                                    .isThrownBy(lock::tryAcquire)
                                    .withMessageStartingWith(left);
                            assertThatIllegalStateException()
                                    .isThrownBy(lock::release)
                                    .withMessageEndingWith("but task 'careless' holds it and has ended");
                            return lock.toString();
                        });
            });
            assertThat(run.outcome())
                    .as("seed %s", seed)
                    .isEqualTo(new Outcome.Success<>(
                            "lock 'ledger': held by task 'careless', which has ended, 0 waiting"));
            assertThat(run.unhandled()).isEmpty();
        }
    }

    @Test
    void aLockHandedToATaskThatLeavesItBehindFailsTheNextOnes() {
        AsyncLock lock = AsyncLock.named("ledger");
        VirtualRun<Void> run = VirtualRun.of(() -> {
            Task<Void> first = Tasks.start("first", () -> lock.withLock(() -> Tasks.sleep(LIMIT)));
            Task<Void> careless = Tasks.start("careless", lock::acquire);
            Task<Void> next = Tasks.start("next", () -> lock.withLock(() -> turns(1)));
            return Tasks.gather(first::future, careless::future).compose(v -> next.future());
        });
        assertThat(run.outcome().errorOrNull()).hasMessageContaining("task 'careless' ended while it held it");
    }

    @Test
    void aFailureThatLeavesTheLockBehindIsStillReportedOnce() {
        AsyncLock lock = AsyncLock.named("ledger");
        IllegalStateException bad = new IllegalStateException("bad");
        VirtualRun<Object> run = VirtualRun.of(() -> {
            Tasks.start(
                    "careless",
                    () -> lock.acquire().compose(v -> Tasks.sleep(LIMIT)).compose(v -> Future.failedFuture(bad)));
            return turns(2).compose(v -> lock.acquire())
                    .transform(end -> Future.succeededFuture(end.cause().getMessage()));
        });
        assertThat(run.outcome()).asString().contains("task 'careless' ended while it held it");
        assertThat(run.unhandled())
                .singleElement()
                .satisfies(report -> assertThat(report).hasCause(bad));
    }

    @Test
    void onTwoLoopsTooALockLeftBehindFailsItsWaiters() throws Exception {
        AsyncLock lock = AsyncLock.named("ledger");
        Vertx vertx = Vertx.vertx();
        try {
            Promise<Void> go = Promise.promise();
            Task<Void> careless =
                    Tasks.start(vertx, "careless", () -> lock.acquire().compose(v -> Tasks.await(go.future())));
            Task<Void> waits = Tasks.start(
                    vertx,
                    "waits",
                    () -> Tasks.loopWhile(() -> Future.succeededFuture(!lock.isLocked()))
                            .compose(v -> {
                                Future<Void> held = lock.acquire();
                                go.complete();
                                return held;
                            }));
            assertThatThrownBy(() -> waits.future().await(20, TimeUnit.SECONDS))
                    .hasStackTraceContaining("lock 'ledger' is never released: task 'careless' ended while it held it");
            careless.future().await(20, TimeUnit.SECONDS);
        } finally {
            vertx.close().await(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void tryAcquireTakesAFreeLockForTheTaskAndNoOther() {
        AsyncLock lock = AsyncLock.named("ledger");
        Tasks.run(() -> {
            assertThat(lock.tryAcquire()).isTrue();
            assertThat(lock.owner()).isEqualTo(Task.current());
            Task<Boolean> other = Tasks.start(() -> Future.succeededFuture(lock.tryAcquire()));
            return other.future()
                    .compose(taken -> {
                        assertThat(taken).isFalse();
                        assertThat(lock.owner()).isEqualTo(Task.current());
                        lock.release();
                        return Tasks.start(() -> Future.succeededFuture(lock.tryAcquire()))
                                .future();
                    })
                    .onSuccess(taken -> assertThat(taken).isTrue());
        });
        assertThat(lock.isLocked()).isTrue();
    }

    @Test
    void itBelongsToTheTaskWithAllItsScopesButNotToTheTasksInIt() {
        AsyncLock lock = AsyncLock.named("ledger");
        Tasks.run(() -> Tasks.timeout(LIMIT, lock::acquire).compose(v -> {
            assertThat(lock.owner()).isEqualTo(Task.current());
            Task<Void> child = Tasks.start("child", () -> {
                lock.release();
                return Future.succeededFuture();
            });
            return child.settled().compose(end -> {
                assertThat(end.errorOrNull())
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("lock 'ledger': release in task 'main/child', but task 'main' holds it");
                assertThat(lock.isLocked()).isTrue();
                return Tasks.finallyDo(() -> turns(1), () -> {
                    lock.release();
                    return Future.succeededFuture();
                });
            });
        }));
        assertThat(lock.isLocked()).isFalse();
    }

    @Test
    void releasingWhatNobodyHoldsIsAnError() {
        AsyncLock lock = AsyncLock.named("ledger");
        Tasks.run(() -> {
            assertThatIllegalStateException()
                    .isThrownBy(lock::release)
                    .withMessage("lock 'ledger': release in task 'main', but no task holds it");
            return Future.succeededFuture();
        });
        assertThat(lock.isLocked()).isFalse();
    }

    @Test
    void outsideAnyTaskItIsRefused() {
        AsyncLock lock = AsyncLock.named("ledger");
        assertThatIllegalStateException().isThrownBy(lock::acquire).withMessageContaining("outside any task");
        assertThatIllegalStateException().isThrownBy(lock::tryAcquire).withMessageContaining("outside any task");
        assertThatIllegalStateException().isThrownBy(lock::release).withMessageContaining("outside any task");
        assertThat(lock).hasToString("lock 'ledger': free, 0 waiting");
    }

    @Test
    void onItsWayItIsTheNextOnesAlready() {
        AsyncLock lock = AsyncLock.create();
        Tasks.run(() -> {
            lock.acquire();
            Task<Void> next = Tasks.start(() -> lock.withLock(() -> {
                log.add("next");
                return turns(1);
            }));
            return turns(2).compose(v -> {
                lock.release();
                assertThat(lock.isLocked()).isTrue();
                assertThat(lock.tryAcquire()).isFalse();
                assertThat(lock.owner()).isEmpty();
                return lock.withLock(() -> {
                    log.add("again");
                    return next.future();
                });
            });
        });
        assertThat(log).containsExactly("next", "again");
        assertThat(lock.isLocked()).isFalse();
    }

    @Test
    void aLimitOnTheWaitLeavesNothingLocked() {
        AsyncLock lock = AsyncLock.create();
        VirtualRun<Void> run = VirtualRun.of(() -> {
            Task<Void> holder = Tasks.start(() -> lock.withLock(() -> Tasks.sleep(LIMIT.multipliedBy(3))));
            return turns(2).compose(v -> Tasks.timeout(LIMIT, () -> lock.withLock(() -> turns(1))))
                    .recover(late -> {
                        assertThat(late).isInstanceOf(TaskTimeoutException.class);
                        assertThat(lock.waiting()).isZero();
                        return holder.future();
                    });
        });
        assertThat(run.outcome().isSuccess()).isTrue();
        assertThat(lock.isLocked()).isFalse();
    }

    @Test
    void aCancelAtAnyTurnLeavesItUnlocked() {
        AtomicReference<AsyncLock> current = new AtomicReference<>(AsyncLock.create());
        int runs = VirtualRun.cancelledAtEveryTurn(
                () -> {
                    AsyncLock lock = AsyncLock.create();
                    current.set(lock);
                    Coroutine<Void> user = () -> lock.withLock(() -> Tasks.sleep(LIMIT));
                    Coroutine<Void> impatient = () -> Tasks.timeout(LIMIT, user).recover(e -> turns(1));
                    return () -> Tasks.settle(Collections.nCopies(4, impatient));
                },
                (turn, run) -> {
                    AsyncLock lock = requireNonNull(current.get());
                    assertThat(lock.isLocked()).as("turn %s", turn).isFalse();
                    assertThat(lock.waiting()).isZero();
                    assertThat(lock.owner()).isEmpty();
                    assertThat(run.outcome()).isNotInstanceOf(Outcome.Failure.class);
                    assertThat(run.unhandled()).isEmpty();
                    assertThat(run.pendingTimers()).isZero();
                });
        assertThat(runs).isGreaterThan(15);
    }

    @Test
    void inACancelledScopeNothingIsTaken() {
        AsyncLock lock = AsyncLock.create();
        assertThatThrownBy(() -> Tasks.run(() -> Tasks.timeout(
                        Duration.ZERO, () -> Tasks.sleep(LIMIT).recover(late -> lock.withLock(() -> turns(1))))))
                .isInstanceOf(TaskTimeoutException.class);
        assertThat(lock.isLocked()).isFalse();
    }
}
