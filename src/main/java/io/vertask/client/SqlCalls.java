package io.vertask.client;

import io.vertask.client.SqlUse.Running;
import io.vertask.task.ClosedException;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertask.task.Waiter;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.streams.ReadStream;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Postgres statements on a pool of connections, with cancellation that reaches the server.
 *
 * <p>{@code sql.query("SELECT username FROM users WHERE id = $1", Tuple.of(7))} takes a connection, runs the statement
 * and gives the connection back, however it ended.
 *
 * <p>A limit of our own with as many permits as the pool has connections stands before the Vert.x pool, which therefore
 * never has waiters: those can't be taken back.
 *
 * <p><b>Failure.</b> {@link SqlConnectException} when there is no connection to be had, the server's own
 * {@link io.vertx.pgclient.PgException} for the rest, {@link ClosedException} after {@link #close}.
 *
 * <p><b>Cancellation.</b> While it waits for a connection, a call leaves the queue at once; a connection that comes too
 * late is handed back. For a statement that runs, see {@link SqlSession#query}. The next borrower of the connection
 * never notices.
 *
 * <p><b>Limits.</b> A server that accepts a connection and does not finish the login loses the socket after
 * {@link SqlLimits#connectTimeout}, and its permit is free again.
 *
 * <p><b>Threads.</b> Tasks on any event loop.
 */
public final class SqlCalls {
    private static final int HASHING_THREADS = 2;

    private final PgConnectOptions options;
    private final SqlLimits limits;
    private final Reached reached;
    private final SqlPermits permits;
    private final Pool pool;
    private final PgCancel cancel;
    /** The threads that hash passwords; one that is slow is not waited for. */
    private final ExecutorService hashing;

    private final Set<SqlSession> sessions = ConcurrentHashMap.newKeySet();
    private final Map<Object, SqlServerLimit> serverLimits = Collections.synchronizedMap(new WeakHashMap<>());
    private final SqlTypes types = new SqlTypes();
    private final String name;

    private SqlCalls(Vertx vertx, PgConnectOptions given, SqlLimits limits, Reached reached) {
        // one statement at a time, and the SET of its limit before it
        this.options = new PgConnectOptions(given).setPipeliningLimit(limits.deadlineOnServer() ? 2 : 1);
        this.limits = limits;
        this.reached = reached;
        this.name = "the SQL client of database '" + options.getDatabase() + "'";
        permits = new SqlPermits("connections to " + options.getDatabase(), limits.max(), reached);
        hashing = Executors.newFixedThreadPool(HASHING_THREADS, SqlCalls::daemon);
        pool = new PgLogin(limits.connectTimeout(), this::scram)
                .createPool(
                        vertx,
                        () -> Future.succeededFuture(options),
                        // no timeout of its own: one that fires makes closing the pool fail with a NullPointerException
                        new PoolOptions().setMaxSize(limits.max()).setConnectionTimeout(0),
                        new NetClientOptions()
                                .setConnectTimeout((int) connectMs())
                                .setTcpKeepAlive(true),
                        null);
        cancel = new PgCancel(vertx, options, limits.cancelTimeout());
    }

    /** A client that opens its first connection when it is needed; {@link SqlLimits#min} is not looked at. */
    public static SqlCalls create(Vertx vertx, PgConnectOptions options, SqlLimits limits, Reached reached) {
        Objects.requireNonNull(vertx, "SqlCalls.create: vertx is null");
        Objects.requireNonNull(options, "SqlCalls.create: options is null");
        Objects.requireNonNull(limits, "SqlCalls.create: limits is null");
        Objects.requireNonNull(reached, "SqlCalls.create: reached is null");
        return new SqlCalls(vertx, options, limits, reached);
    }

    /** {@link #create(Vertx, PgConnectOptions, SqlLimits, Reached)} with a count that is not read. */
    public static SqlCalls create(Vertx vertx, PgConnectOptions options, SqlLimits limits) {
        return create(vertx, options, limits, new Reached());
    }

    /** {@link #open(Vertx, PgConnectOptions, SqlLimits, Reached)} with a count that is not read. */
    public static Future<SqlCalls> open(Vertx vertx, PgConnectOptions options, SqlLimits limits) {
        return open(vertx, options, limits, new Reached());
    }

    /**
     * A client with {@link SqlLimits#min} connections open.
     *
     * <p><b>Failure.</b> {@link SqlConnectException} when one of them can't be opened; nothing is left open then.
     *
     * <p><b>Cancellation.</b> In a task, its wait ends at once; the client is closed when it comes.
     */
    public static Future<SqlCalls> open(Vertx vertx, PgConnectOptions options, SqlLimits limits, Reached reached) {
        Objects.requireNonNull(vertx, "SqlCalls.open: vertx is null");
        Objects.requireNonNull(options, "SqlCalls.open: options is null");
        Objects.requireNonNull(limits, "SqlCalls.open: limits is null");
        Objects.requireNonNull(reached, "SqlCalls.open: reached is null");
        if (Task.current().isEmpty()) {
            return opened(create(vertx, options, limits, reached));
        }
        return Waiter.await("the first connections to Postgres", wait -> {
            wait.outside();
            wait.onUndelivered(SqlCalls::close);
            opened(create(vertx, options, limits, reached)).onComplete((client, error) -> {
                if (error == null) {
                    wait.resume(client);
                } else {
                    wait.fail(error);
                }
            });
        });
    }

    private static Future<SqlCalls> opened(SqlCalls client) {
        var first = Stream.generate(() -> client.pooled().timeout(client.connectMs(), TimeUnit.MILLISECONDS))
                .limit(client.limits.min())
                .toList();
        return Future.join(first).transform(all -> {
            first.stream().filter(Future::succeeded).forEach(one -> one.result().close());
            if (all.succeeded()) {
                return Future.succeededFuture(client);
            }
            RuntimeException why = client.noConnection(all.cause());
            return client.close().transform(any -> Future.failedFuture(why));
        });
    }

    // ---- calls

    /**
     * Runs one statement on a connection of its own; {@link SqlSession#query}.
     *
     * @param listener is told the phases of the call
     */
    public Future<RowSet<Row>> query(String sql, Tuple params, PhaseListener listener) {
        Objects.requireNonNull(sql, "SqlCalls.query: sql is null");
        Objects.requireNonNull(params, "SqlCalls.query: params is null");
        Objects.requireNonNull(listener, "SqlCalls.query: listener is null");
        return withConnection(listener, session -> session.query(sql, params));
    }

    /** {@link #query(String, Tuple, PhaseListener)} without a listener. */
    public Future<RowSet<Row>> query(String sql, Tuple params) {
        return query(sql, params, PhaseListener.NONE);
    }

    /** {@link SqlSession#batch} on a connection of its own. */
    public Future<RowSet<Row>> batch(String sql, List<Tuple> params) {
        Objects.requireNonNull(sql, "SqlCalls.batch: sql is null");
        Objects.requireNonNull(params, "SqlCalls.batch: params is null");
        return withConnection(session -> session.batch(sql, params));
    }

    /** {@link SqlSession#stream} on a connection of its own, in a transaction of its own. */
    public <T> Future<T> stream(
            String sql, Tuple params, int fetchSize, Function<? super ReadStream<Row>, ? extends Future<T>> body) {
        Objects.requireNonNull(sql, "SqlCalls.stream: sql is null");
        Objects.requireNonNull(params, "SqlCalls.stream: params is null");
        Objects.requireNonNull(body, "SqlCalls.stream: body is null");
        return withConnection(session -> session.stream(sql, params, fetchSize, body));
    }

    /**
     * Lends a connection to {@code body}, and takes it back when the future of {@code body} has ended or {@code body}
     * has thrown: once, whatever happened.
     *
     * <p>A statement that then still runs is stopped on the server. A transaction that is then still open is rolled
     * back; when {@code body} had succeeded, this fails with {@link IllegalStateException}. Other settings of the
     * session ({@code SET}, {@code LISTEN}) are not undone.
     *
     * @param listener is told the phases of the call
     */
    public <T> Future<T> withConnection(
            PhaseListener listener, Function<? super SqlSession, ? extends Future<T>> body) {
        Objects.requireNonNull(listener, "SqlCalls.withConnection: listener is null");
        Objects.requireNonNull(body, "SqlCalls.withConnection: body is null");
        ContextInternal here = ContextInternal.current();
        if (here == null) {
            throw new IllegalStateException(
                    "SqlCalls was used outside any task; start one with Tasks.run or Tasks.start");
        }
        Future<T> call = permits.acquire(here, listener)
                .compose(permit -> connect(listener))
                .compose(session -> lend(session, body));
        return OnContext.anchored(here, call);
    }

    private <T> Future<T> lend(SqlSession session, Function<? super SqlSession, ? extends Future<T>> body) {
        boolean[] succeeded = {false};
        return Tasks.finallyDo(
                () -> called(body, session).onSuccess(value -> succeeded[0] = true),
                () -> session.end().transform(leftOpen -> {
                    sessions.remove(session);
                    permits.release();
                    return succeeded[0] && Boolean.TRUE.equals(leftOpen.result())
                            ? Future.failedFuture(
                                    new IllegalStateException(
                                            "the body left a transaction open; it was rolled back. End it with COMMIT, or use withTransaction"))
                            : Future.succeededFuture();
                }));
    }

    /** {@link #withConnection(PhaseListener, Function)} without a listener. */
    public <T> Future<T> withConnection(Function<? super SqlSession, ? extends Future<T>> body) {
        return withConnection(PhaseListener.NONE, body);
    }

    /**
     * Runs {@code body} in a transaction: committed when it succeeds, rolled back when it fails, throws or is
     * cancelled.
     *
     * <p><b>Failure.</b> Also when a statement in it had failed and {@code body} succeeded all the same: the server
     * commits nothing then.
     *
     * <p><b>Cancellation.</b> A COMMIT that has begun is waited for, at most for {@link SqlLimits#cancelTimeout}: one
     * that comes meanwhile is too late to prevent it.
     *
     * @param listener is told the phases of the call
     * @param committed called once the commit is certain, also when the caller has been cancelled meanwhile
     */
    public <T> Future<T> withTransaction(
            PhaseListener listener, Function<? super SqlSession, ? extends Future<T>> body, Runnable committed) {
        Objects.requireNonNull(listener, "SqlCalls.withTransaction: listener is null");
        Objects.requireNonNull(body, "SqlCalls.withTransaction: body is null");
        Objects.requireNonNull(committed, "SqlCalls.withTransaction: committed is null");
        return withConnection(listener, session -> Transaction.run(session, () -> called(body, session), committed));
    }

    /** {@link #withTransaction(PhaseListener, Function, Runnable)} without a listener. */
    public <T> Future<T> withTransaction(Function<? super SqlSession, ? extends Future<T>> body) {
        return withTransaction(PhaseListener.NONE, body, () -> {});
    }

    static <A, T> Future<T> called(Function<? super A, ? extends Future<T>> body, A argument) {
        try {
            return Objects.requireNonNull(body.apply(argument), "the body returned no future");
        } catch (Throwable thrown) {
            return Future.failedFuture(thrown);
        }
    }

    /** Turns a permit into a session; when it fails, the permit is given back. */
    private Future<SqlSession> connect(PhaseListener listener) {
        ContextInternal here = ContextInternal.current();
        boolean[] begun = {false};
        Future<SqlConnection> connected;
        try {
            connected = Waiter.await("connecting to Postgres", wait -> {
                wait.outside();
                begun[0] = true;
                Listening.phase(here, listener, Phase.CONNECTING);
                wait.onCancel(cause -> true);
                // the permit stays with the attempt, which goes on when the caller has gone
                wait.onUndelivered(this::handBack);
                long limit = here.setTimer(connectMs(), id -> wait.fail(noConnection(new TimeoutException())));
                pooled().onComplete((connection, error) -> {
                    here.owner().cancelTimer(limit);
                    if (error != null) {
                        permits.release();
                        wait.fail(noConnection(error));
                    } else if (!wait.resume(connection)) {
                        handBack(connection);
                    }
                });
            });
        } catch (IllegalStateException outsideAnyTask) {
            connected = Future.failedFuture(outsideAnyTask);
        }
        return connected.transform((connection, error) -> {
            if (error != null) {
                if (!begun[0]) {
                    permits.release();
                }
                return Future.failedFuture(error);
            }
            SqlSession session = new SqlSession(this, here.unwrap(), PgConnection.cast(connection), listener);
            sessions.add(session);
            return Future.succeededFuture(session);
        });
    }

    private void handBack(SqlConnection late) {
        late.close().onComplete(any -> permits.release());
    }

    private long connectMs() {
        return limits.connectTimeout().toMillis();
    }

    private Future<SqlConnection> pooled() {
        try {
            return pool.getConnection().map(connection -> {
                SqlSocket.loginOver(connection);
                return connection;
            });
        } catch (RuntimeException refused) {
            return Future.failedFuture(refused);
        }
    }

    private RuntimeException noConnection(Throwable cause) {
        return permits.isClosed() ? closedError() : SqlConnectException.of(cause, options, limits.connectTimeout());
    }

    // ---- its state and its end

    /** A snapshot of the use of the connections. */
    public SqlUse use() {
        @Nullable
        Running oldest = sessions.stream()
                .map(SqlSession::running)
                .filter(Objects::nonNull)
                .max(Comparator.comparing(Running::age))
                .orElse(null);
        return new SqlUse(limits.max(), permits.taken(), permits.waiting(), oldest);
    }

    /**
     * Refuses new calls, fails those that wait for a connection, stops the statements that run on the server, and
     * closes the connections. Await your tasks first when they are to finish.
     */
    public Future<Void> close() {
        ClosedException why = closedError();
        permits.close(why);
        return Future.join(
                        sessions.stream().map(session -> session.shutDown(why)).toList())
                .transform(
                        stopped -> pool.close().timeout(limits.cancelTimeout().toMillis(), TimeUnit.MILLISECONDS))
                .transform(closed -> {
                    hashing.shutdown();
                    return cancel.close();
                });
    }

    private static Thread daemon(Runnable hashing) {
        Thread thread = new Thread(hashing, "vertask-login");
        thread.setDaemon(true);
        return thread;
    }

    private PgScram scram() {
        return new PgScram(options.getUser(), options.getPassword(), limits.maxScramIterations(), hashing);
    }

    boolean isClosed() {
        return permits.isClosed();
    }

    ClosedException closedError() {
        return new ClosedException(name + " is closed");
    }

    SqlServerLimit serverLimit(PgConnection connection) {
        return serverLimits.computeIfAbsent(
                SqlSocket.identity(connection), wire -> new SqlServerLimit(limits.deadlineOnServer()));
    }

    SqlTypes types() {
        return types;
    }

    SqlLimits limits() {
        return limits;
    }

    Reached reached() {
        return reached;
    }

    PgCancel cancel() {
        return cancel;
    }
}
