package io.vertask.app.workload.into;

import static io.vertask.app.job.SqlNames.quoted;

import io.vertask.app.job.Into;
import io.vertask.client.SqlSession;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;

/**
 * The positions of a run's items in their pages: the table {@code vertask_checkpoints}, beside the table of the rows.
 *
 * <p>An item's row is written in the transaction of its page's rows. The rows of a run are deleted when it has ended
 * with every item ok and in the ledger; those of other runs, which may be resumed, thirty days after their last page,
 * when another run begins.
 */
final class Checkpoints {
    private static final String NAME = "vertask_checkpoints";

    private final String table;
    private final String job;
    private final String run;

    Checkpoints(Into into, String job, String run) {
        this.table = into.schema().map(schema -> quoted(schema) + ".").orElse("") + NAME;
        this.job = job;
        this.run = run;
    }

    /**
     * The position of an item.
     *
     * @param done whether it was the last page's
     */
    record Checkpoint(String position, boolean done) {}

    String create() {
        return "CREATE TABLE IF NOT EXISTS " + table + " (job text NOT NULL, run text NOT NULL, item text NOT NULL, "
                + "position text NOT NULL, done boolean NOT NULL, at timestamptz NOT NULL DEFAULT now(), "
                + "PRIMARY KEY (job, run, item))";
    }

    /** Makes the table when it is missing, and deletes rows that nobody will ask for. */
    Future<?> open(SqlSession session, boolean resumed) {
        return session.query("SELECT to_regclass($1::text)::text", Tuple.of(table))
                .compose(found -> found.iterator().next().getString(0) == null
                        ? session.query(create())
                        : Future.succeededFuture())
                .compose(there -> session.query("DELETE FROM " + table + " WHERE at < now() - interval '30 days'"))
                // a run's short name may have been another one's before
                .compose(cleared -> resumed ? Future.succeededFuture() : delete(session, ""));
    }

    /** Deletes the finished items of a run that nobody will resume. */
    Future<?> forgetDone(SqlSession session) {
        return delete(session, " AND done");
    }

    private Future<RowSet<Row>> delete(SqlSession session, String also) {
        return session.query("DELETE FROM " + table + " WHERE job = $1 AND run = $2" + also, Tuple.of(job, run));
    }

    Future<Optional<Checkpoint>> find(SqlSession session, String item) {
        return session.query(
                        "SELECT position, done FROM " + table + " WHERE job = $1 AND run = $2 AND item = $3",
                        Tuple.of(job, run, item))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(checkpoint(rows.iterator().next())));
    }

    private static Checkpoint checkpoint(Row row) {
        return new Checkpoint(row.getString("position"), row.getBoolean("done"));
    }

    /**
     * Moves an item on from {@code before}, which has no row at its beginning; false when it is at another position,
     * and nothing has changed.
     */
    Future<Boolean> move(SqlSession session, String item, String before, Checkpoint after) {
        return session.query(
                        "INSERT INTO " + table + " AS c (job, run, item, position, done) VALUES ($1, $2, $3, $4, $5) "
                                + "ON CONFLICT (job, run, item) DO UPDATE "
                                + "SET position = EXCLUDED.position, done = EXCLUDED.done, at = now() "
                                + "WHERE c.position = $6 AND NOT c.done",
                        Tuple.of(job, run, item, after.position(), after.done(), before))
                .map(moved -> moved.rowCount() == 1);
    }
}
