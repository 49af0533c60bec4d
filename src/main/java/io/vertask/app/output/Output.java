package io.vertask.app.output;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The choices for the output on the command line.
 *
 * @param file the file for the results; empty for stdout
 * @param unordered results as they complete, not in input order
 * @param quiet no notes, no progress, no summary
 * @param verbose a line on stderr for each failed attempt and each pause
 */
public record Output(
        Format format,
        Optional<Path> file,
        boolean unordered,
        Progress.Mode progress,
        Terminal.Color color,
        boolean quiet,
        boolean verbose) {

    /** The choices without any flag. */
    public static final Output PLAIN =
            new Output(Format.LINES, Optional.empty(), false, Progress.Mode.AUTO, Terminal.Color.AUTO, false, false);

    /** The time between two updates of the progress. */
    long progressMillis(Terminal terminal) {
        return switch (shown(terminal)) {
            case BAR -> 100;
            case PLAIN -> progress == Progress.Mode.PLAIN ? 2_000 : 10_000;
            default -> 0;
        };
    }

    /** The kind of progress to show, with {@code auto} decided. */
    Progress.Mode shown(Terminal terminal) {
        if (quiet) {
            return Progress.Mode.NONE;
        }
        return progress != Progress.Mode.AUTO ? progress : terminal.canMove() ? Progress.Mode.BAR : Progress.Mode.PLAIN;
    }
}
