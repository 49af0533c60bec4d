package io.vertask.app.workload.sql;

import io.vertask.app.job.PostgresConfig;
import io.vertask.client.PgConnect;
import io.vertask.client.Reached;
import io.vertask.client.SqlCalls;
import io.vertask.client.SqlLimits;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import java.util.Map;

/** Opens the pool that a job file describes. */
public final class Databases {
    private Databases() {}

    /** Fails when the first connections can't be had, or the address makes no sense. */
    public static Future<SqlCalls> open(
            Vertx vertx, PostgresConfig config, String applicationName, Map<String, String> env, Reached reached) {
        PgConnectOptions options;
        try {
            options = PgConnect.options(config.dsn().reveal(), env);
        } catch (IllegalArgumentException wrong) {
            return Future.failedFuture(wrong);
        }
        options.addProperty("application_name", applicationName);
        config.statementTimeout()
                .ifPresent(limit -> options.addProperty("statement_timeout", Long.toString(limit.toMillis())));
        return SqlCalls.open(vertx, options, SqlLimits.of(config.poolMin(), config.poolMax()), reached);
    }
}
