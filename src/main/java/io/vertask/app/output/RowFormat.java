package io.vertask.app.output;

import io.vertask.app.run.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A text format of results. */
interface RowFormat {
    /** Adds the text of {@code row} to {@code out}, or holds the row back. */
    void add(Result row, StringBuilder out);

    /** Tells why these rows can't be added, which then changes nothing; empty when they can. */
    default Optional<String> refuses(List<Result> rows) {
        return Optional.empty();
    }

    /** The results of the good rows. */
    static List<Object> values(List<Result> rows) {
        List<Object> values = new ArrayList<>(rows.size());
        for (Result row : rows) {
            Object value = row.value();
            if (row.end().ok() && value != null) {
                values.add(value);
            }
        }
        return values;
    }

    /** Whether rows are held back. */
    default boolean holds() {
        return false;
    }

    /** Adds the rows held back and the end of the text. */
    default void end(StringBuilder out) {}
}
