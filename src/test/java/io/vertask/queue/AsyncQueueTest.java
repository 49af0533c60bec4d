package io.vertask.queue;

import static io.vertask.queue.Turns.turns;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.vertask.task.Coroutine;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class AsyncQueueTest {
    private final List<Object> log = new ArrayList<>();

    private <T> Task<T> taker(AsyncQueue<T> queue) {
        return Tasks.start(() -> queue.take().onSuccess(log::add));
    }

    private static List<String> inOrder(AsyncQueue<String> queue, String... items) {
        List<String> out = new ArrayList<>();
        Tasks.run(() -> Tasks.forEach(List.of(items), queue::put).compose(v -> {
            queue.shutdown();
            return queue.forEach(item -> {
                out.add(item);
                return turns(1);
            });
        }));
        return out;
    }

    @Test
    @Tag("semantics-101")
    void firstInLastInOrLeastFirstOut() {
        assertThat(inOrder(AsyncQueue.of(0), "b", "c", "a")).containsExactly("b", "c", "a");
        assertThat(inOrder(AsyncQueue.lifo("stack", 0), "b", "c", "a")).containsExactly("a", "c", "b");
        assertThat(inOrder(AsyncQueue.priority("ranks", 0, Comparator.naturalOrder()), "b", "c", "a"))
                .containsExactly("a", "b", "c");
        // of equal ones, the first in
        assertThat(inOrder(
                        AsyncQueue.priority("ranks", 0, Comparator.comparingInt(String::length)),
                        "bb",
                        "aa",
                        "c",
                        "dd",
                        "b",
                        "a"))
                .containsExactly("c", "b", "a", "bb", "aa", "dd");
    }

    @Test
    @Tag("semantics-101")
    void aMaxsizeOfZeroOrLessIsNoBound() {
        for (int maxsize : new int[] {0, -1, Integer.MIN_VALUE}) {
            AsyncQueue<Integer> queue = AsyncQueue.of(maxsize);
            for (int i = 0; i < 10_000; i++) {
                assertThat(queue.tryPut(i)).isTrue();
            }
            assertThat(queue.isFull()).isFalse();
            assertThat(queue.size()).isEqualTo(10_000);
        }
    }

    @Test
    @Tag("semantics-101")
    void aPutAtTheBoundWaitsForATake() {
        AsyncQueue<Integer> queue = AsyncQueue.named("orders", 2);
        Tasks.run(() -> {
            assertThat(queue.put(1).succeeded()).isTrue();
            assertThat(queue.put(2).succeeded()).isTrue();
            assertThat(queue.isFull()).isTrue();
            Future<Void> third = queue.put(3);
            assertThat(third.isComplete()).isFalse();
            return turns(5).compose(v -> {
                assertThat(third.isComplete()).isFalse();
                assertThat(queue.waitingToPut()).isEqualTo(1);
                assertThat(queue).hasToString("queue 'orders': 2 of 2 items, 0 waiting to take, 1 waiting to put");
                assertThat(queue.take().result()).isEqualTo(1);
                return third;
            });
        });
        assertThat(queue.size()).isEqualTo(2);
        assertThat(queue.unfinished()).isEqualTo(3);
    }

    @Test
    @Tag("semantics-101")
    void putsThatWaitGoInInArrivalOrder() {
        AsyncQueue<Integer> queue = AsyncQueue.of(1);
        Tasks.run(() -> Tasks.gather(
                () -> queue.put(1),
                () -> queue.put(2),
                () -> queue.put(3),
                () -> queue.put(4),
                () -> Tasks.forEach(
                        List.of(1, 2, 3, 4),
                        i -> turns(2).compose(v -> queue.take()).onSuccess(log::add))));
        assertThat(log).containsExactly(1, 2, 3, 4);
    }

    @Test
    @Tag("semantics-102")
    void tryTakeAndTryPutSayNoWithAValue() {
        AsyncQueue<Integer> queue = AsyncQueue.of(1);
        assertThat(queue.tryTake()).isEmpty();
        assertThat(queue.tryPut(1)).isTrue();
        assertThat(queue.tryPut(2)).isFalse();
        assertThat(queue.unfinished()).isEqualTo(1);
        assertThat(queue.tryTake()).hasValue(1);
        assertThat(queue.tryTake()).isEmpty();
    }

    @Test
    @Tag("semantics-106")
    void anItemThatIsPutWhileSomebodyWaitsCannotBeStolen() {
        AsyncQueue<String> queue = AsyncQueue.of(0);
        Tasks.run(() -> {
            Task<String> waiter = taker(queue);
            return turns(2).compose(v -> {
                assertThat(queue.tryPut("its own")).isTrue();
                assertThat(queue.tryTake()).isEmpty();
                assertThat(queue.isEmpty()).isTrue();
                assertThat(queue.size()).isZero();
                Future<String> mine = queue.take();
                assertThat(mine.isComplete()).isFalse();
                return waiter.future().compose(got -> {
                    assertThat(mine.isComplete()).isFalse();
                    queue.tryPut("mine");
                    return mine.onSuccess(log::add);
                });
            });
        });
        assertThat(log).containsExactly("its own", "mine");
    }

    @Test
    @Tag("semantics-106")
    void aSlotThatBecomesFreeWhileSomebodyWaitsCannotBeStolen() {
        AsyncQueue<String> queue = AsyncQueue.of(1);
        Tasks.run(() -> {
            queue.put("first");
            Task<Void> waiter = Tasks.start(() -> queue.put("waiting"));
            return turns(2).compose(v -> {
                assertThat(queue.tryTake()).hasValue("first");
                assertThat(queue.tryPut("thief")).isFalse();
                assertThat(queue.isFull()).isTrue();
                assertThat(queue.put("behind").isComplete()).isFalse();
                return waiter.future();
            });
        });
        assertThat(queue.tryTake()).hasValue("waiting");
    }

    @Test
    void itemsLeaveInOrderAlsoWhenATakerOvertakesOneThatWasWoken() {
        AsyncQueue<Integer> queue = AsyncQueue.of(0);
        Tasks.run(() -> {
            Task<Integer> waiter = taker(queue);
            return turns(2).compose(v -> {
                queue.tryPut(1);
                queue.tryPut(2);
                // one of the two is the waiter's, which has not had its turn
                assertThat(queue.size()).isEqualTo(1);
                log.add(queue.take().result());
                return waiter.future();
            });
        });
        assertThat(log).containsExactly(1, 2);
    }

    @Test
    @Tag("semantics-107")
    void joinWaitsForTaskDoneOfEveryItemAndWakesAllJoiners() {
        AsyncQueue<Integer> queue = AsyncQueue.named("orders", 0);
        Tasks.run(() -> {
            assertThat(queue.join().succeeded()).isTrue();
            queue.tryPut(1);
            queue.tryPut(2);
            Coroutine<Void> join = () -> queue.join().onSuccess(v -> log.add("joined"));
            Task<List<Void>> joiners = Tasks.start(() -> Tasks.gather(join, join));
            Task<Void> gone = Tasks.start(join);
            return turns(2).compose(v -> {
                queue.tryTake();
                queue.tryTake();
                queue.taskDone();
                assertThat(queue.unfinished()).isEqualTo(1);
                gone.cancel();
                return turns(3).compose(w -> {
                    assertThat(log).isEmpty();
                    queue.taskDone();
                    return joiners.future();
                });
            });
        });
        assertThat(log).containsExactly("joined", "joined");
        assertThatIllegalStateException()
                .isThrownBy(queue::taskDone)
                .withMessage("queue 'orders': taskDone was called more often than there were items");
    }

    @Test
    @SuppressWarnings("NullAway") // what callers without it may do
    void takeAndPutOutsideATaskAreRefusedAndNullIsToo() {
        AsyncQueue<Integer> queue = AsyncQueue.named("orders", 0);
        assertThatIllegalStateException().isThrownBy(queue::take).withMessageContaining("outside any task");
        assertThatIllegalStateException().isThrownBy(() -> queue.put(1)).withMessageContaining("outside any task");
        assertThat(queue.size()).isZero();
        @SuppressWarnings("NullAway")
        Integer none = log.isEmpty() ? null : 1;
        assertThatNullPointerException()
                .isThrownBy(() -> queue.tryPut(none))
                .withMessage("queue 'orders' takes no null");
        assertThatNullPointerException().isThrownBy(() -> queue.put(none));
    }

    @Test
    void aPlainThreadMayPutAndTheTakerResumesOnItsOwnLoop() {
        AsyncQueue<String> queue = AsyncQueue.of(0);
        Boolean same = Tasks.run(() -> {
            Thread mine = Thread.currentThread();
            Object context = Vertx.currentContext();
            new Thread(() -> queue.tryPut("item"), "putter").start();
            return queue.take().map(v -> Thread.currentThread() == mine && Vertx.currentContext() == context);
        });
        assertThat(same).isTrue();
    }

    @Test
    void aMillionItemsGoThroughOnAFlatStack() {
        AsyncQueue<Integer> queue = AsyncQueue.of(64);
        long[] sum = {0};
        Tasks.run(() -> {
            int[] next = {0};
            return Tasks.gather(
                    () -> Tasks.loopWhile(() -> queue.put(next[0]).map(v -> ++next[0] < 1_000_000))
                            .onSuccess(v -> queue.shutdown()),
                    () -> queue.forEach(item -> {
                        sum[0] += item;
                        return Future.succeededFuture();
                    }));
        });
        assertThat(sum[0]).isEqualTo(499_999_500_000L);
        assertThat(queue.unfinished()).isZero();
    }

    @Test
    void aComparatorThatThrowsFailsThePutAndNothingIsCounted() {
        AsyncQueue<Object> queue = AsyncQueue.priority("ranks", 1, (a, b) -> {
            throw new IllegalStateException("can't compare " + a + " and " + b);
        });
        Tasks.run(() -> queue.put("a").compose(v -> {
            Task<Void> waits = Tasks.start(() -> queue.put("b"));
            return turns(2).compose(w -> {
                assertThat(queue.tryTake()).hasValue("a");
                return waits.future();
            });
        }));
        assertThat(queue.size()).isEqualTo(1);
        AsyncQueue<Object> unbounded = AsyncQueue.priority("ranks", 0, (a, b) -> {
            throw new IllegalStateException("can't compare " + a + " and " + b);
        });
        assertThatIllegalStateException()
                .isThrownBy(() -> Tasks.run(() -> unbounded.put("a").compose(v -> unbounded.put("b"))))
                .withMessageStartingWith("can't compare");
        assertThat(unbounded.unfinished()).isEqualTo(1);
        assertThat(unbounded.size()).isEqualTo(1);
    }
}
