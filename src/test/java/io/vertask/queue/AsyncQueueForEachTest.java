package io.vertask.queue;

import static io.vertask.queue.Turns.turns;
import static io.vertask.testing.Asserting.asserting;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.vertask.task.ClosedException;
import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.TaskGroup;
import io.vertask.task.Tasks;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class AsyncQueueForEachTest {
    private final AsyncQueue<Integer> queue = AsyncQueue.named("orders", 3);
    private final List<Integer> done = new ArrayList<>();

    private static List<Integer> upTo(int n) {
        return IntStream.rangeClosed(1, n).boxed().toList();
    }

    @Test
    @Tag("semantics-111")
    void workersEndNormallyWhenTheQueueIsShutDownAndAllIsDone() {
        for (long seed = 0; seed < 200; seed++) {
            AsyncQueue<Integer> orders = AsyncQueue.of(3);
            List<Integer> out = new ArrayList<>();
            VirtualRun<?> run = VirtualRun.seeded(
                    seed,
                    () -> TaskGroup.with(group -> {
                        for (int i = 0; i < 3; i++) {
                            group.start(
                                    () -> orders.forEach(item -> turns(item % 4).onSuccess(v -> out.add(item))));
                        }
                        return Tasks.forEach(upTo(20), orders::put)
                                .compose(v -> orders.join())
                                .compose(asserting(v -> {
                                    assertThat(out).hasSize(20);
                                    orders.shutdown();
                                }));
                    }));
            assertThat(run.outcome().isSuccess())
                    .as("seed %s: %s", seed, run.outcome())
                    .isTrue();
            assertThat(out).as("seed %s", seed).containsExactlyInAnyOrderElementsOf(upTo(20));
            assertThat(orders.unfinished()).isZero();
        }
    }

    @Test
    @Tag("semantics-111")
    void aCancelAtAnyTurnLosesNoTaskDone() {
        AtomicReference<AsyncQueue<Integer>> current = new AtomicReference<>(queue);
        int runs = VirtualRun.cancelledAtEveryTurn(
                () -> {
                    AsyncQueue<Integer> orders = AsyncQueue.of(2);
                    current.set(orders);
                    return () -> Tasks.settle(
                            () -> Tasks.forEach(upTo(9), orders::put),
                            () -> orders.forEach(item -> turns(1)),
                            () -> orders.forEach(item -> Tasks.sleep(Duration.ofMillis(1))),
                            () -> Tasks.timeout(Duration.ofMillis(2), () -> orders.forEach(item -> turns(2))),
                            () -> Tasks.sleep(Duration.ofMillis(9)).onSuccess(v -> orders.shutdown()));
                },
                (turn, run) -> {
                    AsyncQueue<Integer> orders = requireNonNull(current.get());
                    assertThat(orders.unfinished()).as("turn %s", turn).isEqualTo(orders.size());
                    assertThat(run.unhandled()).isEmpty();
                });
        assertThat(runs).isGreaterThan(20);
    }

    @Test
    @Tag("semantics-111")
    void aStepThatFailsEndsItsWorkerAndItsItemIsDone() {
        IllegalStateException bad = new IllegalStateException("bad");
        for (boolean throwing : new boolean[] {true, false}) {
            for (int turns = 0; turns < 2; turns++) {
                int n = turns;
                AsyncQueue<Integer> orders = AsyncQueue.of(0);
                orders.tryPut(1);
                orders.tryPut(2);
                assertThatIllegalStateException()
                        .isThrownBy(() -> Tasks.run(() -> orders.forEach(item -> {
                            if (throwing && n == 0) {
                                throw bad;
                            }
                            return turns(n).compose(v -> Future.failedFuture(bad));
                        })))
                        .isSameAs(bad);
                assertThat(orders.size()).isEqualTo(1);
                assertThat(orders.unfinished()).isEqualTo(1);
            }
        }
        queue.tryPut(1);
        assertThatNullPointerException()
                .isThrownBy(() -> Tasks.run(() -> queue.forEach(item -> nothing())))
                .withMessage("the body returned no future");
        assertThat(queue.unfinished()).isZero();
    }

    @SuppressWarnings("NullAway")
    private Future<Void> nothing() {
        return done.isEmpty() ? null : Future.succeededFuture();
    }

    @Test
    void aStepThatFindsAnotherQueueClosedDoesNotEndItsWorkerNormally() {
        AsyncQueue<Integer> other = AsyncQueue.named("other", 0);
        other.shutdown();
        queue.tryPut(1);
        assertThatExceptionOfType(ClosedException.class)
                .isThrownBy(() -> Tasks.run(() -> queue.forEach(other::put)))
                .withMessage("queue 'other' is shut down");
        assertThat(queue.unfinished()).isZero();
    }

    @Test
    void anImmediateShutdownEndsWorkersAfterTheItemTheyAreAt() {
        Tasks.run(() -> {
            Task<Void> worker = Tasks.start(() -> queue.forEach(item -> turns(4).onSuccess(v -> done.add(item))));
            return Tasks.forEach(upTo(3), queue::put).compose(v -> turns(3)).compose(v -> {
                queue.shutdownNow();
                return Tasks.gather(queue::join, worker::future);
            });
        });
        assertThat(done).containsExactly(1);
    }

    @Test
    void withItemTakesOneWorksAndIsDone() {
        Promise<String> promise = Promise.promise();
        String result = Tasks.run(() -> {
            Task<String> work =
                    Tasks.start(() -> queue.withItem(item -> promise.future().map(said -> said + item)));
            return queue.put(7).compose(v -> turns(3)).compose(v -> {
                assertThat(queue.unfinished()).isEqualTo(1);
                promise.complete("item ");
                return work.future();
            });
        });
        assertThat(result).isEqualTo("item 7");
        assertThat(queue.unfinished()).isZero();
        queue.shutdown();
        Outcome<List<Outcome<Object>>> end = VirtualRun.of(() ->
                        Tasks.<Object>settle(Collections.nCopies(1, () -> queue.withItem(item -> turns(1).mapEmpty()))))
                .outcome();
        assertThat(requireNonNull(end.orElseThrow()).get(0).errorOrNull()).isInstanceOf(ClosedException.class);
    }

    @Test
    void aTaskDoneTooManyInAStepIsAnErrorOfTheWorker() {
        queue.tryPut(1);
        assertThatIllegalStateException()
                .isThrownBy(() -> Tasks.run(() -> queue.forEach(item -> {
                    queue.taskDone();
                    return Future.succeededFuture();
                })))
                .withMessageContaining("taskDone was called more often");
    }
}
