package io.vertask.sync;

import static io.vertask.sync.AsyncSemaphoreTest.turns;
import static io.vertask.testing.Asserting.asserting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.vertask.task.Coroutine;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimiterTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration AGES = Duration.ofDays(1);

    /** No stretch of {@code length} has more than {@code most} of {@code times}. */
    private static void assertNeverMore(List<Long> times, int most, long length, String what) {
        List<Long> sorted = new ArrayList<>(times);
        Collections.sort(sorted);
        for (int i = most; i < sorted.size(); i++) {
            assertThat(sorted.get(i) - sorted.get(i - most))
                    .as("%s: numbers %s to %s", what, i - most, i)
                    .isGreaterThanOrEqualTo(length);
        }
    }

    private static Coroutine<Void> call(RateLimiter rate, List<Long> millis) {
        return () -> rate.acquire().onSuccess(turn -> millis.add(Tasks.nanoTime() / 1_000_000));
    }

    private static List<Long> times(RateLimiter rate, int calls) {
        List<Long> millis = new ArrayList<>();
        VirtualRun<?> run = VirtualRun.of(() -> Tasks.gather(Collections.nCopies(calls, call(rate, millis))));
        assertThat(run.outcome().isSuccess()).isTrue();
        assertThat(run.pendingTimers()).isZero();
        return millis;
    }

    @Test
    void aBurstGoesAtOnceAndTheNextWhenItIsOnePeriodOld() {
        assertThat(times(RateLimiter.of(3, SECOND), 8)).containsExactly(0L, 0L, 0L, 1000L, 1000L, 1000L, 2000L, 2000L);
    }

    @Test
    void smoothSpacesThemEvenly() {
        assertThat(times(RateLimiter.smooth(4, SECOND), 6)).containsExactly(0L, 250L, 500L, 750L, 1000L, 1250L);
    }

    @Test
    void aBurstThatDoesNotFillThePeriodKeepsBothPromises() {
        assertThat(times(RateLimiter.named("api", 5, SECOND, 2), 12))
                .containsExactly(0L, 0L, 400L, 400L, 800L, 1000L, 1200L, 1400L, 1600L, 1800L, 2000L, 2200L);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "7, 1", "7, 2", "7, 7", "12, 4", "12, 5", "100, 1", "100, 30", "1000, 1000", "3, 1"})
    void neverMoreThanItsRateInAnyStretch(int calls, int burst) {
        long period = SECOND.toNanos();
        long burstPeriod = (period * burst + calls - 1) / calls;
        for (long seed = 0; seed < 60; seed++) {
            RateLimiter rate = RateLimiter.named("api", calls, SECOND, burst);
            Random random = new Random(seed);
            List<Long> nanos = new ArrayList<>();
            List<Integer> asked = new ArrayList<>();
            List<Integer> went = new ArrayList<>();
            VirtualRun<?> run = VirtualRun.seeded(seed, () -> {
                List<Coroutine<Void>> callers = new ArrayList<>();
                for (int i = 0; i < 3 * calls + 5; i++) {
                    int caller = i;
                    long pause = random.nextInt(3) == 0 ? random.nextInt(2_000_000_000) : 0;
                    boolean impatient = random.nextInt(5) == 0;
                    Duration patience = Duration.ofNanos(random.nextInt(1_500_000_000));
                    callers.add(() -> Tasks.sleep(Duration.ofNanos(pause)).compose(v -> {
                        if (!impatient) {
                            asked.add(caller);
                        }
                        Coroutine<Void> turn = () -> rate.acquire().onSuccess(w -> {
                            nanos.add(Tasks.nanoTime());
                            if (!impatient) {
                                went.add(caller);
                            }
                        });
                        return Tasks.timeout(impatient ? patience : AGES, turn).recover(e -> turns(1));
                    }));
                }
                return Tasks.gather(callers);
            });
            assertThat(run.outcome().isSuccess()).as("seed %s", seed).isTrue();
            assertThat(went).as("seed %s: in arrival order", seed).isEqualTo(asked);
            assertNeverMore(nanos, calls, period, "seed " + seed);
            assertNeverMore(nanos, burst, burstPeriod, "burst, seed " + seed);
            assertThat(rate.waiting()).isZero();
            assertThat(run.pendingTimers()).isZero();
        }
    }

    @Test
    void aCancelledWaiterGivesItsTurnToTheNext() {
        RateLimiter rate = RateLimiter.smooth(1, SECOND);
        List<Long> millis = new ArrayList<>();
        VirtualRun<Void> run = VirtualRun.of(() -> {
            Tasks.start(call(rate, millis));
            Task<Void> head = Tasks.start(call(rate, millis));
            Task<Void> queued = Tasks.start(call(rate, millis));
            Task<Void> last = Tasks.start(call(rate, millis));
            return Tasks.sleep(Duration.ofMillis(700)).compose(v -> {
                assertThat(rate.waiting()).isEqualTo(3);
                head.cancel();
                queued.cancel();
                return last.future();
            });
        });
        assertThat(run.outcome().isSuccess()).isTrue();
        assertThat(millis).containsExactly(0L, 1000L);
    }

    @Test
    void inACancelledScopeNoTurnIsTaken() {
        RateLimiter rate = RateLimiter.of(1, SECOND);
        VirtualRun<Boolean> run = VirtualRun.of(() -> {
            Task<Void> task = Tasks.start(() -> Tasks.sleep(AGES).recover(cancelled -> rate.acquire()));
            return Tasks.sleep(Duration.ofMillis(1))
                    .compose(v -> task.cancelAndJoin())
                    .map(end -> {
                        assertThat(end.isSuccess()).isFalse();
                        return rate.tryAcquire();
                    });
        });
        assertThat(run.outcome().orElseThrow()).isTrue();
    }

    @Test
    void aTurnThatIsDueIsTakenWithoutWaitingAndTryAcquireOvertakesNobody() {
        RateLimiter rate = RateLimiter.of(2, SECOND);
        VirtualRun<Void> run = VirtualRun.of(() -> {
            assertThat(rate.acquire().succeeded()).isTrue();
            assertThat(rate.tryAcquire()).isTrue();
            assertThat(rate.tryAcquire()).isFalse();
            Future<Void> waiting = rate.acquire();
            return Tasks.sleep(SECOND.minusNanos(1))
                    .compose(v -> {
                        assertThat(waiting.isComplete()).isFalse();
                        assertThat(rate.tryAcquire()).isFalse();
                        return waiting;
                    })
                    .compose(asserting(v -> assertThat(rate.tryAcquire()).isTrue()));
        });
        assertThat(run.outcome().isSuccess()).as("%s", run.outcome()).isTrue();
    }

    @Test
    void whatWasNotUsedIsNotSavedUp() {
        RateLimiter rate = RateLimiter.of(2, SECOND);
        List<Long> millis = new ArrayList<>();
        VirtualRun.of(() -> Tasks.sleep(SECOND.multipliedBy(100))
                .compose(v -> Tasks.gather(Collections.nCopies(5, call(rate, millis)))));
        assertThat(millis).containsExactly(100_000L, 100_000L, 101_000L, 101_000L, 102_000L);
    }

    @Test
    void badNumbersAreRefusedWithWhatWouldDo() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimiter.named("api", 5, SECOND, 6))
                .withMessage("rate limiter 'api' for 5 calls, 6 of them at once: "
                        + "it takes 1 call or more, and a burst from 1 to the number of calls");
        assertThatIllegalArgumentException().isThrownBy(() -> RateLimiter.of(0, SECOND));
        assertThatIllegalArgumentException().isThrownBy(() -> RateLimiter.named("api", 5, SECOND, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> RateLimiter.of(1, SECOND.negated()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimiter.of(1, Duration.ZERO))
                .withMessageContaining("a period of PT0S: it takes more than zero");
        assertThatIllegalArgumentException().isThrownBy(() -> RateLimiter.of(1, Duration.ofSeconds(Long.MAX_VALUE)));
        assertThatIllegalStateException()
                .isThrownBy(() -> RateLimiter.of(1, SECOND).acquire())
                .withMessageContaining("outside any task");
        assertThat(RateLimiter.smooth(10, SECOND)).hasToString("rate limiter 'rate': 10 in PT1S, 1 at once, 0 waiting");
    }

    @Test
    @Tag("stress")
    void manyEventLoopsKeepOneRateForLong() throws Exception {
        manyLoops(40, 1000);
    }

    @Test
    void manyEventLoopsKeepOneRate() throws Exception {
        manyLoops(8, 60);
    }

    private static void manyLoops(int users, int each) throws Exception {
        RateLimiter rate = RateLimiter.named("api", 60, Duration.ofMillis(60), 20);
        List<Long> nanos = Collections.synchronizedList(new ArrayList<>());
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(4));
        try {
            List<Future<Void>> ends = new ArrayList<>();
            for (int i = 0; i < users; i++) {
                Random random = new Random(i);
                List<Integer> calls = Collections.nCopies(each, 0);
                ends.add(Tasks.start(
                                vertx,
                                "user-" + i,
                                () -> Tasks.forEach(calls, call -> {
                                    Coroutine<Void> turn =
                                            () -> rate.acquire().onSuccess(v -> nanos.add(System.nanoTime()));
                                    Duration patience = Duration.ofNanos(random.nextInt(30_000_000));
                                    return Tasks.timeout(random.nextInt(4) == 0 ? patience : AGES, turn)
                                            .recover(e -> Future.succeededFuture());
                                }))
                        .future());
            }
            Future.all(ends).toCompletionStage().toCompletableFuture().get(120, TimeUnit.SECONDS);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
        assertThat(nanos).hasSizeGreaterThan(users * each / 2);
        assertThat(rate.waiting()).isZero();
        // between the moment that counts and the one this test takes lies a pause of the machine, at worst
        assertMostlyNeverMore(nanos, 60, Duration.ofMillis(60).toNanos());
    }

    /** A pause between the two moments moves one time; it is not the rate that is broken then. */
    private static void assertMostlyNeverMore(List<Long> times, int most, long length) {
        List<Long> sorted = new ArrayList<>(times);
        Collections.sort(sorted);
        int closer = 0;
        for (int i = most; i < sorted.size(); i++) {
            closer += sorted.get(i) - sorted.get(i - most) < length - 1_000_000 ? 1 : 0;
        }
        assertThat(closer).isLessThanOrEqualTo(sorted.size() / 50);
    }
}
