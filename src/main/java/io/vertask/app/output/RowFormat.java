package io.vertask.app.output;

import io.vertask.app.run.Result;

/** One way to write results as text. */
interface RowFormat {
    /** Adds the text of {@code row} to {@code out}, or holds it back for now. */
    void add(Result row, StringBuilder out);

    /** Whether something is held back. */
    default boolean holds() {
        return false;
    }

    /** Adds what was held back, and what comes last. */
    default void end(StringBuilder out) {}
}
