package io.vertask.app.workload.sql;

import io.vertask.app.job.PostgresConfig;
import io.vertask.app.workload.Connection;
import io.vertask.client.Reached;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Map;

/** Logs in to a Postgres client's database; no statement is sent. */
public record SqlConnection(PostgresConfig config, Map<String, String> env) implements Connection {
    @Override
    public Future<String> probe(Vertx vertx) {
        return Databases.open(vertx, config.withOneConnection(), "vertask/check", env, new Reached())
                .compose(calls -> calls.close().map("logged in"));
    }

    /** Not the environment, which has passwords. */
    @Override
    public String toString() {
        return "SqlConnection[" + config.name() + "]";
    }
}
