package io.vertask.app.workload.sql;

import io.vertask.app.job.ClientConfig;
import io.vertask.app.job.Job;
import io.vertask.app.job.PostgresConfig;
import io.vertask.app.workload.StartFailure;
import io.vertask.client.Reached;
import io.vertask.client.SqlCalls;
import io.vertask.client.SqlLimits;
import io.vertask.client.libpq.PgConnect;
import io.vertask.task.CancelledException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The opener of the pools that a job file describes. */
public final class Databases {
    private Databases() {}

    /**
     * One connection, besides those of the job's calls; {@code run} is its name there too.
     *
     * <p><b>Failure.</b> {@link StartFailure} when it can't be had.
     */
    public static Future<SqlCalls> open(
            Vertx vertx, PostgresConfig config, Job job, String run, Map<String, String> env, Reached reached) {
        return open(vertx, config, SqlLimits.of(1, 1), applicationName(job, run), env, reached);
    }

    /** The pool, whose first connections are there. <b>Failure.</b> {@link StartFailure} when they can't be had. */
    public static Future<SqlCalls> open(
            Vertx vertx, PostgresConfig config, String applicationName, Map<String, String> env, Reached reached) {
        return open(vertx, config, SqlLimits.of(config.poolMin(), config.poolMax()), applicationName, env, reached);
    }

    /** The name that the server's process list shows. */
    public static String applicationName(Job job, String run) {
        return "vertask/" + job.name() + "/" + run;
    }

    private static Future<SqlCalls> open(
            Vertx vertx,
            PostgresConfig config,
            SqlLimits limits,
            String applicationName,
            Map<String, String> env,
            Reached reached) {
        // it reads files: the password file, certificates
        return vertx.executeBlocking(() -> PgConnect.of(config.dsn().reveal(), env), false)
                .compose(read -> {
                    PgConnectOptions options = read.named(applicationName).options();
                    config.statementTimeout()
                            .ifPresent(
                                    limit -> options.addProperty("statement_timeout", Long.toString(limit.toMillis())));
                    return SqlCalls.open(vertx, options, limits(limits, config, read), reached);
                })
                .recover(error ->
                        Future.failedFuture(error instanceof CancelledException ? error : notStarted(config, error)));
    }

    private static SqlLimits limits(SqlLimits limits, PostgresConfig config, PgConnect read) {
        SqlLimits known = limits.withMaxRowBytes(config.maxBody()).withMaxScramIterations(config.maxScramIterations());
        return read.connectTimeoutSeconds() == 0
                ? known
                : known.withConnectTimeout(Duration.ofSeconds(read.connectTimeoutSeconds()));
    }

    /**
     * One warning for each connection setting that is ignored; {@link #open} reports those that are wrong.
     *
     * <p><b>Threads.</b> Reads files: a plain thread.
     */
    public static List<String> notes(Job job, Map<String, String> env) {
        List<String> lines = new ArrayList<>();
        for (ClientConfig client : job.clients().values()) {
            if (client instanceof PostgresConfig postgres) {
                try {
                    PgConnect.of(postgres.dsn().reveal(), env)
                            .notes()
                            .forEach(note -> lines.add("clients." + postgres.name() + ": " + note));
                } catch (IllegalArgumentException wrong) {
                    // open reports it
                }
            }
        }
        return lines;
    }

    private static StartFailure notStarted(PostgresConfig config, Throwable error) {
        return new StartFailure("clients." + config.name() + ": " + SqlFailures.starting(error));
    }
}
