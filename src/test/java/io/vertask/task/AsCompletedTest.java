package io.vertask.task;

import static io.vertask.task.Scripts.after;
import static io.vertask.task.Scripts.ages;
import static io.vertask.task.Scripts.agesThen;
import static io.vertask.task.Scripts.doing;
import static io.vertask.task.Scripts.failsAfter;
import static io.vertask.task.Scripts.failureOf;
import static io.vertask.task.Scripts.leavesNothing;
import static io.vertask.task.Scripts.ms;
import static io.vertask.task.Scripts.resultOf;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class AsCompletedTest {
    private final IllegalStateException bad = new IllegalStateException("bad");

    @Test
    @Tag("semantics-127")
    void theyComeInTheOrderOfTheirEndsEachOnce() {
        for (long seed = 0; seed < 300; seed++) {
            List<Integer> seen = new ArrayList<>();
            List<Coroutine<Integer>> bodies = IntStream.of(7, 3, 5, 1, 9)
                    .<Coroutine<Integer>>mapToObj(i -> () -> ms(i).map(i))
                    .toList();
            VirtualRun<Void> run = VirtualRun.seeded(
                    seed,
                    () -> Tasks.asCompleted(
                            bodies,
                            completed -> completed.forEach(i -> {
                                seen.add(i);
                                return ms(i % 4);
                            })));
            resultOf(run);
            assertThat(seen).as("seed %s", seed).containsExactly(1, 3, 5, 7, 9);
        }
    }

    @Test
    @Tag("semantics-127")
    void aFailureComesAtItsOwnTurn() {
        List<String> log = new ArrayList<>();
        VirtualRun<Void> run = VirtualRun.of(() -> Tasks.asCompleted(
                List.of(after(9, "slow"), failsAfter(5, bad), after(1, "quick")),
                completed -> Tasks.loopWhile(() -> completed.next().transform(end -> {
                    log.add(end.succeeded() ? end.result() : end.cause().getMessage());
                    return Future.succeededFuture(completed.hasNext());
                }))));
        resultOf(run);
        assertThat(log).containsExactly("quick", "bad", "slow");
    }

    @Test
    @Tag("semantics-127")
    void aCoroutineGivenTwiceIsTwoInputsAsEverywhere() {
        AtomicInteger ran = new AtomicInteger();
        Coroutine<Integer> twice = () -> ms(1).map(ran.incrementAndGet());
        List<Integer> seen = new ArrayList<>();
        resultOf(VirtualRun.of(() -> Tasks.asCompleted(
                List.of(twice, twice),
                completed -> completed.forEach(i -> {
                    seen.add(i);
                    return Future.succeededFuture();
                }))));
        assertThat(seen).containsExactly(1, 2);
    }

    @Test
    @Tag("semantics-127")
    void theTaskItselfTellsWhichItIs() {
        resultOf(VirtualRun.of(() -> Tasks.asCompleted(
                List.of(after(9, "slow"), failsAfter(1, bad)),
                completed -> completed
                        .nextTask()
                        .compose(first -> {
                            assertThat(completed.tasks().indexOf(first)).isEqualTo(1);
                            assertThat(first.tryOutcome()).contains(new Outcome.Failure<>(bad));
                            return completed.nextTask();
                        })
                        .onSuccess(second -> assertThat(second.resultNow()).isEqualTo("slow")))));
    }

    @Test
    @Tag("semantics-127")
    void afterTheLastThereIsNone() {
        assertThat(failureOf(VirtualRun.of(() -> Tasks.asCompleted(
                        List.of(after(1, "a")),
                        completed -> completed.next().compose(a -> {
                            assertThat(completed.hasNext()).isFalse();
                            return completed.next();
                        })))))
                .isInstanceOf(NoSuchElementException.class);
        resultOf(VirtualRun.of(
                () -> Tasks.asCompleted(List.<Coroutine<String>>of(), completed -> completed.forEach(s -> ages()))));
    }

    @Test
    @Tag("semantics-127")
    void severalAskedForAtOnceAreServedInTheOrderOfAsking() {
        VirtualRun<String> run = VirtualRun.of(() -> Tasks.asCompleted(
                List.of(after(3, "c"), after(1, "a"), after(2, "b")),
                completed -> Future.all(completed.next(), completed.next(), completed.next())
                        .map(all -> String.join("", all.<String>list()))));
        assertThat(resultOf(run)).isEqualTo("abc");
    }

    @Test
    @Tag("semantics-128")
    void aPullThatTimesOutLosesNothing() {
        for (long seed = 0; seed < 300; seed++) {
            List<String> log = new ArrayList<>();
            VirtualRun<Void> run = VirtualRun.seeded(
                    seed,
                    () -> Tasks.asCompleted(
                            List.of(after(10, "a"), after(10, "b"), after(20, "c")),
                            completed -> Tasks.loopWhile(() -> Timeout.moveOn(Duration.ofMillis(5), completed::next)
                                    .map(moved -> {
                                        log.add(String.valueOf(moved.orElse("-")));
                                        return completed.hasNext();
                                    }))));
            resultOf(run);
            assertThat(log.stream().filter(s -> !s.equals("-")))
                    .as("seed %s: %s", seed, log)
                    .containsExactlyInAnyOrder("a", "b", "c");
        }
    }

    @Test
    @Tag("semantics-129")
    void leavingEarlyCancelsTheRestAndWaitsForThem() {
        List<String> log = new ArrayList<>();
        VirtualRun<String> run = VirtualRun.of(() -> Tasks.asCompleted(
                        List.of(
                                after(1, "first"),
                                agesThen(() -> ms(7).onSuccess(v -> log.add("cleaned"))),
                                agesThen(() -> ms(3).onSuccess(v -> log.add("cleaned first")))),
                        Completed::next)
                .onSuccess(v -> log.add("left")));
        assertThat(resultOf(run)).isEqualTo("first");
        assertThat(run.elapsed()).isEqualTo(Duration.ofMillis(8));
        assertThat(log).containsExactly("cleaned first", "cleaned", "left");
    }

    @Test
    @Tag("semantics-129")
    void aBodyThatFailsCancelsTheRest() {
        List<String> log = new ArrayList<>();
        assertThat(failureOf(VirtualRun.of(() -> Tasks.asCompleted(
                        List.of(after(1, "first"), agesThen(doing(() -> log.add("cleaned")))),
                        completed -> completed.forEach(s -> {
                            throw bad;
                        })))))
                .isSameAs(bad);
        assertThat(log).containsExactly("cleaned");
    }

    @Test
    void aFailureNobodyHasLookedAtIsReportedAndOneThatWasSeenIsNot() {
        IllegalStateException other = new IllegalStateException("other");
        VirtualRun<String> run = VirtualRun.of(() -> Tasks.asCompleted(
                List.of(failsAfter(1, bad), failsAfter(2, other), after(3, "x")),
                completed -> completed.next().recover(e -> ms(5).map("left"))));
        assertThat(run.outcome()).isEqualTo(new Outcome.Success<>("left"));
        assertThat(run.unhandled()).singleElement().satisfies(e -> assertThat(e).hasCause(other));
    }

    @Test
    void aThousandFailuresWaitUntilTheirTurnComes() {
        List<Coroutine<Object>> bodies = IntStream.range(0, 1_000)
                .<Coroutine<Object>>mapToObj(i -> failsAfter(1, new IllegalStateException("" + i)))
                .toList();
        AtomicInteger seen = new AtomicInteger();
        resultOf(VirtualRun.of(() -> Tasks.asCompleted(
                bodies,
                completed -> ms(5).compose(v ->
                        Tasks.loopWhile(() -> completed.next().transform(end -> {
                            seen.incrementAndGet();
                            return Future.succeededFuture(completed.hasNext());
                        }))))));
        assertThat(seen).hasValue(1_000);
    }

    @Test
    void aCancelAtAnyTurnReachesAllAndLeavesNothing() {
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger taken = new AtomicInteger();
        AtomicInteger cleaned = new AtomicInteger();
        Coroutine<String> child = () -> {
            begun.incrementAndGet();
            return Tasks.finallyDo(after(2, "x"), () -> ms(3).onSuccess(v -> cleaned.incrementAndGet()));
        };
        VirtualRun.cancelledAtEveryTurn(
                () -> {
                    begun.set(0);
                    cleaned.set(0);
                    taken.set(0);
                    return () -> Tasks.asCompleted(
                            List.of(child, child),
                            completed -> completed.forEach(s -> ms(1).onSuccess(v -> taken.incrementAndGet())));
                },
                (turn, run) -> {
                    leavesNothing(run);
                    assertThat(run.outcome() instanceof Outcome.Cancelled || taken.get() == 2)
                            .as("turn %s of %s: %s", turn, run.turns(), run.outcome())
                            .isTrue();
                    assertThat(cleaned).hasValue(begun.get());
                });
    }

    @Test
    void aHandleKeptPastTheEndGivesWhatWasLeft() {
        AtomicReference<Completed<String>> kept = new AtomicReference<>();
        VirtualRun<String> run = VirtualRun.of(() -> Tasks.asCompleted(List.of(after(1, "late")), completed -> {
                    kept.set(completed);
                    return ms(5);
                })
                .compose(v -> requireNonNull(kept.get()).next()));
        assertThat(resultOf(run)).isEqualTo("late");
    }

    @Test
    void badArgumentsAreRefused() {
        assertThat(failureOf(VirtualRun.of(
                        () -> Tasks.asCompleted(Arrays.asList(after(1, "a"), null), completed -> ages()))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("argument 2");
    }
}
