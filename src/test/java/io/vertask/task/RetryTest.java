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
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RetryTest {
    private static final Duration TEN = Duration.ofMillis(10);
    private final IllegalStateException bad = new IllegalStateException("bad");

    /** Fails until its {@code good}-th attempt. */
    private IntFunction<Future<String>> goodAt(int good) {
        return attempt -> ms(1).compose(
                        v -> attempt < good ? Future.failedFuture(bad) : Future.succeededFuture("attempt " + attempt));
    }

    @Test
    void itIsTriedUntilItSucceeds() {
        VirtualRun<String> run = VirtualRun.of(
                () -> Retry.times(5).backoff(Backoff.constant(TEN)).run(goodAt(3)));
        assertThat(resultOf(run)).isEqualTo("attempt 3");
        assertThat(run.elapsed()).isEqualTo(Duration.ofMillis(23));
    }

    @Test
    void theLastFailureComesUnwrapped() {
        AtomicInteger ran = new AtomicInteger();
        assertThat(failureOf(VirtualRun.of(() -> Tasks.retry(Retry.times(3), () -> {
                    throw new IOException("attempt " + ran.incrementAndGet());
                }))))
                .isInstanceOf(IOException.class)
                .hasMessage("attempt 3");
        assertThat(ran).hasValue(3);
    }

    @Test
    void onlyTheFailuresNamedAreTriedAgain() {
        AtomicInteger ran = new AtomicInteger();
        Retry io = Retry.times(5).on(IOException.class, TaskTimeoutException.class);
        assertThat(failureOf(VirtualRun.of(() -> io.run(attempt -> {
                    ran.incrementAndGet();
                    return attempt == 1
                            ? Tasks.timeout(TEN, Scripts::ages)
                            : Future.failedFuture(attempt == 2 ? new IOException() : bad);
                }))))
                .isSameAs(bad);
        assertThat(ran).hasValue(3);
    }

    @Test
    void aFatalErrorIsNotTriedAgain() {
        AtomicInteger ran = new AtomicInteger();
        VirtualRun<String> run =
                VirtualRun.of(() -> Retry.times(5).when(error -> true).run(attempt -> {
                    ran.incrementAndGet();
                    throw new OutOfMemoryError("thrown on purpose");
                }));
        assertThat(run.outcome().errorOrNull()).isInstanceOf(OutOfMemoryError.class);
        assertThat(ran).hasValue(1);
    }

    @Test
    void aCancelIsNeverTriedAgainWhateverIsRetryable() {
        AtomicInteger ran = new AtomicInteger();
        Retry stubborn = Retry.forever().when(error -> true);
        VirtualRun.cancelledAtEveryTurn(
                () -> {
                    ran.set(0);
                    return () -> Tasks.timeout(
                            Duration.ofMillis(30),
                            () -> stubborn.backoff(Backoff.constant(TEN)).run(attempt -> {
                                ran.incrementAndGet();
                                return Tasks.finallyDo(failsAfter(1, bad), () -> ms(2));
                            }));
                },
                (turn, run) -> {
                    leavesNothing(run);
                    assertThat(ran).hasValueLessThanOrEqualTo(3);
                    assertThat(run.outcome().isSuccess()).isFalse();
                });
        // that of a task it waits for, too
        AtomicInteger attempts = new AtomicInteger();
        assertThat(failureOf(VirtualRun.of(() -> stubborn.run(attempt -> {
                    attempts.incrementAndGet();
                    Task<Void> other = Tasks.start(() -> ages());
                    other.cancel();
                    return other.future();
                }))))
                .isInstanceOf(CancelledException.class);
        assertThat(attempts).hasValue(1);
    }

    @Test
    void aPauseThatWouldOutlastTheLimitsAroundIsNotBegun() {
        VirtualRun<String> run = VirtualRun.of(() -> Tasks.timeout(
                Duration.ofMillis(25),
                () -> Retry.times(100).backoff(Backoff.constant(TEN)).run(goodAt(100))));
        assertThat(failureOf(run)).isSameAs(bad);
        // two pauses fit, the third would end at 33
        assertThat(run.elapsed()).isEqualTo(Duration.ofMillis(23));
    }

    @Test
    void whatAnAttemptLeavesRunningEndsBeforeTheNext() {
        List<String> log = new ArrayList<>();
        resultOf(VirtualRun.of(() -> Retry.times(2).<Void>run(attempt -> {
            log.add("attempt " + attempt);
            Tasks.start(agesThen(doing(() -> log.add("cleaned " + attempt))));
            return attempt == 1 ? ms(1).compose(v -> Future.failedFuture(bad)) : ms(1);
        })));
        assertThat(log).containsExactly("attempt 1", "cleaned 1", "attempt 2", "cleaned 2");
    }

    @Test
    void theListenerIsToldOfEachFailureThatIsFollowedByAnother() {
        List<Retry.Failed> told = new ArrayList<>();
        failureOf(VirtualRun.of(() -> Retry.times(3)
                .backoff(Backoff.doubling(TEN, Duration.ofSeconds(1)))
                .onFailure(told::add)
                .run(goodAt(9))));
        assertThat(told)
                .containsExactly(new Retry.Failed(1, bad, TEN), new Retry.Failed(2, bad, Duration.ofMillis(20)));
    }

    @Test
    void aListenerThatThrowsEndsIt() {
        assertThat(failureOf(VirtualRun.of(() -> Retry.times(3)
                        .onFailure(failed -> {
                            throw new IllegalArgumentException("listener");
                        })
                        .run(goodAt(9)))))
                .hasMessage("listener")
                .hasSuppressedException(bad);
    }

    @Test
    @Tag("semantics-10")
    void aMillionAttemptsRunOnAFlatStackAndKeepNothing() {
        int attempts = 1_000_000;
        VirtualRun<Integer> run = VirtualRun.of(() -> Retry.forever()
                .run(attempt -> attempt < attempts ? Future.failedFuture(bad) : Future.succeededFuture(attempt)));
        assertThat(resultOf(run)).isEqualTo(attempts);
        assertThat(bad.getSuppressed()).isEmpty();
    }

    @Test
    void theSameSeedGivesTheSamePausesAndAnotherOneOthers() {
        Set<Duration> lengths = new HashSet<>();
        for (long seed = 0; seed < 20; seed++) {
            long same = seed;
            Coroutine<String> program = () -> Retry.times(5)
                    .backoff(Backoff.exponential(TEN, Duration.ofSeconds(1)))
                    .run(goodAt(5));
            Duration first = VirtualRun.seeded(same, program).elapsed();
            assertThat(VirtualRun.seeded(same, program).elapsed()).isEqualTo(first);
            lengths.add(first);
        }
        assertThat(lengths).hasSizeGreaterThan(15);
    }

    @Test
    void doublingDoublesUpToItsLongestAndJitterStaysBelow() {
        Random random = new Random(1);
        Backoff doubling = Backoff.doubling(TEN, Duration.ofMillis(70));
        assertThat(List.of(1, 2, 3, 4, 40, Integer.MAX_VALUE).stream()
                        .map(failed -> doubling.pause(failed, bad, random).toMillis()))
                .containsExactly(10L, 20L, 40L, 70L, 70L, 70L);
        Backoff jittered = Backoff.exponential(TEN, Duration.ofMillis(70));
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            pauses.add(jittered.pause(3, bad, random).toNanos());
        }
        assertThat(pauses).allMatch(nanos -> nanos >= 0 && nanos <= 40_000_000);
        assertThat(pauses.stream().mapToLong(i -> i).average().orElseThrow()).isBetween(17e6, 23e6);
        Backoff longest = Backoff.doubling(Duration.ofDays(1), Duration.ofSeconds(Long.MAX_VALUE));
        assertThat(longest.jittered().pause(100, bad, random)).isPositive();
    }

    @Test
    void badOptionsAreRefused() {
        assertThatThrownBy(() -> Retry.times(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Backoff.doubling(TEN, Duration.ofMillis(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Retry.times(1).run(goodAt(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("outside any task");
    }

    @Test
    void inACancelledScopeNothingIsTried() {
        AtomicInteger ran = new AtomicInteger();
        cancelOf(VirtualRun.of(() -> {
            Task.current().orElseThrow().cancel();
            return Tasks.retry(Retry.times(3), doing(ran::incrementAndGet));
        }));
        assertThat(ran).hasValue(0);
    }

    @Test
    void finallyRunRunsHoweverTheBodyEnded() {
        AtomicInteger ran = new AtomicInteger();
        assertThat(resultOf(VirtualRun.of(() -> Tasks.finallyRun(after(1, "x"), ran::incrementAndGet))))
                .isEqualTo("x");
        assertThat(failureOf(VirtualRun.of(() -> Tasks.finallyRun(failsAfter(1, bad), ran::incrementAndGet))))
                .isSameAs(bad);
        cancelOf(VirtualRun.of(() -> {
            Task<?> me = Task.current().orElseThrow();
            Tasks.start(() -> ms(1).onSuccess(v -> me.cancel()));
            return Tasks.finallyRun(Scripts::ages, ran::incrementAndGet);
        }));
        assertThat(ran).hasValue(3);
        assertThat(failureOf(VirtualRun.of(() -> Tasks.finallyRun(after(1, "x"), () -> {
                    throw bad;
                }))))
                .isSameAs(bad);
    }

    @Test
    void foldTakesTheValueOrTheError() {
        Outcome<Integer> success = new Outcome.Success<>(3);
        Outcome<Integer> failure = new Outcome.Failure<>(bad);
        assertThat(success.<String>fold(value -> "ok " + value, Throwable::getMessage))
                .isEqualTo("ok 3");
        assertThat(failure.<String>fold(value -> "ok " + value, Throwable::getMessage))
                .isEqualTo("bad");
    }

    @Test
    void aBrokenClassIsFatalToo() {
        AtomicInteger ran = new AtomicInteger();
        VirtualRun<String> run =
                VirtualRun.of(() -> Retry.times(5).when(error -> true).run(attempt -> {
                    ran.incrementAndGet();
                    throw new NoClassDefFoundError("thrown on purpose");
                }));
        assertThat(run.outcome().errorOrNull()).isInstanceOf(NoClassDefFoundError.class);
        assertThat(ran).hasValue(1);
    }
}
