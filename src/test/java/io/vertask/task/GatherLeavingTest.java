package io.vertask.task;

import static io.vertask.task.Scripts.after;
import static io.vertask.task.Scripts.ages;
import static io.vertask.task.Scripts.agesThen;
import static io.vertask.task.Scripts.cancelOf;
import static io.vertask.task.Scripts.doing;
import static io.vertask.task.Scripts.failsAfter;
import static io.vertask.task.Scripts.leavesNothing;
import static io.vertask.task.Scripts.ms;
import static io.vertask.task.Scripts.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** CPython's gather: a failure leaves the others running. */
class GatherLeavingTest {
    private final IllegalStateException bad = new IllegalStateException("bad");

    @Test
    @Tag("semantics-36")
    void valuesComeInArgumentOrder() {
        for (long seed = 0; seed < 50; seed++) {
            assertThat(resultOf(VirtualRun.seeded(
                            seed, () -> Gather.leaveRunning(List.of(after(3, "a"), after(0, "b"), after(1, "c"))))))
                    .containsExactly("a", "b", "c");
        }
        assertThat(resultOf(VirtualRun.of(() -> Gather.leaveRunning(List.of()))))
                .isEmpty();
    }

    @Test
    @Tag("semantics-37")
    @Tag("semantics-38")
    void theFirstFailureIsSeenAtOnceAndTheOthersRunToTheirEnd() {
        List<String> log = new ArrayList<>();
        VirtualRun<Void> run = VirtualRun.of(() -> Gather.leaveRunning(
                        List.<Coroutine<Void>>of(failsAfter(5, bad), () -> ms(20).onSuccess(v -> log.add("ran on"))))
                .<Void>mapEmpty()
                .recover(e -> {
                    assertThat(e).isSameAs(bad);
                    log.add("seen");
                    return ms(30);
                }));
        resultOf(run);
        assertThat(run.elapsed()).isEqualTo(Duration.ofMillis(35));
        assertThat(log).containsExactly("seen", "ran on");
    }

    @Test
    @Tag("semantics-38")
    void theEndOfTheScopeCancelsWhatIsLeft() {
        List<String> log = new ArrayList<>();
        VirtualRun<String> run = VirtualRun.of(() -> Gather.leaveRunning(List.<Coroutine<Void>>of(
                        failsAfter(5, bad), agesThen(() -> ms(7).onSuccess(v -> log.add("cleaned")))))
                .map("never")
                .recover(e -> Future.succeededFuture("left")));
        assertThat(resultOf(run)).isEqualTo("left");
        assertThat(run.elapsed()).isEqualTo(Duration.ofMillis(12));
        assertThat(log).containsExactly("cleaned");
    }

    @Test
    @Tag("semantics-38")
    void aLaterFailureIsReportedOnce() {
        IllegalStateException later = new IllegalStateException("later");
        VirtualRun<Void> run =
                VirtualRun.of(() -> Gather.leaveRunning(List.of(failsAfter(5, bad), failsAfter(9, later)))
                        .<Void>mapEmpty()
                        .recover(e -> ms(30)));
        assertThat(run.outcome().isSuccess()).isTrue();
        assertThat(run.unhandled()).singleElement().satisfies(e -> assertThat(e).hasCause(later));
    }

    @Test
    @Tag("semantics-40")
    void aChildCancelledOnItsOwnIsAFailureAndTheSiblingsGoOn() {
        List<String> log = new ArrayList<>();
        VirtualRun<Void> run = VirtualRun.of(() -> Gather.leaveRunning(List.<Coroutine<Void>>of(
                        () -> {
                            Task.current().orElseThrow().cancel();
                            return ages();
                        },
                        () -> ms(5).onSuccess(v -> log.add("went on"))))
                .<Void>mapEmpty()
                .recover(e -> {
                    log.add(e.getClass().getSimpleName());
                    return ms(10);
                }));
        resultOf(run);
        assertThat(log).containsExactly("CancelledException", "went on");
    }

    @Test
    @Tag("semantics-41")
    void aCancelBeforeTheFirstFailureReachesAllAndWaitsForTheirCleanup() {
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger cleaned = new AtomicInteger();
        Coroutine<Void> child = () -> {
            begun.incrementAndGet();
            return Tasks.finallyDo(Scripts::<Void>ages, () -> ms(7).onSuccess(v -> cleaned.incrementAndGet()));
        };
        VirtualRun.cancelledAtEveryTurn(
                () -> {
                    begun.set(0);
                    cleaned.set(0);
                    return () -> Tasks.timeout(
                            Duration.ofMillis(20),
                            () -> Gather.leaveRunning(List.of(child, child))
                                    .onComplete(end -> assertThat(cleaned).hasValue(begun.get())));
                },
                (turn, run) -> {
                    leavesNothing(run);
                    assertThat(run.outcome().isSuccess()).isFalse();
                    assertThat(cleaned).hasValue(begun.get());
                });
    }

    @Test
    @Tag("semantics-42")
    void cancelledItIsCancelledThoughItsChildrenSwallowIt() {
        cancelOf(VirtualRun.of(() -> {
            Task<?> me = Task.current().orElseThrow();
            Tasks.start(() -> ms(1).onSuccess(v -> me.cancel()));
            return Gather.leaveRunning(
                    List.<Coroutine<String>>of(() -> Scripts.<String>ages().recover(e -> Future.succeededFuture("x"))));
        }));
    }

    @Test
    void inACancelledScopeNothingStarts() {
        AtomicInteger ran = new AtomicInteger();
        cancelOf(VirtualRun.of(() -> {
            Task.current().orElseThrow().cancel();
            return Gather.leaveRunning(List.of(doing(ran::incrementAndGet)));
        }));
        assertThat(ran).hasValue(0);
    }
}
