package io.vertask.app.output;

import io.vertask.app.job.yaml.MessageText;
import io.vertask.app.run.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A table with aligned columns: the item, then its values or its failure.
 *
 * <p>The first rows are held back to measure the columns. A later cell that is wider overflows its column.
 */
final class TableFormat implements RowFormat {
    private static final int MEASURED = 100;
    private static final int WIDEST = 60;
    private static final String GAP = "  ";
    private static final Pattern CONTROLS = Pattern.compile("\\p{Cntrl}+");

    /** The cells of a row; the item and its failure when {@code ok} is false. */
    private record Line(boolean ok, List<String> cells) {}

    private final Columns columns;
    private final Paint paint;
    private final List<Line> held = new ArrayList<>();
    private boolean measured;
    private int[] widths = {};
    private boolean[] numbers = {};

    TableFormat(List<String> names, Paint paint) {
        this.columns = new Columns(names);
        this.paint = paint;
    }

    @Override
    public Optional<String> refuses(List<Result> rows) {
        return columns.refuses(RowFormat.values(rows));
    }

    @Override
    public void add(Result row, StringBuilder out) {
        lines(row).forEach(line -> add(line, out));
    }

    private List<Line> lines(Result row) {
        String key = visible(row.end().key());
        Object value = row.value();
        if (!row.end().ok()) {
            String why = row.end().failure().map(error -> error.message()).orElse("");
            return List.of(new Line(false, List.of(key, "ERROR - " + visible(why))));
        }
        if (value == null) {
            return List.of(new Line(true, List.of(key)));
        }
        List<Line> lines = new ArrayList<>();
        for (List<String> record : columns.records(value)) {
            List<String> cells = new ArrayList<>(List.of(key));
            record.forEach(cell -> cells.add(visible(cell)));
            lines.add(new Line(true, cells));
        }
        return lines;
    }

    private void add(Line line, StringBuilder out) {
        if (measured) {
            write(line, out);
        } else {
            held.add(line);
            if (held.size() >= MEASURED) {
                release(out);
            }
        }
    }

    @Override
    public boolean holds() {
        return !held.isEmpty();
    }

    @Override
    public void end(StringBuilder out) {
        if (!held.isEmpty()) {
            release(out);
        }
    }

    private void release(StringBuilder out) {
        List<String> header = new ArrayList<>(List.of("item"));
        header.addAll(columns.names());
        widths = new int[header.size()];
        numbers = new boolean[header.size()];
        for (int i = 0; i < widths.length; i++) {
            measure(header, i);
        }
        measured = true;
        write(new Line(true, header), out);
        held.forEach(line -> write(line, out));
        held.clear();
    }

    private void measure(List<String> header, int column) {
        List<String> cells = held.stream()
                .filter(line -> line.cells().size() > column && (line.ok() || column == 0))
                .map(line -> line.cells().get(column))
                .toList();
        int widest = cells.stream().mapToInt(TableFormat::width).max().orElse(0);
        widths[column] = Math.max(width(header.get(column)), Math.min(widest, WIDEST));
        List<String> filled = cells.stream().filter(cell -> !cell.isEmpty()).toList();
        numbers[column] = column > 0
                && !filled.isEmpty()
                && filled.stream().allMatch(cell -> cell.matches("-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?"));
    }

    private void write(Line line, StringBuilder out) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < line.cells().size(); i++) {
            String cell = line.cells().get(i);
            String pad =
                    i < widths.length && (line.ok() || i == 0) ? " ".repeat(Math.max(0, widths[i] - width(cell))) : "";
            text.append(i == 0 ? "" : GAP);
            text.append(i < numbers.length && numbers[i] && line.ok() ? pad + cell : cell + pad);
        }
        String row = text.toString().stripTrailing();
        out.append(line.ok() ? row : paint.failure(row)).append('\n');
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }

    /** Replaces line ends and control characters, which a terminal would obey. */
    private static String visible(String cell) {
        return MessageText.oneLine(CONTROLS.matcher(cell).replaceAll(" "));
    }
}
