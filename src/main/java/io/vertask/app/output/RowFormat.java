package io.vertask.app.output;

import io.vertask.app.run.Result;

/** A text format of results. */
interface RowFormat {
    /** Adds the text of {@code row} to {@code out}, or holds the row back. */
    void add(Result row, StringBuilder out);

    /** Whether rows are held back. */
    default boolean holds() {
        return false;
    }

    /** Adds the rows held back and the end of the text. */
    default void end(StringBuilder out) {}
}
