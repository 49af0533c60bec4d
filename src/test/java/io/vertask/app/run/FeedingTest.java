package io.vertask.app.run;

import static io.vertask.app.run.ScriptedWorkload.after;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.app.job.Job;
import io.vertask.app.journal.Wait;
import io.vertask.app.workload.CallFailure;
import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertask.testing.Jobs;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes into a run and how fast, on a virtual clock. */
class FeedingTest {
    private final List<Long> starts = new ArrayList<>();
    private final AtomicReference<@Nullable KeptResults> last = new AtomicReference<>();

    private static Job job(String each, String limits, String... more) {
        return Jobs.read(
                "test.yaml",
                "job: test\neach: " + each + "\ndo: {get: \"http://x/{item}\"}\nlimits: {" + limits + "}\n"
                        + String.join("\n", more),
                Map.of(),
                List.of());
    }

    private KeptResults run(Job job, ScriptedWorkload workload, InputStream stdin) {
        KeptResults run = KeptResults.of(job, workload, new Window(job.limits().concurrency()), stdin, same -> same);
        last.set(run);
        return run;
    }

    private KeptResults last() {
        return Objects.requireNonNull(last.get());
    }

    private VirtualRun<Void> play(Job job, ScriptedWorkload workload) {
        return VirtualRun.of(
                () -> run(job, workload, InputStream.nullInputStream()).main());
    }

    private ScriptedWorkload noting(ScriptedWorkload.Script script) {
        return new ScriptedWorkload((item, n) -> {
            starts.add(Tasks.nanoTime() / 1_000);
            return script.attempt(item, n);
        });
    }

    private void assertNeverMoreThan(int calls, Duration period) {
        long length = period.toNanos() / 1_000;
        for (int i = calls; i < starts.size(); i++) {
            assertThat(starts.get(i) - starts.get(i - calls)).as("start %s", i).isGreaterThanOrEqualTo(length);
        }
    }

    @ParameterizedTest
    @CsvSource({"50/s, 50, PT1S, 1", "600/m, 600, PT1M, 1", "7/s, 7, PT1S, 1", "2000/s, 2000, PT1S, 20"})
    void attemptsAreEvenlySpacedAndNeverOverTheRate(String rate, int calls, Duration period, int atOnce) {
        play(job("{range: 1..300}", "concurrency: 300, rate: " + rate), noting((item, n) -> after(1)));
        assertThat(starts).hasSize(300);
        assertNeverMoreThan(calls, period);
        assertNeverMoreThan(atOnce, period.multipliedBy(atOnce).dividedBy(calls));
    }

    @Test
    void theRateIsReached() {
        VirtualRun<Void> run =
                play(job("{range: 1..101}", "concurrency: 5, rate: 50/s"), noting((item, n) -> after(30)));
        assertThat(run.elapsed()).isLessThan(Duration.ofMillis(2_100));
        assertThat(last().totals().waited(Wait.RATE)).isGreaterThan(Duration.ofMillis(1_900));
    }

    @Test
    void retriesCountForTheRateToo() {
        play(
                job("{range: 1..20}", "concurrency: 20, rate: 10/s, retries: 3, backoff: 1ms"),
                noting((item, n) -> n < 3 ? Future.failedFuture(CallFailure.passing("503", "503")) : after(1)));
        assertThat(starts).hasSize(60);
        assertNeverMoreThan(1, Duration.ofMillis(100));
        assertThat(last().free()).isEqualTo(20);
    }

    @Test
    void waitingForTheRateHoldsNoMoreThanOneSlot() {
        List<Integer> free = new ArrayList<>();
        VirtualRun.of(() -> {
            KeptResults run = run(
                    job("{range: 1..8}", "concurrency: 4, rate: 10/s, retries: 1, backoff: 1ms"),
                    noting((item, n) -> n == 1 ? Future.failedFuture(CallFailure.passing("503", "503")) : after(1)),
                    InputStream.nullInputStream());
            Task<Void> main = Tasks.start("job", run::main);
            return Tasks.sleep(Duration.ofMillis(350)).compose(now -> {
                free.add(run.free());
                return main.future();
            });
        });
        assertThat(free).containsExactly(3);
    }

    @Test
    void aPauseThatComesWhileOneWaitsForTheRateHoldsItBack() {
        play(
                job("{range: 1..3}", "concurrency: 3, rate: 1/s"),
                noting((item, n) -> item.equals("1")
                        ? after(10)
                                .compose(v -> Future.failedFuture(
                                        CallFailure.lasting("429", "429").pausing(Duration.ofSeconds(5))))
                        : after(1)));
        assertThat(starts.get(1)).isGreaterThanOrEqualTo(5_000_000);
        assertNeverMoreThan(1, Duration.ofSeconds(1));
    }

    @Test
    void itemsGoThroughTheQueueAndAFullOneHoldsTheProducerBack() {
        Job job = Jobs.read("test.yaml", """
                job: test
                each: {range: 1..100, every: 10ms}
                queue: {capacity: 10, consumers: 3}
                do: {sleep: 50ms}
                """, Map.of(), List.of());
        ScriptedWorkload workload = noting((item, n) -> after(50));
        VirtualRun<Void> run = play(job, workload);
        assertThat(workload.peak()).isEqualTo(3);
        assertThat(last().lines()).hasSize(100);
        assertThat(last().free()).isEqualTo(3);
        assertThat(run.elapsed()).isBetween(Duration.ofMillis(1_660), Duration.ofMillis(1_750));
    }

    @Test
    void aDrainGivesAllThatAConsumerHasTakenAnEnd() {
        Job job = job("{range: 1..1000}", "timeout: 1h", "queue: {capacity: 10, consumers: 3}");
        VirtualRun<Void> run = VirtualRun.of(() -> {
            KeptResults draining = run(job, noting((item, n) -> after(100)), InputStream.nullInputStream());
            Task<Void> main = Tasks.start("job", draining::main);
            return Tasks.sleep(Duration.ofMillis(150)).compose(now -> {
                draining.items().drain("test");
                return main.future();
            });
        });
        assertThat(run.outcome()).isEqualTo(new Outcome.Success<>(null));
        assertThat(last().lines()).hasSize(6);
        assertThat(last().totals().begun()).isEqualTo(6);
        assertThat(last().totals().stillRunning()).isZero();
        assertThat(run.pendingTimers()).isZero();
    }

    @Test
    void soManyFailuresStopTheJob() {
        play(
                job("{range: 1..1000}", "concurrency: 1, stop_after: 3"),
                noting((item, n) -> Future.failedFuture(CallFailure.lasting("404", "404"))));
        assertThat(last().totals().failed()).isEqualTo(3);
        assertThat(last().items().stopped()).isEqualTo("stop_after 3: 3 of 3 items failed");
    }

    @Test
    void aShareOfFailuresIsLookedAtFromAHundredFinishedItemsOn() {
        play(
                job("{range: 1..1000}", "concurrency: 1, stop_after: 10%"),
                noting((item, n) -> Integer.parseInt(item) % 5 == 0
                        ? Future.failedFuture(CallFailure.lasting("404", "404"))
                        : after(1)));
        assertThat(last().totals().ok()).isEqualTo(80);
        assertThat(last().items().stopped()).isEqualTo("stop_after 10%: 20 of 100 items failed");
    }

    @Test
    void aSourceThatBreaksLaterLetsWhatIsInFlightEndAndStopsTheRun() {
        byte[] text = "one\ntwo\nthr\u00e4e\n".getBytes(StandardCharsets.ISO_8859_1);
        InputStream twoReads = new java.io.SequenceInputStream(
                new ByteArrayInputStream(text, 0, 8), new ByteArrayInputStream(text, 8, text.length - 8));
        VirtualRun<Void> run = VirtualRun.of(
                () -> run(job("{stdin: lines}", "concurrency: 1"), noting((item, n) -> after(100)), twoReads)
                        .main());
        assertThat(run.outcome()).isEqualTo(new Outcome.Success<>(null));
        assertThat(last().lines()).containsExactly("done one", "done two");
        assertThat(last().items().stopped()).startsWith("stdin:3 is not UTF-8");
        assertThat(last().items().notStarted()).isNull();
    }

    @Test
    void aSourceThatIsNotThereStartsNothing() {
        VirtualRun<Void> run = play(job("{file: /none/items.txt}", "concurrency: 1"), noting((item, n) -> after(1)));
        assertThat(run.outcome()).isEqualTo(new Outcome.Success<>(null));
        assertThat(starts).isEmpty();
        assertThat(Objects.requireNonNull(last().items().notStarted()))
                .hasMessageStartingWith("each.file: there is no file");
        assertThat(run.unhandled()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"rate: 100/s|", "retries: 1|queue: {capacity: 2, consumers: 2}"})
    void aCancelAtAnyMomentLeavesNothingBehind(String limits, @Nullable String more) {
        int runs = VirtualRun.<Void>cancelledAtEveryTurn(
                () -> {
                    last.set(null);
                    ScriptedWorkload workload = new ScriptedWorkload((item, n) -> item.equals("2") && n == 1
                            ? Future.failedFuture(CallFailure.passing("503", "503"))
                            : after(10));
                    Job job = job("{range: 1..6, every: 3ms}", limits, more == null ? "" : more);
                    return () ->
                            run(job, workload, InputStream.nullInputStream()).main();
                },
                (turn, run) -> {
                    KeptResults job = last.get();
                    if (job == null) {
                        assertThat(turn).isLessThan(2);
                        return;
                    }
                    assertThat(job.totals().stillRunning()).as("turn %s", turn).isZero();
                    assertThat(job.free())
                            .as("turn %s", turn)
                            .isEqualTo(job.items().job.limits().concurrency());
                    assertThat(run.pendingTimers()).as("turn %s", turn).isZero();
                    assertThat(run.unhandled()).as("turn %s", turn).isEmpty();
                });
        assertThat(runs).isGreaterThan(20);
    }
}
