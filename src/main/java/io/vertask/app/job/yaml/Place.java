package io.vertask.app.job.yaml;

import org.jspecify.annotations.Nullable;

/**
 * The place of a value: a stretch of the job file, or a {@link Setting} from outside it.
 *
 * <p>Lines and columns count from one, in code points; the end is exclusive. In a setting all four are zero.
 */
public record Place(
        int line,
        int column,
        int endLine,
        int endColumn,
        @Nullable Setting set) {

    /** The first character of the file. */
    static final Place START = at(1, 1);

    static Place at(int line, int column) {
        return new Place(line, column, line, column + 1, null);
    }

    static Place of(Setting set) {
        return new Place(0, 0, 0, 0, set);
    }

    boolean oneLine() {
        return line == endLine;
    }
}
