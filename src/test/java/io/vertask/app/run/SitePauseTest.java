package io.vertask.app.run;

import static io.vertask.app.run.ScriptedWorkload.after;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.app.job.Job;
import io.vertask.app.workload.CallFailure;
import io.vertask.task.Tasks;
import io.vertask.testing.Jobs;
import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Pauses in a job without a client, whose items call many sites: {@code a/1} is an item of the site {@code a}. */
class SitePauseTest {
    /** When each item's attempts began, in milliseconds. */
    private final Map<String, List<Long>> starts = new LinkedHashMap<>();

    private final AtomicReference<@Nullable KeptResults> last = new AtomicReference<>();

    private VirtualRun<Void> play(String items, String limits, ScriptedWorkload.Script script) {
        Job job = Jobs.read(
                "test.yaml",
                "job: test\neach: [" + items + "]\ndo: {get: \"http://{+item}\"}\nlimits: {" + limits + "}\n",
                Map.of(),
                List.of());
        ScriptedWorkload workload = new ScriptedWorkload((item, n) -> {
            starts.computeIfAbsent(item, first -> new ArrayList<>()).add(Tasks.nanoTime() / 1_000_000);
            return script.attempt(item, n);
        });
        return VirtualRun.of(() -> {
            KeptResults run = KeptResults.of(job, workload);
            last.set(run);
            return run.main();
        });
    }

    private static Future<?> busy(int seconds) {
        return Future.failedFuture(CallFailure.passing("429", "429").pausing(Duration.ofSeconds(seconds)));
    }

    private KeptResults last() {
        return Objects.requireNonNull(last.get());
    }

    @Test
    void aPauseOfOneSiteHoldsUpNoOther() {
        VirtualRun<Void> run = play(
                "a/1, a/2, b/1, a/3, b/2",
                "concurrency: 1",
                (item, n) -> item.equals("a/1") && n == 1 ? busy(60) : after(10));
        assertThat(starts.get("b/1")).containsExactly(0L);
        assertThat(starts.get("b/2")).containsExactly(10L);
        for (String item : List.of("a/2", "a/3")) {
            assertThat(starts.get(item))
                    .singleElement()
                    .satisfies(at -> assertThat(at).isGreaterThanOrEqualTo(60_000));
        }
        assertThat(starts.get("a/1"))
                .hasSize(2)
                .element(1)
                .satisfies(at -> assertThat(at).isGreaterThanOrEqualTo(60_000));
        assertThat(last().lines()).containsExactly("done a/1", "done a/2", "done b/1", "done a/3", "done b/2");
        assertThat(last().free()).isEqualTo(1);
        assertThat(last().totals().pauses().count()).isEqualTo(1);
        assertThat(last().totals().pauses().firstSite()).isEqualTo("a");
        assertThat(run.pendingTimers()).isZero();
    }

    @Test
    void thoseWhoWaitedNeverExceedTheLimitAndHearOfTheNextPause() {
        int[] open = {0};
        List<Integer> peaks = new ArrayList<>();
        play("a/1, a/2, a/3, a/4, a/5, b/1", "concurrency: 2", (item, n) -> {
            peaks.add(++open[0]);
            Future<?> turn =
                    n == 1 && (item.equals("a/1") || item.equals("a/2")) ? after(1).compose(on -> busy(60)) : after(10);
            return turn.onComplete(end -> open[0]--);
        });
        assertThat(peaks).allMatch(peak -> peak <= 2);
        assertThat(last().lines()).hasSize(6).allMatch(line -> line.startsWith("done "));
        assertThat(last().free()).isEqualTo(2);
    }

    @Test
    void aPauseThatOutlastsTheDeadlineEndsNoOtherSite() {
        VirtualRun<Void> run = play(
                "a/1, b/1, b/2",
                "concurrency: 1, deadline: 10m",
                (item, n) -> item.equals("a/1") ? busy(3_600) : after(10));
        assertThat(last().lines())
                .containsExactly(
                        "a/1: ERROR - 429; the pause that the server asks for ends after the deadline",
                        "done b/1",
                        "done b/2");
        assertThat(last().items().stopped()).isNull();
        assertThat(run.elapsed()).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void aCancelAtAnyMomentGivesEverySlotBackOnce() {
        VirtualRun.<Void>cancelledAtEveryTurn(
                () -> {
                    last.set(null);
                    Job job = Jobs.read(
                            "test.yaml",
                            "job: t\neach: [a/1, a/2, b/1, a/3]\ndo: {get: \"http://{+item}\"}\nlimits: {concurrency: 2}\n",
                            Map.of(),
                            List.of());
                    ScriptedWorkload workload =
                            new ScriptedWorkload((item, n) -> item.equals("a/1") && n == 1 ? busy(1) : after(10));
                    return () -> {
                        KeptResults run = KeptResults.of(job, workload);
                        last.set(run);
                        return run.main();
                    };
                },
                (turn, run) -> {
                    KeptResults job = last.get();
                    if (job != null) {
                        assertThat(job.free()).as("turn %s", turn).isEqualTo(2);
                        assertThat(job.totals().stillRunning())
                                .as("turn %s", turn)
                                .isZero();
                        assertThat(run.pendingTimers()).as("turn %s", turn).isZero();
                    }
                });
    }
}
