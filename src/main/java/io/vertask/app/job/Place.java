package io.vertask.app.job;

import org.jspecify.annotations.Nullable;

/**
 * Where something stands: a stretch of the job file, or one {@code --set} of the command line.
 *
 * <p>Lines and columns count from one, in code points; the end is exclusive. In a {@code --set} all four are zero.
 */
record Place(
        int line,
        int column,
        int endLine,
        int endColumn,
        @Nullable String set) {

    /** The first character of the file. */
    static final Place START = at(1, 1);

    static Place at(int line, int column) {
        return new Place(line, column, line, column + 1, null);
    }

    /** A {@code --set}, as it may be shown: {@code limits.concurrency=4}. */
    static Place set(String shown) {
        return new Place(0, 0, 0, 0, shown);
    }

    boolean oneLine() {
        return line == endLine;
    }
}
