package io.vertask.app.run;

import io.vertask.app.job.Job;
import io.vertask.app.job.Mask;
import io.vertask.app.journal.RunEvent;
import io.vertask.app.ledger.Ledger;
import io.vertask.app.ledger.Runs;
import io.vertask.app.ledger.StartMode;
import io.vertask.app.output.Console;
import io.vertask.app.output.Format;
import io.vertask.app.output.LedgerSkips;
import io.vertask.app.output.Output;
import io.vertask.app.output.Progress;
import io.vertask.app.output.ResultSink;
import io.vertask.app.output.Terminal;
import io.vertask.testing.Blocked;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A run with the real output and ledger, in a folder of the test, and without a console. */
final class RecordedRun {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    final List<RunEvent> events = Collections.synchronizedList(new ArrayList<>());
    final Ledger ledger;
    final Run run;
    private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();

    RecordedRun(Vertx vertx, StepKinds kinds, Job job, Path home, StartMode mode, Consumer<RunEvent> listener) {
        ledger = new Runs(home, Clock.systemUTC(), note -> {})
                .begin(new Runs.Of(job.name(), job.file(), job.fingerprint(), "0"), mode);
        Ports ports = Ports.of(ledger.name(), sink(vertx, job, Format.LINES, stdout, ledger))
                .listener(events::add)
                .listener(listener);
        run = Run.start(vertx, kinds, job, ledger.isResumed() ? ports.resuming(LedgerSkips.of(ledger, job)) : ports);
    }

    static ResultSink sink(Vertx vertx, Job job, Format format, OutputStream stdout, Ledger ledger) {
        Output output =
                new Output(format, Optional.empty(), false, Progress.Mode.NONE, Terminal.Color.NEVER, false, false);
        try (Console console = new Console(
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                Mask.NONE,
                output,
                new Terminal(false, false, Map.of()))) {
            return new ResultSink(
                    vertx,
                    job,
                    output,
                    stdout,
                    Mask.NONE,
                    console,
                    Optional.of(ledger),
                    new ResultSink.Patience(LIMIT, () -> true, () -> {}));
        }
    }

    /** How it ended; its ledger is closed. */
    RunEnd end() {
        RunEnd end = Blocked.on(run.end());
        try {
            ledger.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return end;
    }

    /** The lines of stdout. */
    List<String> lines() {
        return stdout.toString(StandardCharsets.UTF_8).lines().toList();
    }

    /** The lines of the ledger. */
    List<String> recorded() {
        try {
            return Files.readAllLines(ledger.file());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
