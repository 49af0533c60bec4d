package io.vertask.client;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot of how busy the connections of a {@link SqlCalls} are.
 *
 * @param max the most connections
 * @param taken the connections in use
 * @param waiting the calls that wait for a connection
 * @param oldest the statement that has been running longest, one that was stopped included until its connection is back
 *     or runs another; null when none runs
 */
public record SqlUse(
        int max, int taken, int waiting, @Nullable Running oldest) {
    /**
     * A statement that is running.
     *
     * @param sql its text in short, without its parameters
     * @param sinceNanos when it began, by {@link System#nanoTime}
     */
    public record Running(String sql, long sinceNanos) {
        /** Checks that nothing is null. */
        public Running {
            Objects.requireNonNull(sql, "SqlUse.Running: sql is null");
        }

        /** The time that it has been running. */
        public Duration age() {
            return Duration.ofNanos(System.nanoTime() - sinceNanos);
        }
    }

    /** For messages: {@code all 10 busy (oldest query 41s: SELECT … FROM orders)}. */
    public String words() {
        return words("", "");
    }

    /** The same of a pool with a name: {@code all 10 of `db` busy (oldest query 41s: SELECT … FROM orders)}. */
    public String words(String pool) {
        Objects.requireNonNull(pool, "SqlUse.words: pool is null");
        return words(" of `" + pool + "`", "of `" + pool + "` ");
    }

    private String words(String ofAll, String ofSome) {
        String busy = taken >= max ? "all " + max + ofAll + " busy" : ofSome + taken + " of " + max + " busy";
        return oldest == null ? busy : busy + " (oldest query " + text(oldest.age()) + ": " + oldest.sql() + ")";
    }

    private static String text(Duration age) {
        return age.toSeconds() > 0 ? age.toSeconds() + "s" : age.toMillis() + "ms";
    }
}
