package io.vertask.client;

import io.vertask.client.SqlUse.Running;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.PromiseInternal;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One statement that runs on the server, and its cancellation.
 *
 * <pre>
 *  RUNNING ──ended──▶ QUIET
 *     │
 *    stop: a cancel request, and again 50 ms after the server has dealt with the last one
 *     ▼
 *  STOPPING ──ended, and no cancel request is on its way──▶ QUIET
 *     │
 *    too long: the connection is closed hard ──▶ QUIET
 * </pre>
 *
 * <p>{@link #quiet} is the gate: until then a cancel request could still hit whatever the session runs next, so neither
 * the caller nor the pool is told of the end before. Requests are repeated because the server drops one that comes
 * before it has begun the statement.
 *
 * <p>When the server stops a statement by the limit that was derived from the caller's deadline, the statement waits
 * for that deadline, which is due. So the caller gets its own timeout and not the server's error.
 *
 * <p><b>Threads.</b> The session's event loop only.
 */
final class SqlStatement<T> {
    static final long RESEND_MS = 50;
    /** The time that a due deadline may take to be noticed. */
    private static final long DUE_MS = 1_000;

    private static final String QUERY_CANCELED = "57014";

    private final SqlSession session;
    private final ContextInternal loop;
    private final String sql;
    private final Supplier<Future<T>> run;
    private final long since = System.nanoTime();
    private final PromiseInternal<T> quiet;

    private @Nullable T value;
    private @Nullable Throwable error;
    private @Nullable Throwable stop;
    /** The end of our own limit on the server, by {@link System#nanoTime}; null when it has none. */
    private @Nullable Long due;

    private boolean ended;
    private boolean requesting;
    private boolean over;
    private long resend = -1;
    private long deadline = -1;

    SqlStatement(SqlSession session, ContextInternal loop, String sql, Supplier<Future<T>> run) {
        this.session = session;
        this.loop = loop;
        this.sql = sql;
        this.run = run;
        this.quiet = loop.promise();
    }

    /** The result, which completes when no cancel request can hit the session any more. */
    Future<T> quiet() {
        return quiet.future();
    }

    Running running() {
        return new Running(SqlWords.shortened(sql), since);
    }

    /** Whether a stop was requested by us; the statement may have ended normally all the same. */
    boolean isStopped() {
        return stop != null;
    }

    /** Notes that the server stops the statement by itself after {@code limit}, at the caller's deadline. */
    void dueIn(Duration limit) {
        due = since + limit.toNanos();
    }

    void begin() {
        Future<T> result;
        try {
            result = run.get();
        } catch (RuntimeException refused) {
            result = Future.failedFuture(refused);
        }
        result.onComplete((got, failure) -> loop.emit(nothing -> ended(got, failure)));
    }

    private void ended(@Nullable T got, @Nullable Throwable failure) {
        if (over) {
            return;
        }
        ended = true;
        value = got;
        error = session.reason(failure);
        loop.owner().cancelTimer(resend);
        if (stop == null && due != null && System.nanoTime() >= due && SqlErrors.isState(failure, QUERY_CANCELED)) {
            resend = loop.setTimer(DUE_MS, id -> onLoop(this::finishWhenQuiet));
        } else {
            finishWhenQuiet();
        }
    }

    /** Asks the server to stop it; {@link #quiet} then fails with {@code why} if that had an effect. */
    void stop(Throwable why) {
        if (over || stop != null) {
            return;
        }
        stop = why;
        limit();
        onLoop(ended ? this::finishWhenQuiet : this::request);
    }

    private void request() {
        if (ended || over) {
            return;
        }
        requesting = true;
        session.cancel().request(session.connection).onComplete(any -> onLoop(this::requested));
    }

    private void requested() {
        requesting = false;
        if (ended) {
            finishWhenQuiet();
        } else if (!over) {
            resend = loop.setTimer(RESEND_MS, id -> onLoop(this::request));
        }
    }

    private void onLoop(Runnable step) {
        loop.emit(nothing -> step.run());
    }

    private void finishWhenQuiet() {
        if (!ended || requesting || over) {
            return;
        }
        Throwable failure = error;
        if (stop != null && SqlErrors.isState(failure, QUERY_CANCELED)) {
            reached(Reached.What.STATEMENT_CANCELLED);
            failure = stop;
        } else if (failure == null && stop instanceof SqlRowsTooLargeException) {
            failure = stop; // it has ended before the request came, and rows of it were dropped
        }
        finish(failure);
    }

    /** Closes the connection hard when the statement takes longer than a cancelled one may. */
    void limit() {
        deadline = loop.setTimer(session.limits().cancelTimeout().toMillis(), id -> onLoop(this::giveUp));
    }

    private void giveUp() {
        if (!over) {
            reached(Reached.What.SOCKET_CLOSED);
            session.socket.closeHard();
            finish(stop != null ? stop : new IllegalStateException("no answer to " + sql));
        }
    }

    /** Counts what a cancel has reached; the limit of the rows is no cancel. */
    private void reached(Reached.What what) {
        if (!(stop instanceof SqlRowsTooLargeException)) {
            session.reached(what);
        }
    }

    private void finish(@Nullable Throwable failure) {
        over = true;
        loop.owner().cancelTimer(deadline);
        loop.owner().cancelTimer(resend);
        if (failure == null) {
            quiet.complete(value);
        } else {
            quiet.fail(failure);
        }
    }
}
