package io.vertask.client;

import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of errors of a statement. The server's own errors pass unwrapped as {@link PgException}; a failure to get a
 * connection is a {@link SqlConnectException}.
 */
public final class SqlErrors {
    /** serialization_failure, deadlock_detected, lock_not_available, too_many_connections, cannot_connect_now. */
    private static final Set<String> PASSING = Set.of("40001", "40P01", "55P03", "53300", "57P03");

    private SqlErrors() {}

    /**
     * Whether the server stopped the statement by itself: its {@code statement_timeout} passed, or an administrator
     * cancelled it. A statement that our own cancellation stopped never shows as this.
     */
    public static boolean stoppedByServer(@Nullable Throwable error) {
        return isState(error, "57014");
    }

    /** Whether the connection broke while the statement ran: it is unknown whether it had an effect. */
    public static boolean connectionLost(@Nullable Throwable error) {
        if (error instanceof PgException pg && pg.getSqlState() != null) {
            // 08: connection exceptions; 57P01 to 57P03: the server or its administrator ends the session
            // 25P03: the transaction was idle for too long; 40003: the server itself does not know what was done
            return pg.getSqlState().startsWith("08")
                    || pg.getSqlState().startsWith("57P0")
                    || pg.getSqlState().equals("25P03")
                    || pg.getSqlState().equals("40003");
        }
        if (error == null || error instanceof ClosedConnectionException || error instanceof IOException) {
            return error != null;
        }
        // Vert.x tells it by the text only when the statement had not been written yet
        String text = String.valueOf(error.getMessage());
        return text.startsWith("Pending requests failed to be sent") || text.startsWith("Connection is not active now");
    }

    /**
     * Whether the statement certainly had no effect, and may go well another time: a serialization failure, a deadlock,
     * a lock that was not free in time, or a server that takes no more work now. For {@code CALL} and {@code DO}, which
     * may commit in the middle, it holds only from the last commit on.
     */
    public static boolean passing(@Nullable Throwable error) {
        return error instanceof PgException pg && pg.getSqlState() != null && PASSING.contains(pg.getSqlState());
    }

    static boolean isState(@Nullable Throwable error, String sqlState) {
        return error instanceof PgException pg && sqlState.equals(pg.getSqlState());
    }
}
