package io.vertask.client;

import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of errors of a statement. The server's own errors pass unwrapped as {@link PgException}; a failure to get a
 * connection is a {@link SqlConnectException}.
 */
public final class SqlErrors {
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
            return pg.getSqlState().startsWith("08") || pg.getSqlState().startsWith("57P0");
        }
        if (error == null || error instanceof ClosedConnectionException || error instanceof IOException) {
            return error != null;
        }
        // Vert.x tells it by the text only when the statement had not been written yet
        String text = String.valueOf(error.getMessage());
        return text.startsWith("Pending requests failed to be sent") || text.startsWith("Connection is not active now");
    }

    static boolean isState(@Nullable Throwable error, String sqlState) {
        return error instanceof PgException pg && sqlState.equals(pg.getSqlState());
    }
}
