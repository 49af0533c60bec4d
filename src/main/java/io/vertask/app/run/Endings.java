package io.vertask.app.run;

import io.vertask.app.job.yaml.DurationText;
import io.vertask.task.CancelledException;
import io.vertask.task.TaskTimeoutException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why a run ended before its input did. */
final class Endings {
    private Endings() {}

    /** Empty when it did not; an error that nobody foresaw becomes the run's bug. */
    static Optional<RunEnd.Cut> cut(
            JobRun run, Stopper stopper, @Nullable Throwable error, Lines lines, boolean isWritten) {
        ExitCode asked = stopper.code();
        if (asked != null && (error != null || run.isDraining() || lines.isReaderGone() || !isWritten)) {
            String unread = isWritten ? "" : " while results waited for their reader";
            return cut(asked, "stopped by " + words(asked) + unread);
        }
        Recording.Broken broken = lines.broken();
        if (broken != null && broken.words().isPresent()) {
            broken.bug().ifPresent(run::bug);
            Optional<String> fix = broken.bug().isPresent() ? Optional.empty() : Optional.of("Mend that");
            return Optional.of(
                    new RunEnd.Cut(ExitCode.STOPPED_EARLY, broken.words().get() + ". Stopped", fix));
        }
        String stopped = run.stopped();
        if (stopped != null) {
            Optional<String> fix = run.isRefused() ? Optional.of("Fix the token") : Optional.empty();
            return Optional.of(new RunEnd.Cut(ExitCode.STOPPED_EARLY, stopped + ". Stopped", fix));
        }
        if (error instanceof TaskTimeoutException) {
            String deadline = DurationText.format(run.job.limits().deadline().orElseThrow());
            return cut(ExitCode.STOPPED_EARLY, "the deadline of " + deadline + " passed");
        }
        if (error != null && !(error instanceof CancelledException)) {
            run.bug(error);
        }
        return Optional.empty();
    }

    private static Optional<RunEnd.Cut> cut(ExitCode code, String words) {
        return Optional.of(new RunEnd.Cut(code, words, Optional.empty()));
    }

    private static String words(ExitCode code) {
        return switch (code) {
            case INTERRUPTED -> "Ctrl-C";
            case TERMINATED -> "SIGTERM";
            default -> "the reader of its output";
        };
    }
}
