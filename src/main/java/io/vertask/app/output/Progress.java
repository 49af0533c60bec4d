package io.vertask.app.output;

import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * The progress of a run at one moment.
 *
 * @param items the number of items without the skipped ones; empty when it is not known yet
 */
public record Progress(String job, OptionalLong items, long ok, long failed, int inFlight, Duration took) {
    private static final int BAR = 20;

    /** The kinds of progress output. */
    public enum Mode {
        /** A bar on a terminal; elsewhere, lines for long runs. */
        AUTO,
        BAR,
        PLAIN,
        NONE
    }

    private long done() {
        return ok + failed;
    }

    /** Formats one line for a log. */
    String plain() {
        return job + "  " + counts();
    }

    /** Formats the bar, a line of at most {@code width} characters that the next one replaces. */
    String bar(int width) {
        String text = job + "  " + drawn() + counts();
        return text.length() <= width ? text : text.substring(0, Math.max(0, width));
    }

    private String drawn() {
        if (items.isEmpty() || items.getAsLong() == 0) {
            return "";
        }
        int full = (int) Math.min(BAR, done() * BAR / items.getAsLong());
        return "[" + "#".repeat(full) + ".".repeat(BAR - full) + "] ";
    }

    private String counts() {
        StringBuilder text = new StringBuilder(number(done()));
        items.ifPresent(all -> text.append(" of ").append(number(all)));
        if (failed > 0) {
            text.append("  failed ").append(number(failed));
        }
        text.append("  in flight ").append(inFlight);
        double seconds = took.toMillis() / 1000.0;
        if (seconds >= 1 && done() > 0) {
            double rate = done() / seconds;
            text.append(String.format(Locale.ROOT, rate < 10 ? "  %.1f/s" : "  %,.0f/s", rate));
            items.ifPresent(all -> text.append(left(Math.max(0, all - done()), rate)));
        }
        return text.toString();
    }

    private static String left(long items, double rate) {
        long seconds = (long) Math.ceil(items / rate);
        return items == 0 ? "" : "  " + clock(seconds) + " left";
    }

    private static String clock(long seconds) {
        return seconds < 60
                ? seconds + "s"
                : seconds < 3_600
                        ? seconds / 60 + "m" + seconds % 60 + "s"
                        : seconds / 3_600 + "h" + seconds / 60 % 60 + "m";
    }

    private static String number(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }
}
