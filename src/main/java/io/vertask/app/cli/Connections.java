package io.vertask.app.cli;

import io.vertask.app.job.ClientConfig;
import io.vertask.app.job.HttpClientConfig;
import io.vertask.app.job.Job;
import io.vertask.app.job.PostgresConfig;
import io.vertask.app.workload.Connection;
import io.vertask.app.workload.StartFailure;
import io.vertask.app.workload.http.HttpConnection;
import io.vertask.app.workload.sql.Databases;
import io.vertask.app.workload.sql.SqlConnection;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The connection check of {@code check --connect}: it tries a job's clients one after the other and sends no request.
 */
public final class Connections {
    private Connections() {}

    /**
     * Connects each client and returns whether all could be reached; {@code good} or {@code bad} gets a line for each.
     *
     * <p><b>Threads.</b> Blocks its caller, a plain thread.
     */
    public static boolean probe(
            Job job, Vertx vertx, Map<String, String> env, Consumer<String> good, Consumer<String> bad) {
        Databases.notes(job, env).forEach(bad);
        boolean all = true;
        for (Map.Entry<String, ClientConfig> client : job.clients().entrySet()) {
            try {
                good.accept("clients." + client.getKey() + ": "
                        + Blocking.await(connection(client.getValue(), env).probe(vertx)));
            } catch (StartFailure unreachable) {
                bad.accept(unreachable.getMessage());
                all = false;
            }
        }
        return all;
    }

    private static Connection connection(ClientConfig client, Map<String, String> env) {
        return client instanceof HttpClientConfig http
                ? new HttpConnection(http)
                : new SqlConnection((PostgresConfig) client, env);
    }
}
