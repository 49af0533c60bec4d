package io.vertask.client;

import io.netty.buffer.ByteBuf;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Looks for arrays of several dimensions in the rows of one statement: the driver reads them as null.
 *
 * <p>It is told of each row before the driver reads it, and only of those that have a column of arrays.
 */
final class PgArrays {
    /** The types of arrays that the driver reads in binary form. */
    private static final Set<Integer> BINARY = Set.of(
            1000, 1001, 1002, 1003, 1005, 1007, 1009, 1014, 1015, 1016, 1017, 1018, 1019, 1020, 1021, 1022, 1027, 1041,
            1115, 1182, 1183, 1185, 1187, 1270, 199, 2951, 3807, 629, 719, 791);

    /** Of rows that need no look. */
    static final PgArrays NONE = new PgArrays(new int[0]);

    private final boolean[] columns;
    private final boolean any;
    private volatile int found = -1;

    PgArrays(int[] types) {
        columns = new boolean[types.length];
        IntStream.range(0, types.length).forEach(i -> columns[i] = BINARY.contains(types[i]));
        any = IntStream.of(types).anyMatch(BINARY::contains);
    }

    boolean isWatching() {
        return any;
    }

    /** Looks at one row: the number of its columns, then for each the length, or -1, and the value. */
    void row(ByteBuf body) {
        int count = body.readUnsignedShort();
        for (int i = 0; i < count && i < columns.length; i++) {
            int length = body.readInt();
            if (columns[i] && length >= Integer.BYTES && body.getInt(body.readerIndex()) > 1) {
                found = i;
            }
            body.skipBytes(Math.max(0, length));
        }
    }

    /** The column, from 0, that has had such an array; negative when none has. */
    int found() {
        return found;
    }

    /** The rows, unless one of them has lost an array. <b>Failure.</b> {@link IllegalStateException}. */
    RowSet<Row> checked(RowSet<Row> rows) {
        if (found >= 0) {
            throw new IllegalStateException(
                    "column `" + rows.columnsNames().get(found)
                            + "` has an array of several dimensions, which Vert.x reads as null; use SqlTexts, or cast it to text");
        }
        return rows;
    }
}
