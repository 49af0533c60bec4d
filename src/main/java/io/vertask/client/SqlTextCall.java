package io.vertask.client;

import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.function.UnaryOperator;

/**
 * Statements on one connection whose values are texts.
 *
 * <p>A type that is met for the first time is looked up in the catalog. For a parameter that happens before the
 * statement is sent, which therefore is prepared a second time.
 */
record SqlTextCall(PgConnection connection, PgDescriptions described, SqlTypes types) {

    Future<RowSet<Row>> query(String sql, SqlTexts params) {
        described.texts();
        params.begin(described, types);
        SqlTextRow.Columns columns = new SqlTextRow.Columns(described, types);
        return connection
                .preparedQuery(sql)
                .mapping(row -> (Row) new SqlTextRow(row, columns))
                .execute(params)
                .transform((rows, error) -> {
                    described.end();
                    if (error == null) {
                        return types.areKnown(columns.oids())
                                ? Future.succeededFuture(rows)
                                : types.learn(connection, columns.oids()).map(rows);
                    }
                    if (params.decide()) {
                        return query(sql, params);
                    }
                    if (params.lacksTypes()) {
                        return types.learn(connection, described.parameters()).compose(learned -> query(sql, params));
                    }
                    return Future.failedFuture(SqlTexts.failure(params, error));
                });
    }

    /** Prepares a statement whose parameters and rows have known types. */
    Future<PreparedStatement> prepare(String sql, SqlTexts params) {
        described.texts();
        params.begin(described, types);
        return connection.prepare(sql).onComplete(any -> described.end()).compose(statement -> {
            params.described();
            return types.learn(connection, described.parameters())
                    .compose(learned -> types.learn(connection, described.columns()))
                    .map(statement);
        });
    }

    /** Makes the rows of the statement that was prepared last. */
    UnaryOperator<Row> rows() {
        SqlTextRow.Columns columns = new SqlTextRow.Columns(described, types);
        columns.oids();
        return row -> new SqlTextRow(row, columns);
    }
}
