package io.vertask.app.run;

import io.vertask.app.job.yaml.DurationText;
import io.vertask.app.workload.Threads;
import io.vertask.client.Phase;
import io.vertask.client.Reached;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The last lines on stderr: what was done, how fast, what failed, what a cancel reached. */
final class Summary {
    private static final int FAILURES_SHOWN = 5;
    private static final int KEY_SHOWN = 80;

    private Summary() {}

    static List<String> of(RunEnd end) {
        List<String> lines = new ArrayList<>();
        Tally tally = end.tally();
        long done = tally.ok() + tally.failed();
        lines.add(end.job().name() + "  run " + end.run() + "  " + count(done, "item") + " in " + seconds(end.took())
                + (done > 1 ? " (one at a time: " + seconds(tally.oneAtATime()) + ")" : ""));
        lines.add("  ok " + tally.ok() + "   failed " + tally.failed()
                + (end.allowed() > 0 ? " (allowed " + end.allowed() + ")" : "") + "   retried " + tally.retried()
                + "   cancelled " + tally.cancelled()
                + (end.notStarted() > 0 ? "   not started " + count(end.notStarted()) : "")
                + skipped(tally));
        lines.add("  in flight: peak " + tally.peak() + " of "
                + end.job().limits().concurrency() + paused(end));
        String times = times(end);
        if (!times.isEmpty()) {
            lines.add("  item time: " + times);
        }
        if (tally.failed() > 0) {
            lines.add("  failed: " + failures(tally.kinds()));
        }
        String reached = reached(end);
        if (!reached.isEmpty()) {
            lines.add("  " + reached);
        }
        end.results().ifPresent(file -> lines.add("  results " + file + next(end)));
        return lines;
    }

    /** Why a run ended before its input did, how far it came, and how to go on. */
    static Optional<String> cut(RunEnd end) {
        Tally tally = end.tally();
        return end.why()
                .map(why -> why.words() + ": " + count(tally.ok() + tally.failed()) + " done, "
                        + (tally.cancelled() > 0 ? count(tally.cancelled()) + " cancelled, " : "")
                        + count(end.notStarted()) + " not started"
                        + (end.isResumable()
                                ? ". "
                                        + why.fix()
                                                .map(fix -> fix + ", then --resume.")
                                                .orElse("Go on with --resume.")
                                : ""));
    }

    private static String skipped(Tally tally) {
        if (tally.skipped() == 0) {
            return "";
        }
        return "   skipped " + count(tally.skipped())
                + (tally.skippedFailed() > 0 ? " (" + count(tally.skippedFailed()) + " had failed)" : "");
    }

    private static String next(RunEnd end) {
        boolean failed = end.failed() > 0;
        if (end.why().isPresent()) {
            return failed ? "   the failed too: --retry-failed" : "";
        }
        return failed ? "   only the failed again: --retry-failed" : "";
    }

    private static String count(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    private static String paused(RunEnd end) {
        Pause pause = end.pause();
        if (pause.times() == 0) {
            return "";
        }
        String whole = pause.firstSite().isEmpty() ? end.job().step().client().orElse("http") : pause.firstSite();
        return "        paused " + (pause.times() == 1 ? "once" : pause.times() + " times") + ": " + pause.first()
                + " said Retry-After " + DurationText.format(pause.longest()) + ", honoured for all of `"
                + whole + "`";
    }

    private static String times(RunEnd end) {
        Times times = end.times();
        List<String> parts = new ArrayList<>();
        for (Map.Entry<Phase, Long> phase : times.phases().entrySet()) {
            add(parts, end.job().step().phaseLabel(phase.getKey()), Duration.ofNanos(phase.getValue()));
        }
        add(parts, "rate limit", times.paused());
        add(parts, "retry wait", times.retryWaits());
        if (end.stalls() > 0) {
            parts.add("loop stalls " + end.stalls());
        }
        return String.join(" · ", parts);
    }

    private static void add(List<String> parts, String what, Duration time) {
        if (time.toMillis() >= 5) {
            parts.add(what + " " + seconds(time));
        }
    }

    private static String failures(Map<String, Tally.Kind> kinds) {
        String shown = kinds.entrySet().stream()
                .sorted((a, b) -> Long.compare(b.getValue().count, a.getValue().count))
                .limit(FAILURES_SHOWN)
                .map(kind -> kind.getValue().count + " × " + kind.getKey() + " " + cut(kind.getValue().first)
                        + (kind.getValue().count > 1 ? " …" : ""))
                .collect(Collectors.joining("     "));
        int more = kinds.size() - FAILURES_SHOWN;
        return shown + (more > 0 ? "     and " + more + " other kinds" : "");
    }

    /** The proof that a cancel reached what it was to reach; a timeout is a cancel too. */
    private static String reached(RunEnd end) {
        long cancelled = end.tally().cancelled();
        String counts = reached(end.reached(), end.threads());
        if (cancelled == 0 && counts.equals("nothing")) {
            return "";
        }
        return (cancelled > 0 ? "cancelled " + cancelled : "timed out") + ": " + counts + "; still running: "
                + (end.tally().stillRunning() + end.threads().countStuck());
    }

    private static String reached(Reached.Counts wire, Threads threads) {
        long n = threads.countInterrupted();
        String interrupted = n == 0 ? "" : count(n, "thread") + " interrupted";
        String counts = wire.toString();
        if (interrupted.isEmpty()) {
            return counts;
        }
        return counts.equals("nothing") ? interrupted : counts + ", " + interrupted;
    }

    private static String cut(String key) {
        return key.length() <= KEY_SHOWN ? key : key.substring(0, KEY_SHOWN) + "…";
    }

    private static String count(long n, String what) {
        return n + " " + what + (n == 1 ? "" : "s");
    }

    static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.2fs", time.toNanos() / 1e9);
    }
}
