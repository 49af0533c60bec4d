package io.vertask.client;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.internal.ArrayTuple;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A row of a statement with {@link SqlTexts}: each value is null or the text that the server writes for it. */
public final class SqlTextRow extends ArrayTuple implements Row {
    private final Row row;
    private final Columns columns;

    /** The columns of one statement, which has been described when they are asked for first. */
    static final class Columns {
        private final PgDescriptions described;
        private final SqlTypes types;
        private int @Nullable [] oids;

        Columns(PgDescriptions described, SqlTypes types) {
            this.described = described;
            this.types = types;
        }

        int[] oids() {
            int[] known = oids;
            if (known == null) {
                known = described.columns();
                oids = known;
            }
            return known;
        }
    }

    SqlTextRow(Row row, Columns columns) {
        super(0);
        this.row = row;
        this.columns = columns;
    }

    /** The type of a column, from 0. */
    public SqlType type(int pos) {
        return Objects.requireNonNull(columns.types.known(columns.oids()[pos]), "the types are not there yet");
    }

    @Override
    public int size() {
        return row.size();
    }

    @Override
    public @Nullable Object getValueInternal(int pos) {
        return row.getValue(pos);
    }

    @Override
    public String getColumnName(int pos) {
        return row.getColumnName(pos);
    }

    @Override
    public int getColumnIndex(String column) {
        return row.getColumnIndex(column);
    }
}
