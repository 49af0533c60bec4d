package io.vertask.app.job.yaml;

import java.util.List;

/**
 * One mistake in a job file, with its place and its fix.
 *
 * @param file the file's name, or the whole {@code --set a.b=c} when the mistake stands on the command line
 * @param line from one; zero in a {@code --set}
 * @param column from one, in code points; zero in a {@code --set}
 * @param excerpt none, or the source line and the carets under it
 * @param hints the fix, one line each
 */
public record Mistake(String file, int line, int column, String message, List<String> excerpt, List<String> hints) {

    public Mistake {
        excerpt = List.copyOf(excerpt);
        hints = List.copyOf(hints);
    }

    /** The lines to print, without a line end after the last. */
    public String text() {
        StringBuilder text = new StringBuilder(file);
        text.append(line > 0 ? ":" + line + ":" + column + "  " : ": ").append(message);
        excerpt.forEach(row -> text.append('\n').append(row));
        String indent = " ".repeat(Math.max(5, Integer.toString(line).length() + 3));
        hints.forEach(hint -> text.append('\n').append(indent).append(hint));
        return text.toString();
    }
}
