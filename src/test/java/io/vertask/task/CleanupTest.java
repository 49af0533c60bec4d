package io.vertask.task;

import static io.vertask.task.Scripts.after;
import static io.vertask.task.Scripts.ages;
import static io.vertask.task.Scripts.cancelOf;
import static io.vertask.task.Scripts.doing;
import static io.vertask.task.Scripts.failsAfter;
import static io.vertask.task.Scripts.failureOf;
import static io.vertask.task.Scripts.ms;
import static io.vertask.task.Scripts.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class CleanupTest {
    private final IllegalStateException bad = new IllegalStateException("bad");
    private final IllegalStateException worse = new IllegalStateException("worse");

    @Test
    @Tag("semantics-23")
    void theCleanupRunsOnceHoweverTheBodyEnds() {
        AtomicInteger cleaned = new AtomicInteger();
        Coroutine<Void> cleanup = () -> ms(1).onSuccess(v -> cleaned.incrementAndGet());
        assertThat(resultOf(VirtualRun.of(() -> Tasks.finallyDo(after(1, "value"), cleanup))))
                .isEqualTo("value");
        assertThat(failureOf(VirtualRun.of(() -> Tasks.finallyDo(failsAfter(1, bad), cleanup))))
                .isSameAs(bad);
        assertThat(failureOf(VirtualRun.of(() -> Tasks.finallyDo(
                        () -> {
                            throw bad;
                        },
                        cleanup))))
                .isSameAs(bad);
        assertThat(cleaned).hasValue(3);
    }

    @Test
    @Tag("semantics-24")
    void aSecondCancelDoesNotCutTheCleanupShort() {
        List<String> log = new ArrayList<>();
        Outcome<Void> end = resultOf(VirtualRun.of(() -> {
            Task<Void> task = Tasks.start(() -> Tasks.finallyDo(
                    Scripts::<Void>ages,
                    () -> ms(50).compose(v -> Tasks.gather(() -> ms(50)))
                            .onComplete(e -> log.add(e.succeeded() ? "cleaned" : "cut"))));
            return ms(1).onSuccess(v -> task.cancel()).compose(v -> ms(10)).compose(v -> task.cancelAndJoin());
        }));
        assertThat(end).isInstanceOf(Outcome.Cancelled.class);
        assertThat(log).containsExactly("cleaned");
    }

    @Test
    @Tag("semantics-24")
    void itsDeadlineCutsACleanupAndThatIsReported() {
        for (Coroutine<Void> hanging : List.<Coroutine<Void>>of(
                Scripts::ages,
                // a future that is not of this library: a cancel can't end it
                () -> Promise.<Void>promise().future(),
                () -> ages().transform(e -> Promise.<Void>promise().future()))) {
            VirtualRun<Void> run = VirtualRun.of(() -> {
                Task<Void> task = Tasks.start(
                        "worker", () -> Tasks.finallyDo(Scripts::<Void>ages, Duration.ofMillis(100), hanging));
                return ms(1).onSuccess(v -> task.cancel()).compose(v -> task.future());
            });
            assertThat(run.outcome().errorOrNull())
                    .isInstanceOfSatisfying(
                            CancelledException.class,
                            e -> assertThat(e.getSuppressed())
                                    .singleElement()
                                    .isInstanceOf(TaskTimeoutException.class));
            assertThat(run.unhandled())
                    .singleElement()
                    .satisfies(e -> assertThat(e)
                            .isInstanceOf(TaskTimeoutException.class)
                            .hasMessageStartingWith("timed out after 100ms in task 'main/worker'"));
            assertThat(run.elapsed()).isEqualTo(Duration.ofMillis(101));
            assertThat(run.pendingTimers()).isZero();
        }
    }

    @Test
    @Tag("semantics-24")
    void aCleanupOfACleanupStillRunsWhenTheDeadlineCuts() {
        List<String> log = new ArrayList<>();
        VirtualRun<String> run = VirtualRun.of(() -> Tasks.finallyDo(
                after(1, "value"),
                Duration.ofMillis(100),
                () -> Tasks.finallyDo(Scripts::<Void>ages, () -> ms(10).onSuccess(v -> log.add("inner")))));
        assertThat(run.outcome().errorOrNull()).isInstanceOf(TaskTimeoutException.class);
        assertThat(run.elapsed()).isEqualTo(Duration.ofMillis(111));
        assertThat(log).containsExactly("inner");
    }

    @Test
    @Tag("semantics-25")
    void aCleanupThatFailsDuringACancelMakesTheTaskFailWithThatError() {
        Outcome<Void> end = resultOf(VirtualRun.of(() -> {
            Task<Void> task = Tasks.start(() -> Tasks.finallyDo(Scripts::<Void>ages, failsAfter(1, bad)));
            return ms(1).compose(v -> task.cancelAndJoin());
        }));
        assertThat(end).isEqualTo(new Outcome.Failure<>(bad));
        assertThat(bad.getSuppressed()).isNotEmpty().allMatch(e -> e instanceof CancelledException);
    }

    @Test
    @Tag("semantics-124")
    void theBodysErrorComesFirstAndTheCleanupsIsSuppressedInIt() {
        assertThat(failureOf(VirtualRun.of(() -> Tasks.finallyDo(failsAfter(1, bad), failsAfter(1, worse)))))
                .isSameAs(bad);
        assertThat(bad.getSuppressed()).containsExactly(worse);
        assertThat(failureOf(VirtualRun.of(() -> Tasks.finallyDo(after(1, "value"), failsAfter(1, worse)))))
                .isSameAs(worse);
    }

    @Test
    @Tag("semantics-124")
    void aCleanupsErrorIsReportedWhenTheBodysCannotHoldIt() {
        VirtualRun<String> run =
                VirtualRun.of(() -> Tasks.finallyDo(() -> Future.<String>failedFuture("plain"), failsAfter(1, worse)));
        assertThat(run.outcome().errorOrNull()).hasMessage("plain");
        assertThat(run.unhandled()).containsExactly(worse);
    }

    @Test
    void theCleanupRunsAlsoInAScopeThatWasCancelledBefore() {
        List<String> log = new ArrayList<>();
        cancelOf(VirtualRun.of(() -> {
            Task.current().orElseThrow().cancel();
            return Tasks.finallyDo(() -> ms(1), () -> ms(5).onSuccess(v -> log.add("cleaned")));
        }));
        assertThat(log).containsExactly("cleaned");
    }

    @Test
    void nestedCleanupsRunFromTheInsideOut() {
        List<String> log = new ArrayList<>();
        cancelOf(VirtualRun.of(() -> {
            Task<?> me = Task.current().orElseThrow();
            Tasks.start(() -> ms(5).onSuccess(v -> me.cancel()));
            return Tasks.finallyDo(
                    () -> Tasks.timeout(
                            Duration.ofHours(1),
                            () -> Tasks.finallyDo(
                                    () -> Tasks.gather(() -> Tasks.finallyDo(Scripts::ages, doing(() -> log.add("1")))),
                                    () -> ms(1).onSuccess(v -> log.add("2")))),
                    () -> ms(1).onSuccess(v -> log.add("3")));
        }));
        assertThat(log).containsExactly("1", "2", "3");
    }

    @Test
    @Tag("semantics-6")
    void aFailingCleanupInABlockNobodyWaitsForIsReported() {
        VirtualRun<String> run = VirtualRun.of(() -> {
            Tasks.timeout(Duration.ofHours(1), () -> Tasks.finallyDo(Scripts::ages, failsAfter(1, bad)));
            return after(1, "value").call();
        });
        assertThat(run.outcome().isSuccess()).isTrue();
        assertThat(run.unhandled()).containsExactly(bad);
    }
}
