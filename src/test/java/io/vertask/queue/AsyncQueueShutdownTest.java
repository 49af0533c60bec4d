package io.vertask.queue;

import static io.vertask.queue.Turns.turns;
import static io.vertask.testing.Asserting.asserting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.task.ClosedException;
import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class AsyncQueueShutdownTest {
    private final AsyncQueue<String> queue = AsyncQueue.named("orders", 2);
    private final List<String> undelivered = new ArrayList<>();
    private final List<String> log = new ArrayList<>();

    private static void assertShutDown(Outcome<?> end) {
        assertThat(end.errorOrNull()).isInstanceOf(ClosedException.class).hasMessage("queue 'orders' is shut down");
    }

    @Test
    @Tag("semantics-108")
    void afterAGracefulShutdownPutsFailAndTakesDrainWhatIsThere() {
        queue.onUndelivered(undelivered::add);
        Tasks.run(() -> {
            queue.put("a");
            queue.put("b");
            Task<Void> blocked = Tasks.start(() -> queue.put("c"));
            return turns(2).compose(v -> {
                queue.shutdown();
                assertThat(queue.isShutDown()).isTrue();
                assertThat(queue.waitingToPut()).isZero();
                assertThatExceptionOfType(ClosedException.class).isThrownBy(() -> queue.tryPut("d"));
                Task<Void> late = Tasks.start(() -> queue.put("e"));
                return Tasks.gather(blocked::settled, late::settled)
                        .compose(asserting(ends -> ends.forEach(AsyncQueueShutdownTest::assertShutDown)))
                        .compose(w -> queue.take())
                        .onSuccess(log::add)
                        .map(w -> log.add(queue.tryTake().orElseThrow()))
                        .compose(w -> Tasks.settle(queue::take))
                        .compose(asserting(ends -> assertShutDown(ends.get(0))));
            });
        });
        assertThat(log).containsExactly("a", "b");
        assertThatExceptionOfType(ClosedException.class).isThrownBy(queue::tryTake);
        assertThat(queue).hasToString("queue 'orders': 0 of 2 items, 0 waiting to take, 0 waiting to put, shut down");
        assertThat(undelivered).containsExactlyInAnyOrder("c", "e");
    }

    @Test
    @Tag("semantics-108")
    void aShutdownFailsTakersThatWait() {
        Tasks.run(() -> {
            Task<String> waiter = Tasks.start(queue::take);
            Task<Void> worker = Tasks.start(() -> queue.forEach(item -> turns(1)));
            return turns(2).compose(v -> {
                        queue.shutdown();
                        queue.shutdown();
                        return waiter.settled().compose(asserting(AsyncQueueShutdownTest::assertShutDown));
                    })
                    .compose(v -> worker.future());
        });
    }

    @Test
    @Tag("semantics-108")
    void joinStillWaitsForTaskDone() {
        Tasks.run(() -> {
            queue.put("a");
            queue.shutdown();
            Task<Void> joiner = Tasks.start(queue::join);
            return queue.take().compose(v -> turns(3)).compose(v -> {
                assertThat(joiner.state().isDone()).isFalse();
                queue.taskDone();
                return joiner.future();
            });
        });
    }

    @Test
    @Tag("semantics-108")
    void aTakerThatWaitsAtTheShutdownGetsWhatACancelledOneDidNotTake() {
        Tasks.run(() -> {
            Task<String> cancelled = Tasks.start(queue::take);
            Task<String> waiting = Tasks.start(queue::take);
            Task<String> last = Tasks.start(queue::take);
            return turns(2).compose(v -> {
                        queue.tryPut("a");
                        queue.shutdown();
                        cancelled.cancel();
                        return Tasks.gather(waiting::settled, last::settled);
                    })
                    .compose(asserting(ends -> {
                        assertThat(ends.get(0)).isEqualTo(new Outcome.Success<>("a"));
                        assertShutDown(ends.get(1));
                    }));
        });
    }

    @Test
    @Tag("semantics-108")
    void whileTheLastItemIsOnItsWayTheQueueIsEmptyAndNotYetOver() {
        Tasks.run(() -> {
            Task<String> taker = Tasks.start(queue::take);
            return turns(2).compose(v -> {
                        queue.tryPut("a");
                        queue.shutdown();
                        assertThat(queue.tryTake()).isEmpty();
                        return taker.future();
                    })
                    .compose(asserting(taken -> {
                        assertThat(taken).isEqualTo("a");
                        assertThatExceptionOfType(ClosedException.class).isThrownBy(queue::tryTake);
                    }));
        });
    }

    @Test
    @Tag("semantics-109")
    void anImmediateShutdownDropsARankedQueueInItsOrder() {
        AsyncQueue<String> ranked = AsyncQueue.priority("ranks", 0, Comparator.naturalOrder());
        ranked.onUndelivered(undelivered::add);
        for (String item : List.of("b", "c", "a")) {
            assertThat(ranked.tryPut(item)).isTrue();
        }
        assertThat(ranked).hasToString("queue 'ranks': 3 items, 0 waiting to take, 0 waiting to put");
        ranked.shutdownNow();
        assertThat(undelivered).containsExactly("a", "b", "c");
        assertThat(ranked.name()).isEqualTo("ranks");
        assertThat(ranked.size()).isZero();
    }

    @Test
    @Tag("semantics-109")
    void aHookThatThrowsTheSameErrorAgainIsThatError() {
        IllegalStateException bad = new IllegalStateException("bad");
        queue.onUndelivered(item -> {
            throw bad;
        });
        queue.tryPut("a");
        queue.tryPut("b");
        assertThatThrownBy(queue::shutdownNow).isSameAs(bad).hasNoSuppressedExceptions();
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    @Tag("semantics-108")
    void aPutterThatHadASlotButNotItsTurnFailsToo() {
        queue.onUndelivered(undelivered::add);
        Tasks.run(() -> {
            queue.put("a");
            queue.put("b");
            Task<Void> promised = Tasks.start(() -> queue.put("c"));
            return turns(2).compose(v -> {
                queue.tryTake();
                queue.shutdown();
                return promised.settled().compose(asserting(AsyncQueueShutdownTest::assertShutDown));
            });
        });
        assertThat(queue.size()).isEqualTo(1);
        assertThat(undelivered).containsExactly("c");
    }

    @Test
    @Tag("semantics-109")
    void anImmediateShutdownDropsWhatIsThereAndJoinWaitsForWhatWasTaken() {
        queue.onUndelivered(undelivered::add);
        Tasks.run(() -> queue.put("taken").compose(v -> queue.take()).compose(taken -> {
            queue.put("a");
            queue.put("b");
            Task<Void> blocked = Tasks.start(() -> queue.put("c"));
            Task<Void> joiner = Tasks.start(queue::join);
            return turns(2).compose(v -> {
                        queue.shutdownNow();
                        queue.shutdownNow();
                        queue.shutdown();
                        assertThat(queue.size()).isZero();
                        assertThat(queue.unfinished()).isEqualTo(1);
                        assertThatExceptionOfType(ClosedException.class).isThrownBy(queue::tryTake);
                        return Tasks.settle(queue::take, () -> blocked.future().mapEmpty());
                    })
                    .compose(ends -> {
                        ends.forEach(AsyncQueueShutdownTest::assertShutDown);
                        assertThat(joiner.state().isDone()).isFalse();
                        queue.taskDone();
                        return joiner.future();
                    });
        }));
        assertThatIllegalStateException().isThrownBy(queue::taskDone);
        assertThat(undelivered).containsExactly("a", "b", "c");
    }

    @Test
    @Tag("semantics-109")
    void anImmediateShutdownOfAQueueWithoutWorkLetsJoinersGo() {
        Tasks.run(() -> {
            queue.put("a");
            Task<Void> joiner = Tasks.start(queue::join);
            return turns(2).compose(v -> {
                queue.shutdownNow();
                return joiner.future();
            });
        });
    }

    @Test
    @Tag("semantics-109")
    @Tag("semantics-110")
    void anItemThatSomebodyWasSureOfIsDroppedOnceAndItsTakerFails() {
        queue.onUndelivered(undelivered::add);
        Tasks.run(() -> {
            Task<String> woken = Tasks.start(queue::take);
            Task<String> wokenAndCancelled = Tasks.start(queue::take);
            return turns(2).compose(v -> {
                        queue.tryPut("a");
                        queue.tryPut("b");
                        queue.shutdownNow();
                        wokenAndCancelled.cancel();
                        return Tasks.gather(woken::settled, wokenAndCancelled::settled);
                    })
                    .compose(asserting(ends -> {
                        assertShutDown(ends.get(0));
                        assertThat(ends.get(1)).isInstanceOf(Outcome.Cancelled.class);
                    }));
        });
        assertThat(undelivered).containsExactly("a", "b");
        assertThat(queue.size()).isZero();
        assertThat(queue.unfinished()).isZero();
    }

    @Test
    @Tag("semantics-110")
    void anItemWhosePutIsCancelledGoesToTheHookOnce() {
        queue.onUndelivered(undelivered::add);
        VirtualRun<Void> run = VirtualRun.of(() -> {
            queue.put("a");
            queue.put("b");
            return Tasks.timeout(
                            Duration.ofMillis(1),
                            () -> queue.put("late").recover(e -> queue.put("in a cancelled scope")))
                    .recover(late -> Future.succeededFuture());
        });
        assertThat(run.outcome().isSuccess()).isTrue();
        assertThat(undelivered).containsExactly("late", "in a cancelled scope");
        assertThat(queue.tryPut("full")).isFalse();
        queue.shutdownNow();
        assertThat(undelivered).containsExactly("late", "in a cancelled scope", "a", "b");
    }

    @Test
    @Tag("semantics-110")
    void aHookThatThrowsStopsNothing() {
        queue.onUndelivered(item -> {
            undelivered.add(item);
            throw new IllegalStateException("can't close " + item);
        });
        Tasks.run(() -> {
            queue.put("a");
            queue.put("b");
            Task<Void> blocked = Tasks.start(() -> queue.put("c"));
            return turns(2).compose(v -> {
                        assertThatIllegalStateException()
                                .isThrownBy(queue::shutdownNow)
                                .withMessage("can't close a")
                                .satisfies(e -> assertThat(e.getSuppressed())
                                        .singleElement()
                                        .asString()
                                        .contains("can't close b"));
                        return blocked.settled();
                    })
                    .compose(asserting(end -> {
                        assertShutDown(end);
                        assertThat(java.util.Objects.requireNonNull(end.errorOrNull())
                                        .getSuppressed())
                                .singleElement()
                                .asString()
                                .contains("can't close c");
                    }));
        });
        assertThat(undelivered).containsExactly("a", "b", "c");
    }
}
