package io.vertask.app.tour;

import io.vertask.client.Reached;
import io.vertask.client.SqlCalls;
import io.vertask.client.SqlLimits;
import io.vertask.client.libpq.PgConnect;
import io.vertask.resource.AsyncResource;
import io.vertask.resource.Resources;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A pool of Postgres connections, shared by more tasks than it has connections. */
final class DbPoolProgram extends Program {
    private final String dsn;

    DbPoolProgram(Printer printer, String dsn) {
        super(printer);
        this.dsn = dsn;
    }

    private Future<RowSet<Row>> fetchUser(SqlCalls pool, int userId) {
        return pool.withConnection(
                conn -> conn.query("SELECT id, username FROM users WHERE id = $1", Tuple.of(userId)));
    }

    @Override
    Future<?> main() {
        var createPool = AsyncResource.of(
                () -> SqlCalls.open(vertx, PgConnect.options(dsn, Map.of()), SqlLimits.of(2, 10), new Reached()),
                SqlCalls::close);
        return Resources.using(createPool, pool -> {
            // fetch 20 users concurrently, sharing the connection pool
            List<Integer> userIds = IntStream.range(1, 21).boxed().toList();
            return Tasks.gather(userIds, id -> fetchUser(pool, id)).onSuccess(results -> {
                for (RowSet<Row> rows : results) {
                    for (Row row : rows) {
                        print(row.getString("username"));
                    }
                }
            });
        });
    }
}
