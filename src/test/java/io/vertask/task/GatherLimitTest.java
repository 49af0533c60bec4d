package io.vertask.task;

import static io.vertask.task.Scripts.after;
import static io.vertask.task.Scripts.ages;
import static io.vertask.task.Scripts.agesThen;
import static io.vertask.task.Scripts.cancelOf;
import static io.vertask.task.Scripts.doing;
import static io.vertask.task.Scripts.failsAfter;
import static io.vertask.task.Scripts.failureOf;
import static io.vertask.task.Scripts.leavesNothing;
import static io.vertask.task.Scripts.ms;
import static io.vertask.task.Scripts.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A gather with a limit, over coroutines and over sources of any length. */
class GatherLimitTest {
    private final IllegalStateException bad = new IllegalStateException("bad");
    private final IllegalStateException worse = new IllegalStateException("worse");

    /** Counts the items that are pulled from it, and those of them that are not finished. */
    private static final class Source implements Iterable<Integer> {
        private final int size;
        private int pulled;
        private int unfinished;
        private int most;

        Source(int size) {
            this.size = size;
        }

        @Override
        public Iterator<Integer> iterator() {
            return IntStream.range(0, size)
                    .peek(i -> {
                        pulled++;
                        unfinished++;
                        most = Math.max(most, unfinished);
                    })
                    .iterator();
        }

        <T> Function<Integer, Future<T>> with(Function<Integer, Future<T>> fn) {
            return i -> fn.apply(i).onComplete(end -> unfinished--);
        }
    }

    @Test
    @Tag("semantics-36")
    @Tag("semantics-44")
    void theOrderIsKeptAndNeverMoreThanTheLimitIsPulledAndUnfinished() {
        for (long seed = 0; seed < 300; seed++) {
            int limit = 1 + (int) (seed % 5);
            Source source = new Source(17);
            List<Integer> values = resultOf(VirtualRun.seeded(
                    seed,
                    () -> Tasks.mapConcurrent(
                            limit, source, source.with(i -> ms(i * 7 % 5).map(i * 10)))));
            assertThat(values)
                    .as("seed %s", seed)
                    .containsExactlyElementsOf(
                            IntStream.range(0, 17).map(i -> i * 10).boxed().toList());
            assertThat(source.most).as("seed %s", seed).isLessThanOrEqualTo(limit);
        }
    }

    @Test
    @Tag("semantics-44")
    void theLimitIsUsedToTheFull() {
        VirtualRun<List<Integer>> run =
                VirtualRun.of(() -> Tasks.mapConcurrent(4, List.of(1, 2, 3, 4, 5, 6, 7, 8), i -> ms(10).map(i)));
        assertThat(resultOf(run)).hasSize(8);
        assertThat(run.elapsed()).isEqualTo(Duration.ofMillis(20));
    }

    @Test
    @Tag("semantics-36")
    void coroutinesAndNullValuesKeepTheirPlaces() {
        assertThat(resultOf(VirtualRun.of(() ->
                        Gather.limit(2).all(List.of(after(9, "a"), () -> Future.succeededFuture(), after(1, "c"))))))
                .containsExactly("a", null, "c");
    }

    @Test
    @Tag("semantics-36")
    void anEmptySourceIsOverAtOnce() {
        resultOf(VirtualRun.of(() -> {
            assertThat(Tasks.mapConcurrent(3, List.<Integer>of(), i -> ms(i)).isComplete())
                    .isTrue();
            assertThat(Tasks.forEachConcurrent(3, List.<Integer>of(), i -> ms(i))
                            .isComplete())
                    .isTrue();
            return ms(1);
        }));
    }

    @Test
    @Tag("semantics-37")
    @Tag("semantics-44")
    void afterAFailureNothingIsPulledAndTheRestIsCleanedUpFirst() {
        for (long seed = 0; seed < 200; seed++) {
            Source source = new Source(1_000);
            AtomicInteger begun = new AtomicInteger();
            AtomicInteger cleaned = new AtomicInteger();
            int[] pulledAtFailure = {0};
            VirtualRun<List<Object>> run = VirtualRun.seeded(
                    seed,
                    () -> Tasks.mapConcurrent(5, source, i -> {
                        if (i == 7) {
                            return ms(2).compose(v -> {
                                pulledAtFailure[0] = source.pulled;
                                return Future.failedFuture(bad);
                            });
                        }
                        begun.incrementAndGet();
                        return Tasks.finallyDo(
                                i < 6 ? after(1, i) : Scripts::ages,
                                () -> ms(3).onSuccess(v -> cleaned.incrementAndGet()));
                    }));
            assertThat(failureOf(run)).as("seed %s", seed).isSameAs(bad);
            assertThat(cleaned).as("seed %s", seed).hasValue(begun.get());
            // those that were waiting for their turn when it failed may have been pulled, none after
            assertThat(source.pulled).as("seed %s", seed).isLessThanOrEqualTo(pulledAtFailure[0] + 1);
        }
    }

    @Test
    @Tag("semantics-44")
    void noCoroutineInTheQueueIsStartedAfterAFailure() {
        AtomicInteger ran = new AtomicInteger();
        List<Coroutine<Void>> bodies = new ArrayList<>(List.of(failsAfter(1, bad), agesThen(failsAfter(1, worse))));
        bodies.addAll(java.util.Collections.nCopies(50, doing(ran::incrementAndGet)));
        assertThat(failureOf(VirtualRun.of(() -> Gather.limit(2).all(bodies)))).isSameAs(bad);
        assertThat(bad.getSuppressed()).containsExactly(worse);
        assertThat(ran).hasValue(0);
    }

    @Test
    void aFunctionThatThrowsAndASourceThatThrowsAreFailures() {
        assertThat(failureOf(VirtualRun.of(() -> Tasks.mapConcurrent(2, List.of(1, 2), i -> {
                    throw bad;
                }))))
                .isSameAs(bad);
        List<String> log = new ArrayList<>();
        Iterable<Integer> source = () -> Stream.iterate(1, i -> {
                    if (i == 2) {
                        throw worse;
                    }
                    return i + 1;
                })
                .iterator();
        assertThat(failureOf(VirtualRun.of(() -> Tasks.forEachConcurrent(
                        3,
                        source,
                        i -> agesThen(doing(() -> log.add("cleaned " + i))).call()))))
                .isSameAs(worse);
    }

    @Test
    @Tag("semantics-39")
    @Tag("semantics-40")
    @Tag("semantics-44")
    void settleWithALimitKeepsEveryOutcomeAndStopsForNone() {
        List<Outcome<Integer>> ends = Objects.requireNonNull(resultOf(VirtualRun.of(() -> Gather.limit(2)
                .settle(List.of(1, 2, 3, 4), i -> switch (i) {
                    case 2 -> failsAfter(1, bad).call().mapEmpty();
                    case 3 -> {
                        Task.current().orElseThrow().cancel();
                        yield ages();
                    }
                    default -> ms(5).map(i);
                }))));
        assertThat(ends.get(0)).isEqualTo(new Outcome.Success<>(1));
        assertThat(ends.get(1)).isEqualTo(new Outcome.Failure<>(bad));
        assertThat(ends.get(2)).isInstanceOf(Outcome.Cancelled.class);
        assertThat(ends.get(3)).isEqualTo(new Outcome.Success<>(4));
    }

    @Test
    @Tag("semantics-40")
    void aChildCancelledOnItsOwnFailsTheGatherWithThat() {
        VirtualRun<String> run = VirtualRun.of(() -> Tasks.mapConcurrent(2, List.of(1, 2, 3), i -> {
                    Task.current().orElseThrow().cancel();
                    return ages();
                })
                .map("all")
                .recover(e -> ms(1).map(e.getClass().getSimpleName())));
        assertThat(resultOf(run)).isEqualTo("CancelledException");
    }

    @Test
    @Tag("semantics-41")
    @Tag("semantics-42")
    void aCancelAtAnyTurnStopsThePullingAndWaitsForTheCleanup() {
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger cleaned = new AtomicInteger();
        Function<Integer, Future<Integer>> fn = i -> {
            begun.incrementAndGet();
            return Tasks.finallyDo(() -> ms(2).map(i), () -> ms(3).onSuccess(v -> cleaned.incrementAndGet()));
        };
        List<Coroutine<Object>> programs = List.of(
                () -> Tasks.mapConcurrent(2, new Source(6), fn).map(l -> l),
                () -> Gather.limit(2).settle(new Source(6), fn).map(l -> l),
                () -> Tasks.forEachConcurrent(2, new Source(6), fn).mapEmpty());
        for (Coroutine<Object> program : programs) {
            VirtualRun.cancelledAtEveryTurn(
                    () -> {
                        begun.set(0);
                        cleaned.set(0);
                        return program;
                    },
                    (turn, run) -> {
                        leavesNothing(run);
                        assertThat(run.outcome() instanceof Outcome.Cancelled || begun.get() == 6)
                                .as("turn %s of %s: %s", turn, run.turns(), run.outcome())
                                .isTrue();
                        assertThat(cleaned).as("turn %s", turn).hasValue(begun.get());
                    });
        }
    }

    @Test
    void aTimeoutCutsIt() {
        Source endless = new Source(Integer.MAX_VALUE);
        VirtualRun<Void> run = VirtualRun.of(() ->
                Tasks.timeout(Duration.ofMillis(10), () -> Tasks.forEachConcurrent(3, endless, i -> ms(1))));
        assertThat(failureOf(run)).isInstanceOf(TaskTimeoutException.class);
        assertThat(endless.pulled).isBetween(27, 36);
    }

    @Test
    @Tag("semantics-43")
    void badArgumentsAreRefusedBeforeAnythingStarts() {
        AtomicInteger ran = new AtomicInteger();
        assertThatThrownBy(() -> Gather.limit(0)).isInstanceOf(IllegalArgumentException.class);
        assertThat(failureOf(VirtualRun.of(
                        () -> Gather.limit(2).all(Arrays.asList(doing(ran::incrementAndGet), null)))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("argument 2");
        assertThat(ran).hasValue(0);
        assertThatThrownBy(() -> Tasks.mapConcurrent(1, List.of(1), i -> ms(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("outside any task");
    }

    @Test
    @Tag("stress")
    @Tag("semantics-44")
    void ofManyItemsOnlyWhatRunsIsKept() {
        AtomicInteger done = new AtomicInteger();
        // each of the three thousand has a megabyte: they would not fit together
        Iterable<byte[]> source = () -> IntStream.range(0, 30_000)
                .mapToObj(i -> new byte[i % 10 == 0 ? 1 << 20 : 1])
                .iterator();
        resultOf(VirtualRun.of(() -> Tasks.forEachConcurrent(10, source, bytes -> {
            done.incrementAndGet();
            return bytes.length > 1 ? ms(1) : Future.succeededFuture();
        })));
        assertThat(done).hasValue(30_000);
    }

    @Test
    void whatAnItemLeavesRunningEndsWithTheItem() {
        List<String> log = new ArrayList<>();
        resultOf(VirtualRun.of(() -> Tasks.forEachConcurrent(1, List.of("a", "b"), name -> {
            log.add(name + " begins");
            Tasks.start(agesThen(doing(() -> log.add(name + " cleaned"))));
            return ms(1);
        })));
        assertThat(log).containsExactly("a begins", "a cleaned", "b begins", "b cleaned");
    }

    @Test
    @Tag("semantics-36")
    void gatherAndSettleTakeItemsWithAFunction() {
        assertThat(resultOf(VirtualRun.of(() -> Tasks.gather(List.of(3, 1, 2), i -> ms(i).map(i * 10)))))
                .containsExactly(30, 10, 20);
        List<Outcome<Integer>> ends = resultOf(VirtualRun.of(() -> Tasks.settle(List.of(1, 2), i -> {
            if (i == 2) {
                throw bad;
            }
            return Future.succeededFuture(i);
        })));
        assertThat(ends).containsExactly(new Outcome.Success<>(1), new Outcome.Failure<>(bad));
        cancelOf(VirtualRun.of(() -> {
            Task.current().orElseThrow().cancel();
            return Tasks.gather(List.of(1), i -> ms(i));
        }));
    }

    @Test
    void settleOfCoroutinesGivesEveryOutcomeInItsSlot() {
        List<Outcome<String>> ends = Objects.requireNonNull(resultOf(VirtualRun.of(
                () -> Gather.limit(1).settle(List.of(after(9, "a"), failsAfter(1, bad), after(1, "c"))))));
        assertThat(ends)
                .containsExactly(new Outcome.Success<>("a"), new Outcome.Failure<>(bad), new Outcome.Success<>("c"));
    }
}
