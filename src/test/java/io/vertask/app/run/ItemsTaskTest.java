package io.vertask.app.run;

import static io.vertask.app.run.ScriptedWorkload.after;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.app.job.Job;
import io.vertask.app.job.template.TemplateScope;
import io.vertask.app.journal.Totals;
import io.vertask.app.journal.Wait;
import io.vertask.app.workload.Answer;
import io.vertask.app.workload.CallFailure;
import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertask.testing.Jobs;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Runs of jobs on a virtual clock, with a workload that does what it is told. */
class ItemsTaskTest {
    private final AtomicReference<@Nullable KeptResults> last = new AtomicReference<>();

    private static Job job(int items, String limits, String... more) {
        return Jobs.read(
                "test.yaml",
                "job: test\neach: {range: 1.." + items + "}\ndo: {get: \"http://x/{item}\"}\nlimits: {" + limits + "}\n"
                        + String.join("\n", more),
                Map.of(),
                List.of());
    }

    private KeptResults run(Job job, ScriptedWorkload workload) {
        KeptResults run = KeptResults.of(job, workload);
        last.set(run);
        return run;
    }

    private KeptResults last() {
        return Objects.requireNonNull(last.get());
    }

    private List<String> lines() {
        return last().lines();
    }

    private Duration rateLimit() {
        return last().totals().waited(Wait.PAUSE).plus(last().totals().waited(Wait.RATE));
    }

    private VirtualRun<Void> play(Job job, ScriptedWorkload workload) {
        return VirtualRun.of(() -> run(job, workload).main());
    }

    @Test
    void resultsComeInInputOrderWhateverTheOrderOfTheirEnds() {
        play(job(4, "concurrency: 4"), new ScriptedWorkload((item, n) -> after(50 - 10 * Integer.parseInt(item))));
        assertThat(lines()).containsExactly("done 1", "done 2", "done 3", "done 4");
    }

    @Test
    void neverMoreItemsAtOnceThanTheLimitAndNeverFewerWhileThereAreSome() {
        ScriptedWorkload workload = new ScriptedWorkload((item, n) -> after(100));
        VirtualRun<Void> run = play(job(20, "concurrency: 5"), workload);
        assertThat(workload.peak()).isEqualTo(5);
        assertThat(run.elapsed()).isEqualTo(Duration.ofMillis(400));
    }

    @Test
    void aRetrysWaitHoldsNoSlot() {
        List<String> order = new ArrayList<>();
        ScriptedWorkload workload = new ScriptedWorkload((item, n) -> {
            order.add(item);
            return item.equals("1") && n == 1 ? Future.failedFuture(CallFailure.passing("503", "503")) : after(10);
        });
        play(job(3, "concurrency: 1, retries: 1, backoff: 1h"), workload);
        assertThat(order).containsExactly("1", "2", "3", "1");
        assertThat(lines()).containsExactly("done 1", "done 2", "done 3");
        assertThat(last().totals().retried()).isEqualTo(1);
    }

    @Test
    void aLastingFailureIsNotTriedAgainAndAPassingOneUntilTheRetriesAreUsedUp() {
        ScriptedWorkload workload = new ScriptedWorkload((item, n) -> Future.failedFuture(
                item.equals("1") ? CallFailure.lasting("404", "404 Not Found") : CallFailure.passing("503", "503")));
        play(job(2, "retries: 3"), workload);
        assertThat(workload.attempts("1")).isEqualTo(1);
        assertThat(workload.attempts("2")).isEqualTo(4);
        assertThat(lines()).containsExactly("1: ERROR - 404 Not Found", "2: ERROR - 503 (4 attempts)");
    }

    @Test
    void retryAfterPausesEveryItem() {
        List<Long> starts = new ArrayList<>();
        ScriptedWorkload workload = new ScriptedWorkload((item, n) -> {
            starts.add(Tasks.nanoTime() / 1_000_000);
            return item.equals("1") && n == 1
                    ? Future.failedFuture(CallFailure.passing("429", "429").pausing(Duration.ofSeconds(3)))
                    : after(10);
        });
        play(job(4, "concurrency: 1, retries: 1"), workload);
        assertThat(starts).startsWith(0L).hasSize(5);
        assertThat(starts.subList(1, 5)).allMatch(start -> start >= 3_000);
        assertThat(last().totals().pauses().count()).isEqualTo(1);
        assertThat(rateLimit()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void aRetrysWaitForASlotIsNoWaitForTheRate() {
        ScriptedWorkload workload = new ScriptedWorkload((item, n) ->
                item.equals("1") && n == 1 ? Future.failedFuture(CallFailure.passing("503", "503")) : after(1_000));
        play(job(3, "concurrency: 1, retries: 1, backoff: 1ms"), workload);
        assertThat(lines()).containsExactly("done 1", "done 2", "done 3");
        assertThat(rateLimit()).isZero();
    }

    @Test
    void whileAPauseIsOnNobodyHoldsASlot() {
        List<Integer> free = new ArrayList<>();
        ScriptedWorkload workload = new ScriptedWorkload(
                (item, n) -> n == 1 && !item.equals("9") ? Future.failedFuture(busy(60)) : after(10));
        VirtualRun.of(() -> {
            KeptResults job = run(job(9, "concurrency: 4, retries: 0"), workload);
            Task<Void> main = Tasks.start("job", job::main);
            return Tasks.sleep(Duration.ofSeconds(30)).compose(now -> {
                free.add(job.free());
                return main.future();
            });
        });
        assertThat(free).containsExactly(4);
        assertThat(lines()).hasSize(9).doesNotContain("ERROR");
    }

    private static CallFailure busy(long seconds) {
        return CallFailure.passing("429", "429 Too Many Requests").pausing(Duration.ofSeconds(seconds));
    }

    @Test
    void beingTurnedAwayUsesUpNoRetryButNotForEver() {
        ScriptedWorkload workload = new ScriptedWorkload((item, n) ->
                (item.equals("1") && n <= 5) || item.equals("2") ? Future.failedFuture(busy(60)) : after(10));
        VirtualRun<Void> run = play(job(2, "concurrency: 1, retries: 0"), workload);
        assertThat(lines()).containsExactly("done 1", "2: ERROR - 429 Too Many Requests (11 attempts)");
        assertThat(run.elapsed()).isGreaterThan(Duration.ofMinutes(10));
    }

    @Test
    void aPauseOfNoLengthIsARetryLikeAnyOther() {
        ScriptedWorkload workload = new ScriptedWorkload((item, n) -> Future.failedFuture(busy(0)));
        play(job(1, "retries: 2"), workload);
        assertThat(workload.attempts("1")).isEqualTo(3);
    }

    @Test
    void aPauseThatOutlastsTheDeadlineIsNotWaitedFor() {
        ScriptedWorkload workload =
                new ScriptedWorkload((item, n) -> item.equals("2") ? Future.failedFuture(busy(3_600)) : after(1_000));
        VirtualRun<Void> run = play(job(50, "concurrency: 3, retries: 5, deadline: 10m"), workload);
        assertThat(run.elapsed()).isEqualTo(Duration.ofSeconds(1));
        assertThat(lines())
                .containsExactly(
                        "done 1",
                        "2: ERROR - 429 Too Many Requests; the pause that the server asks for ends after the deadline",
                        "done 3");
        assertThat(last().items().stopped()).isEqualTo("2 said Retry-After 1h or more, which ends after the deadline");
    }

    @Test
    void aTimeoutSaysInWhichPhaseItCameAndIsTriedAgain() {
        ScriptedWorkload workload = new ScriptedWorkload((item, n) -> after(60_000));
        VirtualRun<Void> run = play(job(1, "timeout: 1s, retries: 1, backoff: 1ms"), workload);
        assertThat(lines()).containsExactly("1: ERROR - timed out after 1s waiting for the response (2 attempts)");
        assertThat(run.pendingTimers()).isZero();
    }

    @Test
    void onErrorStopCancelsTheRest() {
        ScriptedWorkload workload = new ScriptedWorkload(
                (item, n) -> item.equals("2") ? Future.failedFuture(CallFailure.lasting("404", "404")) : after(60_000));
        VirtualRun<Void> run = play(job(100, "concurrency: 3", "on_error: stop"), workload);
        assertThat(run.elapsed()).isZero();
        assertThat(last().items().stopped()).contains("2 failed");
        assertThat(last().totals().cancelled()).isPositive();
        assertThat(workload.items()).isLessThanOrEqualTo(3);
    }

    @Test
    void aFailureThatEveryItemWouldHaveStopsTheJob() {
        ScriptedWorkload workload = new ScriptedWorkload((item, n) -> Future.failedFuture(
                CallFailure.stopsJob("401", "401 Bad credentials").stopsJob("Fix the token")));
        play(job(1000, "concurrency: 2"), workload);
        assertThat(workload.items()).isLessThanOrEqualTo(2);
        assertThat(last().items().stopped()).isEqualTo("401 Bad credentials");
        assertThat(last().items().fix()).contains(new RunEnd.Fix("Fix the token", false));
    }

    @Test
    void anItemCalled401ThatStopsTheJobIsNoRefusedLogin() {
        Job job = Jobs.read(
                "test.yaml",
                "job: test\neach: [401]\ndo: {get: \"http://x/{item}\"}\non_error: stop\n",
                Map.of(),
                List.of());
        play(job, new ScriptedWorkload((item, n) -> Future.failedFuture(CallFailure.lasting("404", "404"))));
        assertThat(last().items().stopped()).isEqualTo("on_error: stop, and 401 failed");
        assertThat(last().items().fix()).isEmpty();
    }

    @Test
    void aDrainFinishesWhatIsInFlightAndStartsNothingNew() {
        ScriptedWorkload workload = new ScriptedWorkload((item, n) ->
                item.equals("1") && n == 1 ? Future.failedFuture(CallFailure.passing("503", "503")) : after(100));
        VirtualRun<Void> run = VirtualRun.of(() -> {
            KeptResults job = run(job(50, "concurrency: 3, retries: 5, backoff: 1h"), workload);
            Task<Void> main = Tasks.start("job", job::main);
            return Tasks.sleep(Duration.ofMillis(50)).compose(now -> {
                job.items().drain("test");
                return main.future();
            });
        });
        assertThat(run.outcome()).isEqualTo(new Outcome.Success<>(null));
        assertThat(run.elapsed()).isLessThanOrEqualTo(Duration.ofMillis(150));
        assertThat(lines()).containsExactly("done 2", "done 3", "done 4");
        Totals tally = last().totals();
        assertThat(tally.cancelled()).isEqualTo(1);
        assertThat(tally.stillRunning()).isZero();
    }

    private static Future<Answer> part(String item, boolean more) {
        Answer answer = Answer.of(TemplateScope.of(item), "all of " + item, item);
        return after(10).map(none -> more ? answer.unfinished() : answer);
    }

    @Test
    void anItemOfManyPartsGivesItsSlotBackBetweenThemAndEachPartHasAllTheRetries() {
        List<String> order = new ArrayList<>();
        ScriptedWorkload workload = new ScriptedWorkload((item, n) -> {
            order.add(item + "/" + n);
            return n % 2 == 1 ? Future.failedFuture(CallFailure.passing("503", "503")) : part(item, n < 6);
        });
        play(job(2, "concurrency: 1, retries: 1, backoff: 1ms"), workload);
        assertThat(order).startsWith("1/1", "2/1").contains("1/6", "2/6").hasSize(12);
        assertThat(lines()).containsExactly("all of 1", "all of 2");
        assertThat(last().totals().retried()).isEqualTo(6);
        assertThat(last().free()).isEqualTo(1);
    }

    @Test
    void anItemWhoseRetryADrainCutsIsToBeDoneAgain() {
        ScriptedWorkload workload = new ScriptedWorkload(
                (item, n) -> after(100).compose(late -> Future.failedFuture(CallFailure.passing("503", "503"))));
        VirtualRun.of(() -> {
            KeptResults job = run(job(1, "retries: 5, backoff: 1ms"), workload);
            Task<Void> main = Tasks.start("job", job::main);
            return Tasks.sleep(Duration.ofMillis(50)).compose(now -> {
                job.items().drain("test");
                return main.future();
            });
        });
        assertThat(workload.attempts("1")).isEqualTo(1);
        assertThat(last().totals().failed()).isZero();
        assertThat(last().totals().cancelled()).isEqualTo(1);
        assertThat(lines()).isEmpty();
    }

    @Test
    void aDrainEndsAnItemAfterThePartThatIsInFlight() {
        ScriptedWorkload workload = new ScriptedWorkload((item, n) -> part(item, n < 1_000));
        VirtualRun<Void> run = VirtualRun.of(() -> {
            KeptResults job = run(job(2, "concurrency: 2"), workload);
            Task<Void> main = Tasks.start("job", job::main);
            return Tasks.sleep(Duration.ofMillis(45)).compose(now -> {
                job.items().drain("test");
                return main.future();
            });
        });
        assertThat(run.elapsed()).isEqualTo(Duration.ofMillis(50));
        assertThat(workload.attempts("1")).isEqualTo(5);
        assertThat(last().totals().cancelled()).isEqualTo(2);
    }

    @Test
    void theNextPartIsAskedForOnceTheRowsOfTheLastAreWritten() {
        ScriptedWorkload workload = new ScriptedWorkload((item, n) ->
                part(item, n < 3).map(page -> page.withRows(List.of(Answer.of(TemplateScope.of(item), "row", "row")))));
        List<Integer> attempts = new ArrayList<>();
        VirtualRun.of(() -> {
            KeptResults job = run(job(1, "concurrency: 1"), workload);
            Task<Void> main = Tasks.start("job", job::main);
            Future<Void> looked = Future.succeededFuture();
            for (int i = 0; i < 2; i++) {
                int next = i;
                looked = looked.compose(before -> Tasks.sleep(Duration.ofSeconds(1)))
                        .map(slept -> {
                            attempts.add(workload.attempts("1"));
                            job.pages.get(next).written().run();
                            return null;
                        });
            }
            return looked.compose(both -> main.future());
        });
        assertThat(attempts).containsExactly(1, 2);
        assertThat(workload.attempts("1")).isEqualTo(3);
    }

    @Test
    void oneSlowItemHoldsUpNoMoreThanTheWindow() {
        ScriptedWorkload workload = new ScriptedWorkload((item, n) -> item.equals("1") ? after(1_000_000) : after(1));
        VirtualRun.of(() -> Tasks.timeout(
                Duration.ofMinutes(15),
                () -> run(job(5_000, "concurrency: 10"), workload).main()));
        assertThat(workload.items()).isEqualTo(1_000);
        assertThat(lines()).hasSize(999);
    }

    @Test
    void anItemThatCannotBeMadeFailsAndTheOthersGoOn() {
        Job job = Jobs.read("test.yaml", """
                job: test
                each: {list: [{a: x}, {b: y}, {a: z}], as: "{item.a}"}
                do: {get: "http://x/{item}"}
                limits: {concurrency: 1}
                """, Map.of(), List.of());
        VirtualRun<Void> run = play(job, new ScriptedWorkload((item, n) -> after(1)));
        assertThat(run.outcome()).isEqualTo(new Outcome.Success<>(null));
        assertThat(lines()).hasSize(3).startsWith("done x").endsWith("done z");
        assertThat(lines().get(1)).startsWith("item 2: ERROR - each.as: ");
        assertThat(last().totals().failed()).isEqualTo(1);
        assertThat(last().free()).isEqualTo(1);
    }

    @Test
    void aDeadlineEndsTheRun() {
        VirtualRun<Void> run =
                play(job(10, "concurrency: 1, deadline: 1s"), new ScriptedWorkload((item, n) -> after(300)));
        assertThat(lines()).containsExactly("done 1", "done 2", "done 3");
        assertThat(run.outcome()).isInstanceOf(Outcome.Failure.class);
        assertThat(run.elapsed()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aCancelAtAnyMomentLeavesNothingBehindAndEveryBegunItemAnEnd() {
        int runs = VirtualRun.<Void>cancelledAtEveryTurn(
                () -> {
                    last.set(null);
                    ScriptedWorkload workload = new ScriptedWorkload((item, n) -> item.equals("2") && n == 1
                            ? Future.failedFuture(CallFailure.passing("503", "503"))
                            : after(10));
                    return () -> run(job(6, "concurrency: 2, retries: 1, timeout: 1s"), workload)
                            .main();
                },
                (turn, run) -> {
                    KeptResults job = last.get();
                    if (job == null) {
                        assertThat(turn)
                                .as("only the first cancel comes before the body")
                                .isLessThan(2);
                        return;
                    }
                    assertThat(job.totals().stillRunning()).as("turn %s", turn).isZero();
                    assertThat(job.free()).as("turn %s", turn).isEqualTo(2);
                    assertThat(run.pendingTimers()).as("turn %s", turn).isZero();
                    assertThat(run.unhandled()).as("turn %s", turn).isEmpty();
                    assertThat(lines()).as("turn %s", turn).hasSize((int)
                            (job.totals().ok() + job.totals().failed()));
                });
        assertThat(runs).isGreaterThan(20);
    }
}
