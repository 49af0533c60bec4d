package io.vertask.app.workload.sql;

import io.vertask.app.job.PostgresConfig;
import io.vertask.app.job.yaml.DurationText;
import io.vertask.app.memory.OutOfMemory;
import io.vertask.app.workload.CallFailure;
import io.vertask.app.workload.RowJson;
import io.vertask.client.SqlConnectException;
import io.vertask.client.SqlErrors;
import io.vertask.client.SqlUse;
import io.vertask.task.CancelledException;
import io.vertask.task.TaskTimeoutException;
import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The failures of statements: a message for people for each exception of the client. */
public final class SqlFailures {
    /** The driver's words when a parameter's type in the statement is none that its value has. */
    private static final Pattern OTHER_TYPE = Pattern.compile(
            "^Parameter at position\\[(\\d+)] with class = \\[java\\.lang\\.(\\w+)] .* can not be coerced",
            Pattern.DOTALL);

    private SqlFailures() {}

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
        if (SqlErrors.connectionLost(cause)) {
            // not tried again: it is unknown whether the statement took effect
            return CallFailure.lasting(
                    "connection lost", "the connection broke while the statement ran: " + starting(cause));
        }
        if (cause instanceof PgException pg) {
            String text = pg.getErrorMessage() == null ? starting(pg) : pg.getErrorMessage();
            return CallFailure.lasting("SQL " + pg.getSqlState(), text + " (SQLSTATE " + pg.getSqlState() + ")");
        }
        if (cause instanceof UnsupportedOperationException) {
            return CallFailure.lasting(
                    "no parameter",
                    "a parameter of this type can't be bound. Make it of a text in the statement: $1::text::TYPE");
        }
        Matcher parameter = OTHER_TYPE.matcher(starting(cause));
        if (parameter.find()) {
            return CallFailure.lasting("no parameter", otherType(parameter.group(1), parameter.group(2)));
        }
        Optional<String> unreadable = RowJson.unreadable(cause);
        if (unreadable.isPresent()) {
            return CallFailure.lasting("unreadable", unreadable.get());
        }
        return CallFailure.lasting(cause.getClass().getSimpleName(), starting(cause));
    }

    private static String otherType(String position, String type) {
        String parameter = "$" + (Integer.parseInt(position) + 1);
        String known = type.equals("String") ? "text" : type.equals("Boolean") ? "boolean" : "numeric";
        return parameter + " is " + (known.equals("numeric") ? "a number" : "a " + known)
                + ", and the statement takes it as another type. Name its own type first: " + parameter + "::" + known
                + "::TYPE";
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
