package io.vertask.queue;

import static io.vertask.queue.Turns.turns;
import static io.vertask.testing.Asserting.asserting;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.Coroutine;
import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.TaskTimeoutException;
import io.vertask.task.Tasks;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** No item is lost or doubled, at whichever turn a cancel or a limit strikes. */
class AsyncQueueCancelTest {
    private static final Duration LIMIT = Duration.ofMillis(10);

    private final AsyncQueue<Integer> queue = AsyncQueue.of(0);
    private final List<Object> log = new ArrayList<>();

    @Test
    @Tag("semantics-103")
    void cancelledTakersAndPuttersAreForgotten() {
        AsyncQueue<Integer> full = AsyncQueue.of(1);
        Tasks.run(() -> {
            full.put(0);
            Task<Integer> taker = Tasks.start(queue::take);
            Task<Void> putter = Tasks.start(() -> full.put(1));
            return turns(2).compose(v -> {
                        assertThat(queue.waitingToTake()).isEqualTo(1);
                        assertThat(full.waitingToPut()).isEqualTo(1);
                        return taker.cancelAndJoin().compose(w -> putter.cancelAndJoin());
                    })
                    .compose(v -> Tasks.settle(
                            () -> Tasks.timeout(LIMIT, queue::take).mapEmpty(),
                            () -> Tasks.timeout(LIMIT, () -> full.put(2))))
                    .compose(asserting(ends -> assertThat(ends)
                            .allSatisfy(
                                    end -> assertThat(end.errorOrNull()).isInstanceOf(TaskTimeoutException.class))));
        });
        assertThat(queue.waitingToTake()).isZero();
        assertThat(full.waitingToPut()).isZero();
        assertThat(full.unfinished()).isEqualTo(1);
    }

    @Test
    @Tag("semantics-104")
    void anItemWhoseTakerIsCancelledBeforeItsTurnGoesToTheNext() {
        Tasks.run(() -> {
            Task<Integer> first = Tasks.start(queue::take);
            Task<Integer> next = Tasks.start(queue::take);
            return turns(2).compose(v -> {
                queue.tryPut(1);
                first.cancel();
                return next.future().compose(asserting(item -> {
                    assertThat(item).isEqualTo(1);
                    assertThat(first.tryOutcome().orElseThrow()).isInstanceOf(Outcome.Cancelled.class);
                }));
            });
        });
        assertThat(queue.size()).isZero();
    }

    @Test
    @Tag("semantics-104")
    void anItemThatComesBackKeepsItsPlace() {
        for (AsyncQueue<Integer> each : List.of(
                AsyncQueue.<Integer>of(0),
                AsyncQueue.<Integer>lifo("stack", 0),
                AsyncQueue.<Integer>priority("ranks", 0, Comparator.reverseOrder()))) {
            Tasks.run(() -> {
                Task<Integer> a = Tasks.start(each::take);
                Task<Integer> b = Tasks.start(each::take);
                return turns(2).compose(v -> {
                    each.tryPut(1);
                    each.tryPut(2);
                    each.tryPut(3);
                    a.cancel();
                    b.cancel();
                    return turns(3);
                });
            });
            log.add(List.of(
                    each.tryTake().orElseThrow(),
                    each.tryTake().orElseThrow(),
                    each.tryTake().orElseThrow()));
        }
        assertThat(log).containsExactly(List.of(1, 2, 3), List.of(3, 2, 1), List.of(3, 2, 1));
    }

    @Test
    @Tag("semantics-104")
    void aLimitThatPassesAsTheItemArrivesLosesNoItem() {
        Set<String> seen = new HashSet<>();
        // one too early, then at the same instant and a few turns later
        for (int late = -1; late < 6; late++) {
            for (long seed = 0; seed < 150; seed++) {
                AsyncQueue<String> items = AsyncQueue.of(0);
                int turnsLate = Math.max(0, late);
                Duration when = late < 0 ? LIMIT.minusNanos(1) : LIMIT;
                VirtualRun<String> run = VirtualRun.seeded(
                        seed,
                        () -> Tasks.gather(
                                        () -> Tasks.timeout(LIMIT, items::take)
                                                .recover(e -> Future.succeededFuture("too late")),
                                        () -> Tasks.sleep(when)
                                                .compose(v -> turns(turnsLate))
                                                .compose(v -> items.put("got it"))
                                                .map(""))
                                .map(both -> both.get(0)));
                String said = requireNonNull(run.outcome().orElseThrow());
                assertThat(items.size())
                        .as("%s, seed %s, %s turns late", said, seed, late)
                        .isEqualTo(said.equals("got it") ? 0 : 1);
                assertThat(items.waitingToTake()).isZero();
                assertThat(run.unhandled()).isEmpty();
                seen.add(said);
            }
        }
        assertThat(seen).containsExactlyInAnyOrder("got it", "too late");
    }

    @Test
    @Tag("semantics-105")
    void aCancelledPutHasPutNothingAndItsSlotGoesToTheNext() {
        AsyncQueue<String> full = AsyncQueue.of(1);
        Tasks.run(() -> {
            full.put("first");
            Task<Void> cancelled = Tasks.start(() -> full.put("cancelled"));
            Task<Void> next = Tasks.start(() -> full.put("next"));
            return turns(2).compose(v -> {
                // the slot is the first putter's, which is cancelled before its turn
                assertThat(full.tryTake()).hasValue("first");
                cancelled.cancel();
                return next.future();
            });
        });
        assertThat(full.tryTake()).hasValue("next");
        assertThat(full.tryTake()).isEmpty();
        assertThat(full.unfinished()).isEqualTo(2);
    }

    @Test
    @Tag("semantics-103")
    @Tag("semantics-104")
    @Tag("semantics-105")
    void aCancelAtAnyTurnConservesTheItems() {
        AtomicReference<Books> current = new AtomicReference<>(new Books());
        int runs = VirtualRun.cancelledAtEveryTurn(
                () -> {
                    Books books = new Books();
                    current.set(books);
                    return () -> Tasks.settle(
                            () -> books.put(1, 5),
                            () -> books.put(6, 9),
                            () -> Tasks.timeout(LIMIT, () -> books.put(10, 20)),
                            () -> Tasks.timeout(LIMIT, books::takeAll),
                            () -> Tasks.timeout(LIMIT, books::takeAll));
                },
                (turn, run) -> {
                    requireNonNull(current.get()).check("turn " + turn);
                    assertThat(run.unhandled()).isEmpty();
                    assertThat(run.pendingTimers()).isZero();
                });
        assertThat(runs).isGreaterThan(20);
    }

    @Test
    @Tag("semantics-103")
    @Tag("semantics-104")
    @Tag("semantics-105")
    void itemsAreConservedWhateverTheScheduleAndWhoeverIsCut() {
        for (long seed = 0; seed < 500; seed++) {
            Books books = new Books();
            Duration other = LIMIT.plusNanos(seed % 3 - 1);
            VirtualRun<?> run = VirtualRun.seeded(seed, () -> {
                Task<Void> putter = Tasks.start(() -> books.put(1, 30));
                Task<Void> taker = Tasks.start(books::takeAll);
                Coroutine<Void> cut = () -> turns(5).compose(v -> {
                            putter.cancel();
                            return turns(2);
                        })
                        .map(v -> {
                            taker.cancel();
                            return null;
                        });
                return Tasks.settle(
                        () -> Tasks.timeout(LIMIT, () -> books.put(101, 140)),
                        () -> Tasks.timeout(LIMIT, books::takeAll),
                        () -> Tasks.timeout(other, books::takeSlowly),
                        cut,
                        () -> putter.settled().mapEmpty(),
                        () -> taker.settled().mapEmpty());
            });
            assertThat(run.outcome().isSuccess()).as("seed %s", seed).isTrue();
            books.check("seed " + seed);
        }
    }

    /** What was put for certain, what was taken, and what is left. */
    private static final class Books {
        private final AsyncQueue<Integer> queue = AsyncQueue.of(2);
        private final Set<Integer> put = new HashSet<>();
        private final List<Integer> taken = new ArrayList<>();

        Future<Void> put(int from, int to) {
            int[] next = {from};
            return Tasks.loopWhile(() -> queue.put(next[0]).map(v -> {
                assertThat(queue.size()).isLessThanOrEqualTo(2);
                put.add(next[0]);
                return ++next[0] <= to;
            }));
        }

        Future<Void> takeAll() {
            return Tasks.forever(() -> queue.take().onSuccess(taken::add));
        }

        Future<Void> takeSlowly() {
            return Tasks.forever(
                    () -> queue.take().onSuccess(taken::add).compose(v -> Tasks.sleep(Duration.ofMillis(1))));
        }

        void check(String when) {
            assertThat(queue.waitingToPut()).as(when).isZero();
            assertThat(queue.waitingToTake()).as(when).isZero();
            List<Integer> all = new ArrayList<>(taken);
            queue.shutdown();
            while (!queue.isEmpty()) {
                all.add(queue.tryTake().orElseThrow());
            }
            assertThat(all).as(when).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(put);
            assertThat(queue.unfinished()).as(when).isEqualTo(put.size());
        }
    }
}
