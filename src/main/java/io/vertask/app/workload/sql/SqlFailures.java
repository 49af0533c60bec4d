package io.vertask.app.workload.sql;

import io.vertask.app.job.PostgresConfig;
import io.vertask.app.job.yaml.DurationText;
import io.vertask.app.job.yaml.SizeText;
import io.vertask.app.memory.OutOfMemory;
import io.vertask.app.workload.CallFailure;
import io.vertask.client.SqlConnectException;
import io.vertask.client.SqlErrors;
import io.vertask.client.SqlRowsTooLargeException;
import io.vertask.client.SqlUse;
import io.vertask.task.CancelledException;
import io.vertask.task.TaskTimeoutException;
import io.vertx.pgclient.PgException;
import java.time.Duration;

/** The failures of statements: a message for people for each exception of the client. */
public final class SqlFailures {
    static final String UNKNOWN = "it is unknown whether the statement took effect: ";

    private SqlFailures() {}

    /** The server's own words for the end of a connection, or the driver's. */
    static String lost(Throwable cause) {
        return cause instanceof PgException pg && pg.getErrorMessage() != null
                ? pg.getErrorMessage() + " (SQLSTATE " + pg.getSqlState() + ")"
                : starting(cause);
    }

    /** The message of an error; its text when it has none. */
    public static String starting(Throwable error) {
        String text = error.getMessage();
        return text == null ? error.toString() : text;
    }

    /** The failure to report for {@code cause}; itself when it is not a failure of the call. */
    public static Throwable of(Throwable cause, PostgresConfig config) {
        OutOfMemory.check(cause);
        if (cause instanceof CancelledException
                || cause instanceof TaskTimeoutException
                || cause instanceof CallFailure) {
            return cause;
        }
        if (SqlErrors.stoppedByServer(cause)) {
            String limit = config.statementTimeout()
                    .map(length -> "query ran longer than " + DurationText.format(length))
                    .orElse("query ran too long for the server's statement_timeout");
            return CallFailure.lasting(
                    "statement_timeout",
                    limit + " and was cancelled on the server. Narrow it or raise statement_timeout.");
        }
        if (cause instanceof SqlConnectException) {
            return CallFailure.passing("no connection", starting(cause));
        }
        if (cause instanceof SqlRowsTooLargeException large) {
            return CallFailure.lasting(
                    "rows too large",
                    "the rows are larger than " + SizeText.format(large.limit())
                            + " (max_body of clients." + config.name()
                            + "). `rows: each` hands them out one by one; or raise max_body.");
        }
        if (SqlErrors.connectionLost(cause) && !SqlErrors.passing(cause)) {
            return CallFailure.unknown(UNKNOWN + "the connection broke while it ran: " + lost(cause));
        }
        if (cause instanceof PgException pg) {
            String text = pg.getErrorMessage() == null ? starting(pg) : pg.getErrorMessage();
            String brief = "SQL " + pg.getSqlState();
            String message = text + " (SQLSTATE " + pg.getSqlState() + ")";
            return SqlErrors.passing(cause) ? CallFailure.passing(brief, message) : CallFailure.lasting(brief, message);
        }
        return CallFailure.lasting(cause.getClass().getSimpleName(), starting(cause));
    }

    /**
     * The attempt was cut while it waited for one of the pool's connections.
     *
     * @param now how busy they are by now: whoever has to wait is served in order, so all were taken all the time, but
     *     those that began together with it are cut together with it
     */
    static CallFailure queued(Duration limit, PostgresConfig config, SqlUse now) {
        SqlUse then = new SqlUse(now.max(), now.max(), now.waiting(), now.oldest());
        return CallFailure.passing(
                "timeout in queue",
                "waited " + DurationText.format(limit) + " for a connection: " + then.words(config.name())
                        + ". Raise pool.max or lower concurrency.");
    }
}
