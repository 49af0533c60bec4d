package io.vertask.app.cli;

import io.vertask.app.ledger.StartMode;
import io.vertask.app.output.Format;
import io.vertask.app.output.Output;
import io.vertask.app.output.Progress;
import io.vertask.app.output.Terminal;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The flags for a run's output and for its relation to earlier runs. */
final class OutputFlags {
    static final String RESUME = "--resume";

    /** The value of {@code --resume} without a run; no run has this name. */
    static final String LATEST = "latest";

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Option(names = "-o", paramLabel = "FORMAT", description = "lines, table, jsonl or csv (lines)")
    private Format format = Format.LINES;

    @Option(names = "--out", paramLabel = "FILE", description = "writes the results to FILE; a resumed run appends")
    private @Nullable Path file;

    @Option(names = "--unordered", description = "results as they complete, not in input order")
    private boolean unordered;

    @Option(names = "--progress", paramLabel = "HOW", description = "auto, bar, plain or none, on stderr (auto)")
    private Progress.Mode progress = Progress.Mode.AUTO;

    @Option(names = "--color", paramLabel = "WHEN", description = "auto, always or never (auto)")
    private Terminal.Color color = Terminal.Color.AUTO;

    @Option(
            names = {"-q", "--quiet"},
            description = "results only: no notes, no progress, no summary")
    private boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            description = "each failed attempt and each pause is a line on stderr")
    private boolean verbose;

    @Option(
            names = RESUME,
            arity = "0..1",
            fallbackValue = LATEST,
            paramLabel = "RUN",
            description = "skip the items done by the latest run of this job, or by RUN")
    private @Nullable String resume;

    @Option(names = "--retry-failed", description = "the same, and retry the failed items")
    private boolean retryFailed;

    @Option(names = "--fresh", description = "ignore earlier runs")
    private boolean fresh;

    /** Checks these flags. <b>Failure.</b> {@link ParameterException} for flags that contradict each other. */
    void check() {
        if (fresh && (resume != null || retryFailed) && spec != null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--fresh ignores earlier runs, and " + (resume != null ? RESUME : "--retry-failed")
                            + " continues one; give one of them");
        }
    }

    Output output() {
        return new Output(format, Optional.ofNullable(file), unordered, progress, color, quiet, verbose);
    }

    StartMode startMode() {
        StartMode.Kind kind = retryFailed
                ? StartMode.Kind.RETRY_FAILED
                : resume != null ? StartMode.Kind.RESUME : fresh ? StartMode.Kind.FRESH : StartMode.Kind.NEW;
        return new StartMode(kind, Optional.ofNullable(resume).filter(run -> !run.equals(LATEST)));
    }
}
