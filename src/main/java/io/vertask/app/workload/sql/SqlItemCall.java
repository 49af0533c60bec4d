package io.vertask.app.workload.sql;

import io.vertask.app.job.PostgresConfig;
import io.vertask.app.job.SqlStep;
import io.vertask.app.job.template.TemplateScope;
import io.vertask.app.workload.Answer;
import io.vertask.app.workload.CallFailure;
import io.vertask.app.workload.ItemCall;
import io.vertask.client.Phase;
import io.vertask.client.PhaseListener;
import io.vertask.client.Reached;
import io.vertask.client.SqlCalls;
import io.vertask.client.SqlErrors;
import io.vertask.client.SqlSession;
import io.vertask.client.SqlTexts;
import io.vertask.task.CancelledException;
import io.vertask.task.TaskTimeoutException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The statement of one item, which never takes effect twice.
 *
 * <pre>
 *  PLAIN ──certainly not done: refused, rolled back, never sent──▶ PLAIN again
 *    │
 *  the connection was lost while it ran (and no retry_unsafe)
 *    ▼
 *  READING: in a READ ONLY transaction ──a reader──▶ its answer
 *    │
 *  a writer: the server refuses it ──▶ failed as `unknown`
 * </pre>
 */
final class SqlItemCall implements ItemCall {
    /** CALL and DO can commit in the middle, so a rollback does not undo all of them. */
    private static final Pattern COMMITS =
            Pattern.compile("(?is)^(?:[\\s;]|--[^\\n]*\\n|/\\*.*?\\*/)*(?:CALL|DO)\\b.*");

    static final String IN_DOUBT = "it is unknown how much of the statement took effect: ";

    private static final int MANY = 200;
    private static final String CUT = "it was cancelled, did not end in time, and its connection was closed";

    private final SqlStep step;
    private final PostgresConfig config;
    private final SqlCalls calls;
    private final TemplateScope item;
    private final boolean lines;
    private final boolean isSilent;
    private boolean reading;

    SqlItemCall(
            SqlStep step, PostgresConfig config, SqlCalls calls, TemplateScope item, boolean lines, boolean isSilent) {
        this.step = step;
        this.config = config;
        this.calls = calls;
        this.item = item;
        this.lines = lines;
        this.isSilent = isSilent;
    }

    @Override
    public Future<Answer> attempt(PhaseListener phases) {
        SqlTexts params = Params.of(step.params(), item, lines);
        Sending sending = new Sending(phases);
        return calls.withConnection(sending, session -> sending.watch(session, statement(session, params)))
                .recover(error -> sending.undelivered.isPresent() && !reading
                        ? Future.succeededFuture(sending.undelivered.get())
                        : Future.failedFuture(error))
                .transform(end -> end.succeeded()
                        ? answer(end.result())
                        : Future.failedFuture(failure(Params.named(ownCause(end.cause()), params), sending)));
    }

    /** Many rows become texts on another thread, so that the loop goes on. */
    private Future<Answer> answer(RowSet<Row> rows) {
        return step.rows() == SqlStep.Rows.ALL && rows.size() > MANY
                ? Vertx.currentContext().executeBlocking(() -> Rows.read(step, rows, item), false)
                : Future.succeededFuture(shown(Rows.read(step, rows, item)));
    }

    private Answer shown(Answer answer) {
        return isSilent ? answer.withoutLine() : answer;
    }

    /** The statement's own failure, when the cancel of its caller came just before it. */
    private static Throwable ownCause(Throwable error) {
        if (error instanceof CancelledException) {
            for (Throwable own : error.getSuppressed()) {
                if (!(own instanceof CancelledException || own instanceof TaskTimeoutException)) {
                    return own;
                }
            }
        }
        return error;
    }

    private Future<RowSet<Row>> statement(SqlSession session, SqlTexts params) {
        if (!reading) {
            return execute(session, params);
        }
        return session.query("BEGIN READ ONLY")
                .compose(begun -> execute(session, params))
                .compose(rows -> session.query("COMMIT").map(rows));
    }

    private Future<RowSet<Row>> execute(SqlSession session, SqlTexts params) {
        return step.rows() == SqlStep.Rows.ALL
                ? session.query(step.sql(), params)
                : session.queryFirst(step.sql(), params);
    }

    private Throwable failure(Throwable cause, Sending sending) {
        boolean cut = cause instanceof CancelledException && sending.cut;
        boolean lost = cut || (SqlErrors.connectionLost(cause) && !SqlErrors.passing(cause));
        if (lost && !reading && !sending.executed) {
            return cut
                    ? cause
                    : CallFailure.passing(
                            "connection lost",
                            "the connection broke before the statement ran: " + SqlFailures.lost(cause));
        }
        Throwable words = SqlFailures.of(cause, config);
        if (!(words instanceof CallFailure failure) || cause instanceof CallFailure) {
            return cut && !step.retryUnsafe() ? unknown(SqlFailures.UNKNOWN + CUT) : words;
        }
        return failure(cause, failure, lost, sending);
    }

    private CallFailure failure(Throwable cause, CallFailure words, boolean lost, Sending sending) {
        CallFailure failure = words;
        if (lost) {
            return step.retryUnsafe() ? failure.passing() : unknown(failure.getMessage());
        }
        if (SqlErrors.stoppedByServer(cause)) {
            failure = ownLimit(sending) ? failure.passing() : byOthers(cause, failure);
        }
        boolean passing = failure.effect() == CallFailure.Effect.RETRYABLE;
        if (reading) {
            return passing
                    ? unknown(SqlFailures.UNKNOWN + "its connection was lost, and then: " + failure.getMessage())
                    : refused(cause, failure);
        }
        if (passing && isInDoubt(step)) {
            return CallFailure.lasting("unknown", IN_DOUBT + failure.getMessage());
        }
        if (!sending.executed && cause instanceof PgException pg && state(pg).startsWith("42")) {
            return CallFailure.stopsJob(failure.brief(), "do.sql: " + failure.getMessage());
        }
        return failure;
    }

    /** Whether nobody knows how much of a statement that was stopped or rolled back took effect. */
    static boolean isInDoubt(SqlStep step) {
        return !step.retryUnsafe() && COMMITS.matcher(step.sql()).matches();
    }

    private CallFailure unknown(String message) {
        reading = true;
        return CallFailure.unknown(message);
    }

    /** The failure of a statement that was only allowed to read. */
    private static CallFailure refused(Throwable cause, CallFailure failure) {
        boolean writes = cause instanceof PgException pg
                && (state(pg).startsWith("25") || state(pg).equals("2D000"));
        return CallFailure.lasting(
                "unknown",
                writes
                        ? SqlFailures.UNKNOWN + "its connection was lost while it ran, and it may write, so it was not "
                                + "run again. Look, and set retry_unsafe: true if twice does no harm"
                        : failure.getMessage() + "; an earlier attempt lost its connection, and it is unknown whether "
                                + "that took effect");
    }

    private static String state(PgException error) {
        return String.valueOf(error.getSqlState());
    }

    /** The failure of a statement that somebody else stopped; without a limit of the job, the server's may have. */
    private CallFailure byOthers(Throwable cause, CallFailure failure) {
        return config.statementTimeout().isEmpty()
                ? failure
                : CallFailure.lasting(
                        "SQL 57014", "somebody else cancelled the statement on the server: " + SqlFailures.lost(cause));
    }

    /** Whether the statement ran as long as the job lets it; otherwise it was stopped by somebody else. */
    private boolean ownLimit(Sending sending) {
        Optional<Duration> limit = config.statementTimeout();
        return limit.isPresent()
                && System.nanoTime() - sending.since >= limit.get().toNanos();
    }

    /** What became of one attempt on its connection. */
    private static final class Sending implements PhaseListener {
        private final PhaseListener phases;
        private long since;
        private boolean executed;
        private boolean cut;
        /** The result of a statement that completed although the attempt was cancelled. */
        private Optional<RowSet<Row>> undelivered = Optional.empty();

        Sending(PhaseListener phases) {
            this.phases = phases;
        }

        <T> Future<T> watch(SqlSession session, Future<T> statement) {
            since = System.nanoTime();
            return statement.onFailure(error -> {
                executed = session.isExecuted();
                undelivered = session.undelivered();
            });
        }

        @Override
        public void phase(Phase next) {
            phases.phase(next);
        }

        @Override
        public void reached(Reached.What what) {
            cut |= what == Reached.What.SOCKET_CLOSED;
            phases.reached(what);
        }
    }
}
