package io.vertask.app.run;

import static io.vertask.app.run.ScriptedWorkload.after;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.app.job.Job;
import io.vertask.app.journal.ItemEnd;
import io.vertask.app.journal.ItemFailure;
import io.vertask.app.ledger.Ledger;
import io.vertask.app.ledger.Runs;
import io.vertask.app.ledger.StartMode;
import io.vertask.app.output.LedgerSkips;
import io.vertask.testing.Jobs;
import io.vertask.testkit.VirtualRun;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that go on from an earlier one, on the virtual clock. */
class SkipsTest {
    @TempDir
    private Path folder = Path.of("");

    private final List<String> out = new ArrayList<>();
    private final ScriptedWorkload workload = new ScriptedWorkload((item, n) -> after(item.equals("1") ? 50 : 10));

    private static Job job(String each) {
        return Jobs.read(
                "x.yaml",
                "job: x\neach: " + each + "\ndo: {get: \"http://x/{item}\"}\nlimits: {concurrency: 2}",
                Map.of(),
                List.of());
    }

    private Runs runs() {
        return new Runs(folder, Clock.systemUTC(), note -> {});
    }

    /** Goes on with a run in which the items of these keys were done, and those with a minus failed. */
    private KeptResults goOn(StartMode.Kind kind, String each, boolean unordered, String... keys) throws IOException {
        Runs.Of of = new Runs.Of("x", "x.yaml", "d", "0");
        try (Ledger first = runs().begin(of, StartMode.of(StartMode.Kind.FRESH))) {
            List<ItemEnd> entries = new ArrayList<>();
            for (String key : keys) {
                boolean ok = !key.startsWith("-");
                ItemFailure error = new ItemFailure("x", "x", OptionalInt.empty(), Optional.empty(), "x", false);
                entries.add(new ItemEnd(
                        0,
                        key.replace("-", ""),
                        ok ? ItemEnd.How.OK : ItemEnd.How.FAILED,
                        1,
                        Duration.ofMillis(1),
                        ok ? Optional.empty() : Optional.of(error),
                        false));
            }
            first.append(entries);
        }
        try (Ledger ledger = runs().begin(of, StartMode.of(kind))) {
            Job job = job(each);
            KeptResults run = KeptResults.of(
                    job,
                    workload,
                    new Window(2),
                    InputStream.nullInputStream(),
                    ports -> ports.resuming(LedgerSkips.of(ledger, job)).unordered(unordered));
            VirtualRun<Void> play = VirtualRun.of(run::main);
            assertThat(play.pendingTimers()).isZero();
            run.results.forEach(
                    result -> out.add(result.end().key() + (result.end().again() ? " again" : "")));
            assertThat(run.free()).isEqualTo(2);
            return run;
        }
    }

    @Test
    void whatIsDoneIsSkippedAndTheRestComesInOrder() throws IOException {
        KeptResults run = goOn(StartMode.Kind.RESUME, "[0, 1, 2, 3, 4]", false, "0", "2", "-4");
        assertThat(out).containsExactly("1", "3");
        assertThat(workload.items()).isEqualTo(2);
        assertThat(run.totals().skipped()).isEqualTo(3);
        assertThat(run.totals().skippedFailed()).isEqualTo(1);
        assertThat(run.totals().begun()).isEqualTo(2);
    }

    @Test
    void whatHasFailedIsDoneAgainWhenThatIsAskedForAndItsResultSaysSo() throws IOException {
        KeptResults run = goOn(StartMode.Kind.RETRY_FAILED, "[9, 1, 2]", false, "-1", "2");
        assertThat(out).containsExactly("9", "1 again");
        assertThat(run.totals().skipped()).isEqualTo(1);
        assertThat(run.totals().skippedFailed()).isZero();
    }

    @Test
    void aKeyThatTheInputHasTwiceIsDoneTwice() throws IOException {
        goOn(StartMode.Kind.RESUME, "[a, b, a, a]", false, "a", "b");
        assertThat(out).containsExactly("a", "a");
    }

    @Test
    void unorderedResultsComeAsTheyComplete() throws IOException {
        goOn(StartMode.Kind.RESUME, "[0, 1, 2, 3]", true, "0");
        assertThat(out).containsExactly("2", "3", "1");
    }

    @Test
    void aLongRowOfDoneItemsTakesNoPlaceInTheWindow() throws IOException {
        String[] done = new String[5_000];
        for (int n = 0; n < done.length; n++) {
            done[n] = String.valueOf(n + 2);
        }
        KeptResults run = goOn(StartMode.Kind.RESUME, "{range: 1..5002}", false, done);
        assertThat(out).containsExactly("1", "5002");
        assertThat(run.totals().skipped()).isEqualTo(5_000);
        assertThat(run.totals().oneAtATime()).isEqualTo(Duration.ofMillis(60));
    }
}
