package io.vertask.task;

import static io.vertask.task.Scripts.after;
import static io.vertask.task.Scripts.ages;
import static io.vertask.task.Scripts.agesThen;
import static io.vertask.task.Scripts.cancelOf;
import static io.vertask.task.Scripts.failsAfter;
import static io.vertask.task.Scripts.failureOf;
import static io.vertask.task.Scripts.ms;
import static io.vertask.task.Scripts.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RaceTest {
    private final IllegalStateException bad = new IllegalStateException("bad");
    private final IllegalStateException worse = new IllegalStateException("worse");

    @Test
    void theFirstSuccessWinsAndTheLosersAreCleanedUpFirst() {
        List<String> log = new ArrayList<>();
        VirtualRun<String> run = VirtualRun.of(() -> Tasks.race(
                after(5, "won"),
                failsAfter(1, bad),
                agesThen(() -> ms(20).onSuccess(v -> log.add("cleaned"))),
                () -> Scripts.<String>ages()
                        .onFailure(e ->
                                log.add(((CancelledException) e).reason().kind().toString()))));
        assertThat(resultOf(run)).isEqualTo("won");
        assertThat(run.elapsed()).isEqualTo(Duration.ofMillis(25));
        assertThat(log).containsExactly("SIBLING_WON", "cleaned");
    }

    @Test
    void whenAllFailTheFirstFailureHasTheOthersSuppressed() {
        VirtualRun<Object> run = VirtualRun.of(() -> Tasks.race(failsAfter(5, worse), failsAfter(1, bad)));
        assertThat(failureOf(run)).isSameAs(bad);
        assertThat(bad.getSuppressed()).containsExactly(worse);
        assertThat(run.elapsed()).isEqualTo(Duration.ofMillis(5));
    }

    @Test
    void theSuppressedFailuresStandInTheOrderOfTheArgumentsHoweverTheyCame() {
        for (long seed = 0; seed < 200; seed++) {
            List<IllegalStateException> errors = IntStream.range(0, 6)
                    .mapToObj(i -> new IllegalStateException("of " + i))
                    .toList();
            List<Integer> delays = new ArrayList<>(List.of(1, 2, 2, 4, 5, 6));
            Collections.shuffle(delays, new Random(seed));
            List<Coroutine<Object>> racers = IntStream.range(0, 6)
                    .mapToObj(i -> RaceTest.<Object>failsAfterOrInCleanup(i == 3, delays.get(i), errors.get(i)))
                    .toList();
            Throwable failure = failureOf(VirtualRun.seeded(seed, () -> Tasks.race(racers, late -> {})));
            List<Throwable> others = Arrays.stream(failure.getSuppressed())
                    .filter(it -> !(it instanceof CancelledException))
                    .toList();
            List<Throwable> expected = new ArrayList<>(errors);
            assertThat(expected.remove(failure)).isTrue();
            assertThat(others).as("seed %s", seed).isEqualTo(expected);
        }
    }

    /** Fails with {@code error}, or cancels itself and fails with it in its cleanup. */
    private static <T> Coroutine<T> failsAfterOrInCleanup(boolean cleanup, int millis, RuntimeException error) {
        return cleanup
                ? () -> Tasks.finallyDo(
                        () -> ms(millis).compose(v -> {
                            Task.current().orElseThrow().cancel();
                            return Scripts.<T>ages();
                        }),
                        () -> Future.failedFuture(error))
                : failsAfter(millis, error);
    }

    @Test
    void oneThatIsCancelledOnItsOwnDoesNotWin() {
        Coroutine<String> gone = () -> {
            Task.current().orElseThrow().cancel();
            return ages();
        };
        assertThat(resultOf(VirtualRun.of(() -> Tasks.race(gone, after(5, "won")))))
                .isEqualTo("won");
        assertThat(failureOf(VirtualRun.of(() -> Tasks.race(gone, failsAfter(5, bad)))))
                .isSameAs(bad);
        assertThat(failureOf(VirtualRun.of(() -> Tasks.race(gone)))).isInstanceOf(CancelledException.class);
    }

    @Test
    void everyValueThatIsNotHandedOutIsDisposedOfOnce() {
        for (long seed = 0; seed < 1_000; seed++) {
            List<String> open = new ArrayList<>();
            List<String> disposed = new ArrayList<>();
            VirtualRun<String> run = VirtualRun.seeded(
                    seed,
                    () -> Tasks.race(List.of(keeps("a", open), keeps("b", open), keeps("c", open)), disposed::add));
            String won = resultOf(run);
            List<String> accounted = new ArrayList<>(disposed);
            accounted.add(won);
            assertThat(accounted).as("seed %s", seed).containsExactlyInAnyOrderElementsOf(open);
        }
    }

    /** Opens a thing, and gives it although it was asked to stop. */
    private static Coroutine<String> keeps(String thing, List<String> open) {
        return () -> ms(3).transform(slept -> {
            open.add(thing);
            return Future.succeededFuture(thing);
        });
    }

    @Test
    void aCancelAtAnyTurnHandsOutTheValueOrDisposesOfIt() {
        List<String> open = new ArrayList<>();
        List<String> closed = new ArrayList<>();
        VirtualRun.cancelledAtEveryTurn(
                () -> {
                    open.clear();
                    closed.clear();
                    return () -> Tasks.race(
                                    List.of(keeps("a", open), keeps("b", open), agesThen(() -> ms(4))), closed::add)
                            .compose(won -> Tasks.finallyDo(() -> ms(2).map(won), () -> {
                                closed.add(won);
                                return Future.succeededFuture();
                            }));
                },
                (turn, run) -> {
                    assertThat(run.pendingTimers()).isZero();
                    assertThat(run.outcome() instanceof Outcome.Cancelled || turn >= run.turns() - 1)
                            .as("turn %s of %s: %s", turn, run.turns(), run.outcome())
                            .isTrue();
                    assertThat(closed)
                            .as("turn %s of %s, opened %s", turn, run.turns(), open)
                            .containsExactlyInAnyOrderElementsOf(open);
                });
    }

    @Test
    void aDisposeHookThatThrowsIsReportedAndTheRaceGoesOn() {
        List<String> open = new ArrayList<>();
        VirtualRun<String> run = VirtualRun.of(() -> Tasks.race(List.of(after(1, "won"), keeps("late", open)), late -> {
            throw bad;
        }));
        assertThat(run.outcome()).isEqualTo(new Outcome.Success<>("won"));
        assertThat(run.unhandled()).containsExactly(bad);
    }

    @Test
    void aFailureInALosersCleanupIsReported() {
        VirtualRun<String> run = VirtualRun.of(() -> Tasks.race(after(1, "won"), agesThen(failsAfter(1, bad))));
        assertThat(run.outcome()).isEqualTo(new Outcome.Success<>("won"));
        assertThat(run.unhandled()).containsExactly(bad);
    }

    @Test
    void aTimeoutCutsItAndAllThatRun() {
        AtomicInteger told = new AtomicInteger();
        Coroutine<String> runner = () -> Scripts.<String>ages().onFailure(e -> told.incrementAndGet());
        assertThat(failureOf(
                        VirtualRun.of(() -> Tasks.timeout(Duration.ofMillis(5), () -> Tasks.race(runner, runner)))))
                .isInstanceOf(TaskTimeoutException.class);
        assertThat(told).hasValue(2);
    }

    @Test
    void inACancelledScopeNothingStarts() {
        AtomicInteger ran = new AtomicInteger();
        cancelOf(VirtualRun.of(() -> {
            Task.current().orElseThrow().cancel();
            return Tasks.race(Scripts.doing(ran::incrementAndGet));
        }));
        assertThat(ran).hasValue(0);
    }

    @Test
    void oneThatIsThereAtOnceWins() {
        assertThat(resultOf(VirtualRun.of(() -> Tasks.race(Scripts::<String>ages, () -> Future.succeededFuture("x")))))
                .isEqualTo("x");
        assertThat(resultOf(VirtualRun.of(() -> Tasks.race(() -> Future.<String>succeededFuture(), after(5, "x")))))
                .isNull();
        assertThat(failureOf(VirtualRun.of(() -> Tasks.race(() -> {
                    throw bad;
                }))))
                .isSameAs(bad);
    }

    @Test
    void aRaceOfNoneAndANullAreRefused() {
        assertThat(failureOf(VirtualRun.of(() -> Tasks.race()))).isInstanceOf(IllegalArgumentException.class);
        assertThat(failureOf(VirtualRun.of(() -> Tasks.race(Arrays.asList(after(1, "a"), null), late -> {}))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
