package io.vertask.task;

import static io.vertask.task.Scripts.after;
import static io.vertask.task.Scripts.ages;
import static io.vertask.task.Scripts.agesThen;
import static io.vertask.task.Scripts.cancelOf;
import static io.vertask.task.Scripts.doing;
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
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class GatherTest {
    private final IllegalStateException bad = new IllegalStateException("bad");
    private final IllegalStateException worse = new IllegalStateException("worse");

    @Test
    @Tag("semantics-36")
    void valuesComeInArgumentOrderWhateverTheOrderOfCompletion() {
        for (long seed = 0; seed < 50; seed++) {
            assertThat(resultOf(VirtualRun.seeded(
                            seed,
                            () -> Tasks.gather(
                                    after(3, "a"), after(0, "b"), () -> Future.succeededFuture("c"), after(1, "d")))))
                    .containsExactly("a", "b", "c", "d");
        }
    }

    @Test
    @Tag("semantics-36")
    void nullIsAValue() {
        assertThat(resultOf(VirtualRun.of(() -> Tasks.gather(after(1, "a"), () -> ms(1).map((String) null)))))
                .containsExactly("a", null);
    }

    @Test
    @Tag("semantics-36")
    void noArgumentsCompleteAtOnce() {
        assertThat(resultOf(VirtualRun.of(() -> {
                    Future<List<Object>> none = Tasks.gather();
                    assertThat(none.isComplete()).isTrue();
                    assertThat(Tasks.settle().isComplete()).isTrue();
                    return none;
                })))
                .isEmpty();
    }

    @Test
    @Tag("semantics-37")
    @Tag("semantics-38")
    void theFirstFailureCancelsTheOthersAndIsSeenAfterTheirCleanup() {
        List<String> log = new ArrayList<>();
        VirtualRun<List<Object>> run = VirtualRun.of(() -> Tasks.gather(
                failsAfter(5, bad),
                agesThen(() -> ms(20).onSuccess(v -> log.add("cleaned"))),
                () -> ages().onFailure(e ->
                        log.add(((CancelledException) e).reason().kind().toString()))));
        assertThat(failureOf(run)).isSameAs(bad);
        assertThat(run.elapsed()).isEqualTo(Duration.ofMillis(25));
        assertThat(log).containsExactly("SIBLING_FAILED", "cleaned");
        assertThat(bad.getSuppressed()).isEmpty();
    }

    @Test
    @Tag("semantics-37")
    void laterFailuresAreSuppressedInTheFirst() {
        VirtualRun<List<Object>> run =
                VirtualRun.of(() -> Tasks.gather(failsAfter(5, bad), agesThen(failsAfter(1, worse))));
        assertThat(failureOf(run)).isSameAs(bad);
        assertThat(bad.getSuppressed()).containsExactly(worse);
    }

    @Test
    @Tag("semantics-37")
    void aLaterFailureIsReportedWhenTheFirstCannotHoldIt() {
        // Vert.x's failedFuture("message") makes an exception that takes no suppressed ones
        VirtualRun<List<Object>> run = VirtualRun.of(() ->
                Tasks.gather(() -> ms(1).compose(v -> Future.failedFuture("plain")), agesThen(failsAfter(1, worse))));
        assertThat(run.unhandled()).containsExactly(worse);
    }

    @Test
    void theSameFailureTwiceIsNoProblem() {
        assertThat(failureOf(VirtualRun.of(() -> Tasks.gather(failsAfter(1, bad), failsAfter(1, bad)))))
                .isSameAs(bad);
        assertThat(bad.getSuppressed()).isEmpty();
    }

    @Test
    @Tag("semantics-39")
    @Tag("semantics-40")
    void settleGivesEveryOutcomeInItsSlot() {
        List<Outcome<String>> ends = Objects.requireNonNull(resultOf(VirtualRun.of(
                () -> Tasks.settle(after(10, "a"), failsAfter(1, bad), () -> {
                    Task.current().orElseThrow().cancel();
                    return ages();
                }))));
        assertThat(ends.get(0)).isEqualTo(new Outcome.Success<>("a"));
        assertThat(ends.get(1)).isEqualTo(new Outcome.Failure<>(bad));
        assertThat(ends.get(2)).isInstanceOf(Outcome.Cancelled.class);
    }

    @Test
    @Tag("semantics-40")
    void aCancelledChildFailsAGatherThatIsNotItselfCancelled() {
        VirtualRun<String> run = VirtualRun.of(() -> Tasks.gather(after(1, "x"), () -> {
                    Task.current().orElseThrow().cancel();
                    return ages();
                })
                .map("all")
                .recover(e -> ms(1).map(e.getClass().getSimpleName())));
        assertThat(resultOf(run)).isEqualTo("CancelledException");
    }

    @Test
    @Tag("semantics-41")
    void cancellingReachesEveryChildAndWaitsForItsCleanup() {
        AtomicInteger cleaned = new AtomicInteger();
        AtomicInteger begun = new AtomicInteger();
        Coroutine<Void> child = () -> {
            begun.incrementAndGet();
            return Tasks.finallyDo(Scripts::<Void>ages, () -> ms(7).onSuccess(v -> cleaned.incrementAndGet()));
        };
        VirtualRun.cancelledAtEveryTurn(
                () -> {
                    begun.set(0);
                    cleaned.set(0);
                    return () -> Tasks.timeout(Duration.ofSeconds(1), () -> Tasks.gather(child, child, child));
                },
                (turn, run) -> {
                    Scripts.leavesNothing(run);
                    assertThat(run.outcome().isSuccess()).isFalse();
                    assertThat(cleaned).hasValue(begun.get());
                });
    }

    @Test
    @Tag("semantics-42")
    void cancelledSettleIsCancelledThoughItsChildrenSwallowIt() {
        Coroutine<String> swallows = () -> Scripts.<String>ages().recover(e -> Future.succeededFuture("swallowed"));
        Coroutine<List<?>> settle = () -> Tasks.settle(swallows, swallows).map(l -> l);
        Coroutine<List<?>> gather = () -> Tasks.gather(swallows, swallows).map(l -> l);
        for (Coroutine<List<?>> both : List.of(settle, gather)) {
            cancelOf(VirtualRun.of(() -> {
                Task<List<?>> task = Tasks.start(both);
                Task<?> me = Task.current().orElseThrow();
                return ms(1).compose(v -> {
                    me.cancel();
                    return task.future();
                });
            }));
            cancelOf(VirtualRun.of(() -> {
                Task<?> me = Task.current().orElseThrow();
                Tasks.start(() -> ms(1).onSuccess(v -> me.cancel()));
                return both.call();
            }));
        }
    }

    @Test
    void aFailureInTheCleanupOfACancelledGatherIsNotLost() {
        CancelledException end = cancelOf(VirtualRun.of(() -> {
            Task<?> me = Task.current().orElseThrow();
            Tasks.start(() -> ms(1).onSuccess(v -> me.cancel()));
            return Tasks.gather(Scripts::ages, agesThen(failsAfter(1, bad)));
        }));
        assertThat(end.getSuppressed()).containsExactly(bad);
    }

    @Test
    @Tag("semantics-43")
    void aNullArgumentIsRefusedBeforeAnythingStarts() {
        AtomicInteger ran = new AtomicInteger();
        VirtualRun<List<Object>> run =
                VirtualRun.of(() -> Tasks.gather(Arrays.asList(doing(ran::incrementAndGet), null)));
        assertThat(failureOf(run)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("argument 2");
        assertThat(ran).hasValue(0);
    }

    @Test
    void aFailureBeforeTheCancelWinsAndTheCancelIsNotLost() {
        List<String> log = new ArrayList<>();
        cancelOf(VirtualRun.of(() -> {
            Task<?> me = Task.current().orElseThrow();
            Tasks.start(() -> ms(5).onSuccess(v -> me.cancel()));
            return Tasks.gather(failsAfter(1, bad), agesThen(() -> ms(20))).recover(e -> {
                log.add(e.getMessage());
                return ms(1).mapEmpty();
            });
        }));
        assertThat(log).containsExactly("bad");
    }

    @Test
    void aHundredThousandChildrenAreCancelled() {
        AtomicInteger cancelled = new AtomicInteger();
        VirtualRun<List<Void>> run = VirtualRun.of(() -> Tasks.timeout(
                Duration.ofSeconds(1),
                () -> Tasks.gather(IntStream.range(0, 100_000)
                        .<Coroutine<Void>>mapToObj(
                                i -> () -> Scripts.<Void>ages().onFailure(e -> cancelled.incrementAndGet()))
                        .toList())));
        assertThat(failureOf(run)).isInstanceOf(TaskTimeoutException.class);
        assertThat(cancelled).hasValue(100_000);
    }
}
