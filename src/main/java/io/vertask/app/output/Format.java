package io.vertask.app.output;

import java.util.List;
import java.util.function.Consumer;

/** The choices of {@code -o}. */
public enum Format {
    /** The text of the job's {@code print} for each item, with the failures among them. */
    LINES,
    /** Aligned columns, for people. */
    TABLE,
    /** A JSON object for each item: its number, key, and result or error. */
    JSONL,
    /** RFC 4180 with a header; failures go to stderr. */
    CSV;

    /** Whether its text may have colours, and control characters are therefore replaced before it is made. */
    boolean isPainted() {
        return this == LINES || this == TABLE;
    }

    /** Whether it has columns, so that a record with another field is refused. */
    boolean hasColumns() {
        return this == TABLE || this == CSV;
    }

    /**
     * The writer of one run.
     *
     * @param names the columns; empty for those of the first result
     * @param header whether csv begins with a header
     */
    RowFormat open(List<String> names, boolean header, Paint paint, Consumer<String> failures) {
        return switch (this) {
            case LINES ->
                (row, out) -> row.line()
                        .ifPresent(line -> out.append(row.end().ok() ? line : paint.failure(line))
                                .append('\n'));
            case TABLE -> new TableFormat(names, paint);
            case JSONL -> new JsonlFormat();
            case CSV -> new CsvFormat(names, header, failures);
        };
    }
}
