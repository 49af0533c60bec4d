package io.vertask.client;

import io.vertask.client.SqlWords.Effect;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The {@code statement_timeout} of one connection: its usual value, and the lower one for a caller's deadline.
 *
 * <p>A SET goes out in the same packet as the statement it is for, so it costs no round trip; what is usual is asked
 * for once in the life of the connection. In a transaction it is a SET LOCAL, which ends with the transaction, so no
 * rollback can bring one of ours back. Outside, the next statement puts the usual value back. A statement that names
 * the setting itself has it to itself until the session is given back.
 *
 * <p><b>Threads.</b> The event loop of the session that has the connection now.
 */
final class SqlServerLimit {
    /** The server's limit is this much later than ours, so that ours is the one that is reported. */
    static final Duration LATER = Duration.ofMillis(100);

    private static final Pattern NAMED = Pattern.compile("statement_timeout", Pattern.CASE_INSENSITIVE);
    private static final String USUAL = "SELECT setting::bigint FROM pg_settings WHERE name = 'statement_timeout'";
    private static final long UNKNOWN = -1;

    private final boolean enabled;
    private long usual = UNKNOWN;
    private boolean changed;
    private boolean changedInTransaction;
    private boolean handsOff;

    /** The limit of one connection; nothing is ever set unless {@code enabled}. */
    SqlServerLimit(boolean enabled) {
        this.enabled = enabled;
    }

    /** The limit that a statement gets when its caller has {@code left}; null when the server is not to be told. */
    @Nullable
    Duration of(String sql, Effect effect, @Nullable Duration left) {
        boolean none = !enabled || handsOff || effect == Effect.BEGINS;
        if (none || left == null || NAMED.matcher(sql).find()) {
            return null;
        }
        return Duration.ofMillis(Math.max(0, left.toMillis())).plus(LATER);
    }

    /** Returns {@code run} after a SET of {@code limit}, or of the usual limit when that is null. */
    <T> Supplier<Future<T>> before(
            SqlConnection connection,
            Supplier<Future<T>> run,
            String sql,
            @Nullable Duration limit,
            boolean inTransaction) {
        if (!enabled || handsOff) {
            return run;
        }
        handsOff = NAMED.matcher(sql).find();
        if (limit == null && !changed && !changedInTransaction) {
            return run;
        }
        if (usual != UNKNOWN) {
            return () -> {
                set(connection, limit, inTransaction);
                return run.get();
            };
        }
        return () -> connection.query(USUAL).execute().transform((rows, error) -> {
            if (SqlErrors.stoppedByServer(error)) {
                return Future.failedFuture(error);
            }
            if (error == null) {
                usual = rows.iterator().next().getLong(0);
                set(connection, limit, inTransaction);
            }
            return run.get();
        });
    }

    private void set(SqlConnection connection, @Nullable Duration limit, boolean inTransaction) {
        long ms = limit == null ? usual : Math.min(limit.toMillis(), Integer.MAX_VALUE);
        long wanted = usual == 0 ? ms : Math.min(ms, usual);
        if (wanted == usual && !(inTransaction ? changedInTransaction : changed)) {
            return;
        }
        // its answer comes before the statement's; in a failed transaction both are refused
        var unused = connection
                .query((inTransaction ? "SET LOCAL" : "SET") + " statement_timeout = " + wanted)
                .execute();
        if (inTransaction) {
            changedInTransaction |= wanted != usual;
        } else {
            changed = wanted != usual;
        }
    }

    void transactionEnded() {
        changedInTransaction = false;
    }

    /** Notes that the session is given back. */
    void sessionEnded() {
        transactionEnded();
        if (handsOff) {
            handsOff = false;
            changed = false;
            usual = UNKNOWN;
        }
    }
}
