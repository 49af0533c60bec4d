package io.vertask.client;

import java.time.Duration;
import java.util.Objects;

/**
 * The limits of a {@link SqlCalls}: the number of its connections, and its waits for the server.
 *
 * @param min the connections opened at the start, so that a dead database fails at once; from 0 to {@code max}
 * @param max the most connections; calls beyond it wait in arrival order
 * @param connectTimeout the limit for opening one connection, the login included
 * @param cancelTimeout the time that a cancelled statement may take to end on the server; past it the connection is
 *     closed hard
 * @param deadlineOnServer whether a statement's caller's deadline is told to the server as its
 *     {@code statement_timeout}, when it is shorter than the usual one: the server then stops the statement in time
 *     also when this program has died or the network is down. Costs a small SET in the same packet as each such
 *     statement (no round trip), and one question for the usual value in the life of each connection. Off by default
 * @param maxScramIterations how often a server may have the password hashed at a login, at most 10,000,000; one that
 *     asks for more is refused. PostgreSQL's own default is 4,096
 * @param maxRowBytes the most bytes of rows that one statement may send, or of one row of a stream; one that sends more
 *     is stopped on the server and fails with {@link SqlRowsTooLargeException}. A value counts 64 bytes more than it
 *     has, for the memory that it takes
 */
public record SqlLimits(
        int min,
        int max,
        Duration connectTimeout,
        Duration cancelTimeout,
        boolean deadlineOnServer,
        int maxScramIterations,
        long maxRowBytes) {
    private static final int SCRAM_ITERATIONS = 600_000;
    private static final int MOST_SCRAM_ITERATIONS = 10_000_000;

    /**
     * Checks the values.
     *
     * <p><b>Failure.</b> {@link IllegalArgumentException} naming the value.
     */
    public SqlLimits {
        Objects.requireNonNull(connectTimeout, "SqlLimits: connectTimeout is null");
        Objects.requireNonNull(cancelTimeout, "SqlLimits: cancelTimeout is null");
        if (max < 1) {
            throw new IllegalArgumentException("max is " + max + "; a pool has at least 1 connection");
        }
        if (min < 0 || min > max) {
            throw new IllegalArgumentException("min is " + min + "; it goes from 0 to max, which is " + max);
        }
        positive("connectTimeout", connectTimeout);
        positive("cancelTimeout", cancelTimeout);
        if (maxScramIterations < 1 || maxScramIterations > MOST_SCRAM_ITERATIONS) {
            throw new IllegalArgumentException(
                    "maxScramIterations is " + maxScramIterations + "; it goes from 1 to " + MOST_SCRAM_ITERATIONS);
        }
        if (maxRowBytes < 1) {
            throw new IllegalArgumentException("maxRowBytes is " + maxRowBytes + "; it is at least 1");
        }
    }

    /** Limits with ten seconds to connect and five for a cancelled statement to end. */
    public static SqlLimits of(int min, int max) {
        return new SqlLimits(min, max, Duration.ofSeconds(10), Duration.ofSeconds(5));
    }

    /** Limits without {@link #deadlineOnServer}, with 600,000 SCRAM iterations and rows of any size. */
    public SqlLimits(int min, int max, Duration connectTimeout, Duration cancelTimeout) {
        this(min, max, connectTimeout, cancelTimeout, false, SCRAM_ITERATIONS, Long.MAX_VALUE);
    }

    /** These limits with {@link #deadlineOnServer}. */
    public SqlLimits withDeadlineOnServer() {
        return new SqlLimits(min, max, connectTimeout, cancelTimeout, true, maxScramIterations, maxRowBytes);
    }

    /** These limits with another {@link #connectTimeout}. */
    public SqlLimits withConnectTimeout(Duration limit) {
        Objects.requireNonNull(limit, "SqlLimits.withConnectTimeout: limit is null");
        return new SqlLimits(min, max, limit, cancelTimeout, deadlineOnServer, maxScramIterations, maxRowBytes);
    }

    /** These limits with another {@link #maxScramIterations}. */
    public SqlLimits withMaxScramIterations(int most) {
        return new SqlLimits(min, max, connectTimeout, cancelTimeout, deadlineOnServer, most, maxRowBytes);
    }

    /** These limits with another {@link #maxRowBytes}. */
    public SqlLimits withMaxRowBytes(long most) {
        return new SqlLimits(min, max, connectTimeout, cancelTimeout, deadlineOnServer, maxScramIterations, most);
    }

    private static void positive(String name, Duration value) {
        if (value.toMillis() < 1 || value.toMillis() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(name + " is " + value + "; it goes from 1 ms to 24 days");
        }
    }
}
