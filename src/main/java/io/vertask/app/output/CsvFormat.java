package io.vertask.app.output;

import io.vertask.app.run.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The CSV format of RFC 4180: a header, lines that end with CR LF, quotes where they are needed. */
final class CsvFormat implements RowFormat {
    private final Columns columns;
    private final Consumer<String> failures;
    private boolean header;

    CsvFormat(List<String> names, boolean header, Consumer<String> failures) {
        this.columns = new Columns(names);
        this.header = header;
        this.failures = failures;
    }

    @Override
    public Optional<String> refuses(List<Result> rows) {
        return columns.refuses(RowFormat.values(rows));
    }

    @Override
    public void add(Result row, StringBuilder out) {
        Object value = row.value();
        if (!row.end().ok()) {
            row.line().ifPresent(failures);
        } else if (value != null) {
            List<List<String>> records = columns.records(value);
            if (header && !columns.names().isEmpty()) {
                write(columns.names(), out);
                header = false;
            }
            records.forEach(record -> write(record, out));
        }
    }

    private static void write(List<String> cells, StringBuilder out) {
        for (int i = 0; i < cells.size(); i++) {
            out.append(i == 0 ? "" : ",").append(quoted(cells.get(i), cells.size() == 1));
        }
        out.append("\r\n");
    }

    /** Quotes an empty cell that is alone on its line, because the line would be empty otherwise. */
    private static String quoted(String cell, boolean alone) {
        boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
        return plain && !(alone && cell.isEmpty()) ? cell : '"' + cell.replace("\"", "\"\"") + '"';
    }

    /** Parses the first line of a file into cells. */
    static List<String> parse(String line) {
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                cell.append(c);
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                cells.add(cell.toString());
                cell.setLength(0);
            } else {
                cell.append(c);
            }
        }
        cells.add(cell.toString());
        return cells;
    }
}
