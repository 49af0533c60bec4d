package io.vertask.app.output;

import io.vertask.app.job.Job;
import io.vertask.app.job.yaml.MessageText;
import io.vertask.app.journal.Totals;
import io.vertask.app.journal.Wait;
import io.vertask.app.run.RunEnd;
import io.vertask.app.workload.CallFailure;
import io.vertask.client.Phase;
import io.vertask.client.Reached;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The summary on stderr at the end of a run: counts and times of items, failures, and the effects of a cancel. */
public final class Summary {
    private static final int FAILURES_SHOWN = 5;
    private static final int KEY_SHOWN = 80;

    private Summary() {}

    /**
     * The lines of a run.
     *
     * @param results the path of its ledger; empty when there is none
     */
    public static List<String> of(RunEnd end, Optional<Path> results) {
        List<String> lines = new ArrayList<>();
        Totals totals = end.totals();
        lines.add(end.job().name() + "  run " + end.id() + "  " + count(totals.done(), "item") + " in "
                + seconds(end.took())
                + (totals.done() > 1 ? " (one at a time: " + seconds(totals.oneAtATime()) + ")" : ""));
        lines.add("  ok " + totals.ok() + "   failed " + totals.failed()
                + (end.allowed() > 0 ? " (allowed " + end.allowed() + ")" : "") + "   retried " + totals.retried()
                + "   cancelled " + totals.cancelled()
                + (end.unwritten() > 0 ? "   not written " + count(end.unwritten()) : "")
                + (totals.notStarted() > 0 ? "   not started " + count(totals.notStarted()) : "")
                + skipped(totals));
        lines.add("  in flight: peak " + totals.peak() + " of "
                + end.job().limits().concurrency() + paused(end.job(), totals.pauses()));
        String times = times(end.job(), totals);
        if (!times.isEmpty()) {
            lines.add("  item time: " + times);
        }
        if (totals.failed() > 0) {
            lines.add("  failed: " + failures(totals.causes()));
        }
        if (totals.skippedUnknown() > 0) {
            lines.add("  not sent again: " + count(totals.skippedUnknown(), "failed item")
                    + " whose call may have taken effect and whose answer is not kept;"
                    + " with do.retry_unsafe: true they are sent again");
        }
        String reached = reached(totals);
        if (!reached.isEmpty()) {
            lines.add("  " + reached);
        }
        if (totals.dropped() > 0) {
            lines.add("  " + count(totals.dropped()) + " events are missing in reports: too many came at once");
        }
        end.remarks().forEach(remark -> lines.add("  note: " + remark));
        results.ifPresent(file -> lines.add("  results " + file + next(end)));
        lines.replaceAll(MessageText::oneLine);
        return lines;
    }

    /**
     * The line for a run that ended before its input: the reason, the counts, and the way to resume.
     *
     * @param why the reason for the end
     * @param isResumable whether the run has a ledger, so that it can be resumed
     */
    public static String cut(RunEnd end, String why, boolean isResumable) {
        Totals totals = end.totals();
        if (totals.allRead() && !hasRest(end) && end.fix().isEmpty()) {
            return MessageText.oneLine(why) + ": all " + count(totals.done()) + " done, nothing is left";
        }
        return MessageText.oneLine(why) + ": " + count(totals.done() - end.unwritten()) + " done, "
                + (end.unwritten() > 0 ? count(end.unwritten()) + " not written, " : "")
                + (totals.cancelled() > 0 ? count(totals.cancelled()) + " cancelled, " : "")
                + rest(totals) + (isResumable ? next(end, hasRest(end)) : "");
    }

    private static String rest(Totals totals) {
        return totals.items().isPresent() || totals.allRead()
                ? count(totals.notStarted()) + " not started"
                : totals.begun() + totals.skipped() == 0 ? "its input not read" : "the rest of the input not read";
    }

    /** The way on, when there is anything left to do. */
    private static String next(RunEnd end, boolean hasRest) {
        return end.fix()
                .map(fix -> ". " + fix.what() + ", then "
                        + (fix.ofFailed() ? "--retry-failed; what was answered is kept." : "--resume."))
                .orElse(hasRest ? ". Go on with --resume." : ".");
    }

    private static boolean hasRest(RunEnd end) {
        Totals totals = end.totals();
        boolean isKnown = totals.items().isPresent() || totals.allRead();
        return !isKnown || totals.notStarted() + totals.cancelled() + end.unwritten() > 0;
    }

    private static String skipped(Totals totals) {
        if (totals.skipped() == 0) {
            return "";
        }
        return "   skipped " + count(totals.skipped())
                + (totals.skippedFailed() > 0 ? " (" + count(totals.skippedFailed()) + " had failed)" : "");
    }

    private static String next(RunEnd end) {
        boolean failed = end.totals().allFailed() > 0;
        if (end.cause() != RunEnd.Cause.FINISHED) {
            return failed ? "   the failed too: --retry-failed" : "";
        }
        return failed ? "   only the failed again: --retry-failed" : "";
    }

    private static String count(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    private static String paused(Job job, Totals.Pauses pauses) {
        if (pauses.count() == 0) {
            return "";
        }
        String whole = pauses.firstSite().isEmpty() ? job.step().client().orElse("http") : pauses.firstSite();
        return "        paused " + (pauses.count() == 1 ? "once" : pauses.count() + " times") + ": "
                + pauses.firstKey() + " said Retry-After " + CallFailure.pauseWords(pauses.longest())
                + ", honoured for all of `" + whole + "`";
    }

    private static String times(Job job, Totals totals) {
        List<String> parts = new ArrayList<>();
        for (Map.Entry<Phase, Duration> phase : totals.phases().entrySet()) {
            add(parts, job.step().phaseLabel(phase.getKey()), phase.getValue());
        }
        add(parts, "pauses", totals.waited(Wait.PAUSE));
        add(parts, "rate limit", totals.waited(Wait.RATE));
        add(parts, "retry wait", totals.waited(Wait.RETRY));
        if (totals.stalls() > 0) {
            parts.add("loop stalls " + totals.stalls());
        }
        return String.join(" · ", parts);
    }

    private static void add(List<String> parts, String what, Duration time) {
        if (time.toMillis() >= 5) {
            parts.add(what + " " + seconds(time));
        }
    }

    private static String failures(List<Totals.Cause> causes) {
        String shown = causes.stream()
                .sorted((a, b) -> Long.compare(b.count(), a.count()))
                .limit(FAILURES_SHOWN)
                .map(cause -> cause.count() + " × " + words(cause.brief()) + " " + cut(cause.firstKey())
                        + (cause.count() > 1 ? " …" : ""))
                .collect(Collectors.joining("     "));
        int more = causes.size() - FAILURES_SHOWN;
        return shown + (more > 0 ? "     and " + more + " other kinds" : "");
    }

    private static String words(String brief) {
        return brief.equals("template") ? "unknown name" : brief;
    }

    /** The effects of cancels on connections, statements and threads; a timeout is a cancel too. */
    private static String reached(Totals totals) {
        Reached.Counts reached = totals.reached();
        if (totals.cancelled() == 0 && reached.equals(Reached.Counts.NONE)) {
            return "";
        }
        return (totals.cancelled() > 0 ? "cancelled " + totals.cancelled() : "timed out") + ": " + reached
                + "; still running: " + (totals.stillRunning() + reached.threadsLeft());
    }

    private static String cut(String key) {
        return key.length() <= KEY_SHOWN ? key : key.substring(0, KEY_SHOWN) + "…";
    }

    private static String count(long n, String what) {
        return n + " " + what + (n == 1 ? "" : "s");
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.2fs", time.toNanos() / 1e9);
    }
}
