package io.vertask.sync;

import static io.vertask.sync.AsyncSemaphoreTest.turns;
import static io.vertask.testing.Asserting.asserting;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.vertask.task.CancelReason;
import io.vertask.task.CancelledException;
import io.vertask.task.Coroutine;
import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.TaskTimeoutException;
import io.vertask.task.Tasks;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class AsyncConditionTest {
    private static final Duration LIMIT = Duration.ofMillis(10);

    private final AsyncCondition condition = AsyncCondition.named("stock");
    private final List<String> log = new ArrayList<>();

    private Task<Void> waiter(String name) {
        return Tasks.start(
                name,
                () -> condition.withLock(() -> condition.await().compose(asserting(v -> {
                    assertThat(condition.lock().owner()).isEqualTo(Task.current());
                    log.add(name);
                }))));
    }

    private Future<Void> signal(int n) {
        return condition.withLock(() -> {
            condition.signal(n);
            return Future.succeededFuture();
        });
    }

    @Test
    void signalWakesTheLongestWaitersAndEachHoldsTheLock() {
        Tasks.run(() -> {
            waiter("a");
            waiter("b");
            waiter("c");
            waiter("d");
            return turns(9).compose(v -> signal(1))
                    .compose(v -> turns(9))
                    .compose(asserting(v -> assertThat(log).containsExactly("a")))
                    .compose(v -> signal(2))
                    .compose(v -> turns(9))
                    .compose(asserting(v -> assertThat(log).containsExactly("a", "b", "c")))
                    .compose(v -> condition.withLock(() -> {
                        condition.signalAll();
                        condition.signal();
                        return Future.succeededFuture();
                    }))
                    .compose(v -> turns(9));
        });
        assertThat(log).containsExactly("a", "b", "c", "d");
        assertThat(condition.lock().isLocked()).isFalse();
        assertThat(condition).hasToString("condition 'stock': 0 waiting; lock 'stock': free, 0 waiting");
    }

    @Test
    void withoutTheLockItIsRefused() {
        Tasks.run(() -> {
            assertThatIllegalStateException()
                    .isThrownBy(condition::await)
                    .withMessage("lock 'stock': await in task 'main', but no task holds it");
            assertThatIllegalStateException().isThrownBy(condition::signal);
            assertThatIllegalStateException().isThrownBy(() -> condition.waitFor(() -> true));
            return Future.succeededFuture();
        });
        assertThatIllegalStateException().isThrownBy(condition::await);
    }

    @Test
    void waitForAsksAgainAfterEverySignal() {
        int[] asked = {0};
        Tasks.run(() -> {
            Task<Void> waiter = Tasks.start(() -> condition.withLock(() -> condition.waitFor(() -> {
                assertThat(condition.lock().owner()).isEqualTo(Task.current());
                return ++asked[0] == 3;
            })));
            return turns(5).compose(v -> signal(1))
                    .compose(v -> turns(9))
                    .compose(v -> signal(1))
                    .compose(v -> waiter.future());
        });
        assertThat(asked).containsExactly(3);
        assertThat(condition.lock().isLocked()).isFalse();
    }

    @Test
    void aConditionThatThrowsFailsTheWaitAndTheLockIsReleased() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Tasks.run(() -> condition.withLock(() -> condition.waitFor(() -> {
                    throw new IllegalStateException("bad");
                }))))
                .withMessage("bad");
        assertThat(condition.lock().isLocked()).isFalse();
    }

    @Test
    @Tag("semantics-100")
    void aCancelledWaitHoldsTheLockAgainBeforeItFailsWithTheOriginalCancel() {
        Tasks.run(() -> {
            Task<Void> waiter = Tasks.start(
                    "waiter",
                    () -> condition.withLock(() -> condition.await().onComplete(end -> {
                        assertThat(condition.lock().owner()).isEqualTo(Task.current());
                        log.add("failed " + ((CancelledException) end.cause()).reason());
                    })));
            return turns(5).compose(v -> condition.withLock(() -> {
                        waiter.cancel(CancelReason.user("first"));
                        waiter.cancel(CancelReason.user("second"));
                        return turns(9).onSuccess(w -> log.add("still mine"));
                    }))
                    .compose(v -> waiter.settled())
                    .compose(asserting(end -> assertThat(end).isInstanceOf(Outcome.Cancelled.class)));
        });
        assertThat(log).containsExactly("still mine", "failed user (first)");
        assertThat(condition.lock().isLocked()).isFalse();
    }

    @Test
    @Tag("semantics-100")
    void aSignalOnItsWayToACancelledWaiterGoesToTheNext() {
        Tasks.run(() -> {
            Task<Void> first = waiter("first");
            waiter("next");
            return turns(9).compose(v -> condition.withLock(() -> {
                        condition.signal();
                        first.cancel();
                        return Future.succeededFuture();
                    }))
                    .compose(v -> turns(20));
        });
        assertThat(log).containsExactly("next");
    }

    @Test
    @Tag("semantics-100")
    void aSignalledWaiterThatIsCancelledWhileItTakesTheLockAgainPassesTheSignalOn() {
        Tasks.run(() -> {
            Task<Void> first = waiter("first");
            waiter("next");
            return turns(9).compose(v -> condition.withLock(() -> {
                        condition.signal();
                        // it has got the signal, and waits for the lock
                        return turns(5).compose(asserting(w -> {
                            assertThat(condition.waiting()).isEqualTo(1);
                            assertThat(condition.lock().waiting()).isEqualTo(1);
                            first.cancel();
                        }));
                    }))
                    .compose(v -> first.settled())
                    .compose(asserting(end -> assertThat(end).isInstanceOf(Outcome.Cancelled.class)))
                    .compose(v -> turns(20));
        });
        assertThat(log).containsExactly("next");
        assertThat(condition.lock().isLocked()).isFalse();
    }

    @Test
    void inACancelledScopeTheLockIsNotEvenPutDown() {
        VirtualRun<Void> run = VirtualRun.of(() -> Tasks.timeout(
                LIMIT,
                () -> condition.withLock(() -> Tasks.sleep(Duration.ofHours(1))
                        .recover(late -> condition
                                .await()
                                .onComplete(end -> log.add(end.succeeded() + ", held: "
                                        + condition.lock().owner().equals(Task.current())))))));
        assertThat(log).containsExactly("false, held: true");
        assertThat(run.outcome().errorOrNull()).isInstanceOf(TaskTimeoutException.class);
        assertThat(condition.lock().isLocked()).isFalse();
    }

    /** A bounded buffer made by hand: whatever is cut, and when, whoever is left gets what is there. */
    @Test
    @Tag("semantics-100")
    void aSignalIsNeverLostAtWhicheverTurnACancelStrikes() {
        AtomicReference<AsyncCondition> current = new AtomicReference<>(condition);
        int runs = VirtualRun.cancelledAtEveryTurn(
                () -> {
                    AsyncCondition filled = AsyncCondition.create();
                    current.set(filled);
                    ArrayDeque<Integer> items = new ArrayDeque<>();
                    Coroutine<Integer> taker = () -> filled.withLock(
                            () -> filled.waitFor(() -> !items.isEmpty()).map(v -> items.remove()));
                    Coroutine<Integer> impatient = () -> Tasks.timeout(LIMIT, taker);
                    Coroutine<Integer> maker = () -> Tasks.sleep(LIMIT)
                            .compose(v -> filled.withLock(() -> {
                                items.add(1);
                                items.add(2);
                                filled.signal(2);
                                return turns(3).map(0);
                            }));
                    // two items, two patient takers, and one that gives up at the very moment
                    return () -> Tasks.settle(List.of(
                            impatient,
                            taker,
                            taker,
                            () -> maker.call().compose(made -> {
                                // what an impatient one took is made again
                                return Tasks.sleep(LIMIT)
                                        .compose(v -> filled.withLock(() -> {
                                            items.add(3);
                                            filled.signal();
                                            return Future.succeededFuture(0);
                                        }));
                            })));
                },
                (turn, run) -> {
                    AsyncCondition filled = requireNonNull(current.get());
                    assertThat(filled.waiting()).as("turn %s", turn).isZero();
                    assertThat(filled.lock().isLocked()).as("turn %s", turn).isFalse();
                    assertThat(run.outcome()).isNotInstanceOf(Outcome.Failure.class);
                    assertThat(run.unhandled()).isEmpty();
                    assertThat(run.pendingTimers()).isZero();
                });
        assertThat(runs).isGreaterThan(20);
    }

    @Test
    @Tag("semantics-100")
    void everyPatientTakerGetsItsItemWhateverTheSchedule() {
        for (long seed = 0; seed < 400; seed++) {
            AsyncCondition filled = AsyncCondition.create();
            ArrayDeque<Integer> items = new ArrayDeque<>();
            Coroutine<Integer> taker = () ->
                    filled.withLock(() -> filled.waitFor(() -> !items.isEmpty()).map(v -> items.remove()));
            Coroutine<Integer> impatient = () -> Tasks.timeout(LIMIT, taker);
            VirtualRun<List<Outcome<Integer>>> run = VirtualRun.seeded(
                    seed,
                    () -> Tasks.settle(List.of(
                            impatient,
                            impatient,
                            taker,
                            taker,
                            () -> Tasks.sleep(LIMIT)
                                    .compose(v -> filled.withLock(() -> {
                                        items.addAll(List.of(1, 2, 3, 4));
                                        // as many signals as items: one that is lost leaves an item and a taker
                                        filled.signal(2);
                                        return turns(1).onSuccess(w -> filled.signal(2))
                                                .map(0);
                                    })))));
            List<Outcome<Integer>> ends = requireNonNull(run.outcome().orElseThrow());
            assertThat(ends.get(2).isSuccess() && ends.get(3).isSuccess())
                    .as("seed %s: %s", seed, ends)
                    .isTrue();
            long taken = ends.stream().limit(4).filter(Outcome::isSuccess).count();
            assertThat(items).as("seed %s", seed).hasSize((int) (4 - taken));
        }
    }
}
