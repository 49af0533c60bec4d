package io.vertask.sync;

import static io.vertask.testing.Asserting.asserting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.vertask.task.Coroutine;
import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class AsyncSemaphoreTest {
    private final List<String> log = new ArrayList<>();

    /** Gives the others {@code n} turns. */
    static Future<Void> turns(int n) {
        AtomicInteger left = new AtomicInteger(n);
        return Tasks.loopWhile(() ->
                left.getAndDecrement() > 0 ? Tasks.sleep(Duration.ZERO).map(true) : Future.succeededFuture(false));
    }

    private Task<Void> acquirer(AsyncSemaphore semaphore, String name) {
        return Tasks.start(name, () -> semaphore.acquire().onSuccess(v -> log.add(name)));
    }

    @Test
    @Tag("semantics-89")
    void negativePermitsAreRefusedAndZeroIsAllowed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AsyncSemaphore.named("db", -1))
                .withMessage("semaphore 'db' with -1 permits: it takes 0 or more");
        AsyncSemaphore none = AsyncSemaphore.of(0);
        assertThat(none.isLocked()).isTrue();
        assertThat(none.tryAcquire()).isFalse();
    }

    @Test
    @Tag("semantics-89")
    void releaseWithoutWaitersFreesOne() {
        AsyncSemaphore semaphore = AsyncSemaphore.of(0);
        semaphore.release();
        assertThat(semaphore.available()).isEqualTo(1);
        assertThat(semaphore.tryAcquire()).isTrue();
        assertThat(semaphore.available()).isZero();
    }

    @Test
    void aReleaseThatCannotBeCountedIsAnErrorAndChangesNothing() {
        AsyncSemaphore semaphore = AsyncSemaphore.named("db", Integer.MAX_VALUE);
        assertThatIllegalStateException()
                .isThrownBy(semaphore::release)
                .withMessage("semaphore 'db' has 2147483647 free permits and can't take one more");
        assertThat(semaphore.available()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void aFreePermitIsTakenWithoutATurn() {
        AsyncSemaphore semaphore = AsyncSemaphore.of(1);
        assertThat(Tasks.run(() -> Future.succeededFuture(semaphore.acquire().succeeded())))
                .isTrue();
        assertThat(semaphore.available()).isZero();
    }

    @Test
    void acquireInACancelledScopeTakesNothing() {
        AsyncSemaphore semaphore = AsyncSemaphore.of(1);
        Outcome<Void> end = Tasks.run(() -> {
            Task<Void> task = Tasks.start(() -> Tasks.sleep(Duration.ofHours(1)).recover(e -> semaphore.acquire()));
            return turns(2).compose(v -> task.cancelAndJoin());
        });
        assertThat(end).isInstanceOf(Outcome.Cancelled.class);
        assertThat(semaphore.available()).isEqualTo(1);
    }

    @Test
    void acquireOutsideATaskIsRefused() {
        AsyncSemaphore semaphore = AsyncSemaphore.of(1);
        assertThatIllegalStateException().isThrownBy(semaphore::acquire).withMessageContaining("outside any task");
        assertThat(semaphore.available()).isEqualTo(1);
    }

    @Test
    @Tag("semantics-90")
    void waitersAreServedInArrivalOrderAlsoAfterEarlierOnesWereCancelled() {
        AsyncSemaphore semaphore = AsyncSemaphore.of(0);
        Tasks.run(() -> {
            Task<Void> a = acquirer(semaphore, "a");
            acquirer(semaphore, "b");
            Task<Void> c = acquirer(semaphore, "c");
            acquirer(semaphore, "d");
            return turns(2).compose(v -> {
                        assertThat(semaphore.waiting()).isEqualTo(4);
                        a.cancel();
                        c.cancel();
                        semaphore.release();
                        semaphore.release();
                        return turns(3);
                    })
                    .compose(asserting(v -> assertThat(log).containsExactly("b", "d")));
        });
    }

    @Test
    @Tag("semantics-90")
    void aTaskThatAcquiresAgainQueuesBehindTheWaiters() {
        AsyncSemaphore semaphore = AsyncSemaphore.of(1);
        Tasks.run(() -> {
            acquirer(semaphore, "1");
            Task<Void> again = Tasks.start(() -> semaphore.acquire().compose(v -> {
                log.add("2");
                semaphore.release();
                return semaphore.acquire().onSuccess(w -> log.add("4"));
            }));
            Task<Void> other = acquirer(semaphore, "3");
            return turns(2).compose(v -> {
                assertThat(log).containsExactly("1");
                semaphore.release();
                semaphore.release();
                assertThat(log).containsExactly("1");
                return Tasks.gather(again::future, other::future);
            });
        });
        assertThat(log).containsExactly("1", "2", "3", "4");
        assertThat(semaphore.available()).isZero();
    }

    @Test
    @Tag("semantics-90")
    @Tag("semantics-91")
    void acquireQueuesBehindAWaiterThatHasNotResumedWhilePermitsAreFree() {
        AsyncSemaphore semaphore = AsyncSemaphore.of(0);
        Tasks.run(() -> {
            acquirer(semaphore, "first");
            return turns(2).compose(v -> {
                        semaphore.release();
                        semaphore.release();
                        assertThat(semaphore.available()).isEqualTo(1);
                        assertThat(semaphore.isLocked()).isTrue();
                        assertThat(semaphore.tryAcquire()).isFalse();
                        Future<Void> mine = semaphore.acquire();
                        assertThat(mine.isComplete()).isFalse();
                        return mine;
                    })
                    .onSuccess(v -> log.add("second"));
        });
        assertThat(log).containsExactly("first", "second");
        assertThat(semaphore.available()).isZero();
    }

    @Test
    @Tag("semantics-91")
    void releaseHandsThePermitToTheLongestWaiter() {
        AsyncSemaphore semaphore = AsyncSemaphore.of(1);
        Tasks.run(() -> {
            semaphore.acquire();
            acquirer(semaphore, "waiter");
            return turns(2).compose(v -> {
                        semaphore.release();
                        assertThat(semaphore.tryAcquire()).isFalse();
                        assertThat(semaphore.isLocked()).isTrue();
                        assertThat(semaphore.available()).isZero();
                        return turns(2);
                    })
                    .compose(asserting(v -> {
                        assertThat(log).containsExactly("waiter");
                        semaphore.release();
                        assertThat(semaphore.isLocked()).isFalse();
                    }));
        });
        assertThat(semaphore.available()).isEqualTo(1);
    }

    @Test
    @Tag("semantics-92")
    void aCancelledWaiterLeavesTheQueueAndTheCount() {
        AsyncSemaphore semaphore = AsyncSemaphore.of(1);
        Tasks.run(() -> {
            semaphore.acquire();
            Task<Void> waiter = acquirer(semaphore, "waiter");
            return turns(2).compose(v -> {
                        assertThat(semaphore.waiting()).isEqualTo(1);
                        waiter.cancel();
                        assertThat(semaphore.waiting()).isZero();
                        return waiter.settled();
                    })
                    .compose(asserting(end -> assertThat(end).isInstanceOf(Outcome.Cancelled.class)));
        });
        assertThat(semaphore.available()).isZero();
    }

    @Test
    @Tag("semantics-93")
    void aCancelledHeadDoesNotBlockTheNext() {
        for (boolean cancelFirst : new boolean[] {true, false}) {
            AsyncSemaphore semaphore = AsyncSemaphore.of(0);
            Tasks.run(() -> {
                Task<Void> head = acquirer(semaphore, "head");
                Task<Void> next = acquirer(semaphore, "next");
                return turns(2).compose(v -> {
                    if (cancelFirst) {
                        head.cancel();
                        semaphore.release();
                    } else {
                        semaphore.release();
                        head.cancel();
                    }
                    return next.future();
                });
            });
            assertThat(semaphore.available())
                    .as("cancel first: %s", cancelFirst)
                    .isZero();
        }
        assertThat(log).containsExactly("next", "next");
    }

    @Test
    @Tag("semantics-94")
    void aPermitOnItsWayToACancelledWaiterComesBack() {
        AsyncSemaphore semaphore = AsyncSemaphore.of(0);
        Tasks.run(() -> {
            Task<Void> waiter = acquirer(semaphore, "waiter");
            return turns(2).compose(v -> {
                semaphore.release();
                waiter.cancel();
                return waiter.settled();
            });
        });
        assertThat(log).isEmpty();
        assertThat(semaphore.available()).isEqualTo(1);
        assertThat(semaphore.isLocked()).isFalse();
    }

    @Test
    @Tag("semantics-96")
    void withPermitReleasesOnceHoweverTheBodyEnds() {
        AsyncSemaphore semaphore = AsyncSemaphore.of(1);
        IllegalStateException bad = new IllegalStateException("bad");
        List<Coroutine<String>> bodies = List.of(
                () -> Future.succeededFuture("at once"),
                () -> turns(2).map("later"),
                () -> Future.failedFuture(bad),
                () -> turns(2).compose(v -> Future.failedFuture(bad)),
                () -> {
                    throw bad;
                },
                () -> Tasks.timeout(Duration.ZERO, () -> turns(9).map("never")));
        Tasks.run(() -> Tasks.forEach(
                bodies,
                body -> semaphore
                        .withPermit(() -> {
                            assertThat(semaphore.available()).isZero();
                            return body.call();
                        })
                        .transform(end -> {
                            log.add(
                                    end.succeeded()
                                            ? end.result()
                                            : end.cause().getClass().getSimpleName());
                            assertThat(semaphore.available()).isEqualTo(1);
                            return Future.succeededFuture();
                        })));
        assertThat(log)
                .containsExactly(
                        "at once",
                        "later",
                        "IllegalStateException",
                        "IllegalStateException",
                        "IllegalStateException",
                        "TaskTimeoutException");
    }

    @Test
    @Tag("semantics-96")
    void withPermitReleasesWhenItsBodyIsCancelledAndNotWhenItsAcquireIs() {
        AsyncSemaphore semaphore = AsyncSemaphore.of(1);
        Tasks.run(() -> {
            Task<Void> holder = Tasks.start(() -> semaphore.withPermit(() -> Tasks.sleep(Duration.ofHours(1))));
            Task<Void> waiter = Tasks.start(() -> semaphore.withPermit(() -> {
                log.add("must not run");
                return Future.succeededFuture();
            }));
            return turns(2).compose(v -> waiter.cancelAndJoin()).compose(v -> {
                assertThat(semaphore.available()).isZero();
                return holder.cancelAndJoin();
            });
        });
        assertThat(log).isEmpty();
        assertThat(semaphore.available()).isEqualTo(1);
    }

    @Test
    void aPlainThreadMayReleaseAndTheWaiterResumesOnItsOwnLoop() {
        AsyncSemaphore semaphore = AsyncSemaphore.of(0);
        Boolean same = Tasks.run(() -> {
            Thread mine = Thread.currentThread();
            Object context = Vertx.currentContext();
            new Thread(semaphore::release, "releaser").start();
            return semaphore.acquire().map(v -> Thread.currentThread() == mine && Vertx.currentContext() == context);
        });
        assertThat(same).isTrue();
    }

    @Test
    void aHundredThousandWaitersAreCancelledInLinearTime() {
        AsyncSemaphore semaphore = AsyncSemaphore.of(0);
        long[] nanos = {0};
        Tasks.run(() -> {
            Task<List<Void>> crowd = Tasks.start(() -> {
                List<Coroutine<Void>> all = new ArrayList<>();
                for (int i = 0; i < 100_000; i++) {
                    all.add(semaphore::acquire);
                }
                return Tasks.gather(all);
            });
            return Tasks.loopWhile(() -> Tasks.sleep(Duration.ZERO).map(v -> semaphore.waiting() < 100_000))
                    .compose(v -> {
                        nanos[0] = System.nanoTime();
                        return crowd.cancelAndJoin();
                    })
                    .onSuccess(v -> nanos[0] = System.nanoTime() - nanos[0]);
        });
        assertThat(semaphore.waiting()).isZero();
        // a list that is searched for each of them takes 10 s and more
        assertThat(Duration.ofNanos(nanos[0])).isLessThan(Duration.ofSeconds(5));
    }
}
