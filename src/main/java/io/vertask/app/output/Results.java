package io.vertask.app.output;

import io.vertask.app.job.Mask;
import io.vertask.app.job.yaml.MessageText;
import io.vertask.app.ledger.FileTrouble;
import io.vertask.app.run.Result;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A writer of results in one format to stdout or a file.
 *
 * <p><b>Failure.</b> {@link IOException}; {@link #isReaderGone} and {@link #words} explain it.
 *
 * <p><b>Threads.</b> One at a time; all methods block.
 */
public final class Results implements AutoCloseable {
    private static final int MUCH = 1 << 16;

    private final OutputStream out;
    private final Optional<Path> file;
    private final RowFormat format;
    private final String name;
    private final Mask mask;
    private final Console console;
    private final StringBuilder text = new StringBuilder();
    /** Whether the whole text goes to a terminal and has no colours of its own. */
    private final boolean forTerminal;

    private Results(OutputStream out, Optional<Path> file, RowFormat format, Format kind, Mask mask, Console console) {
        this.forTerminal = !kind.isPainted() && console.showsResults();
        this.name = kind.name().toLowerCase(Locale.ROOT);
        this.out = out;
        this.file = file;
        this.format = format;
        this.mask = mask;
        this.console = console;
    }

    /**
     * Opens {@code stdout}, or the file that {@code output} names.
     *
     * @param names the columns, when they are known before the first result
     * @param goesOn whether to append to the file
     */
    public static Results open(
            Output output, OutputStream stdout, List<String> names, boolean goesOn, Mask mask, Console console)
            throws IOException {
        Optional<Path> named = output.file().filter(path -> !OutFile.isStdout(path));
        Optional<OutFile> file = Optional.empty();
        if (named.isPresent()) {
            file = Optional.of(OutFile.open(named.get(), goesOn));
        }
        Optional<String> header = file.flatMap(OutFile::firstLine);
        List<String> columns =
                output.format() == Format.CSV ? header.map(CsvFormat::parse).orElse(names) : names;
        Set<String> more = new LinkedHashSet<>(names);
        columns.forEach(more::remove);
        if (!more.isEmpty()) {
            file.get().stream().close();
            throw new IOException("its columns are " + Columns.shown(new LinkedHashSet<>(columns))
                    + ", and the job gives " + Columns.shown(more) + " too; choose another file");
        }
        RowFormat format = output.format().open(columns, header.isEmpty(), console.resultsPaint(), console::say);
        return new Results(
                file.<OutputStream>map(OutFile::stream).orElse(stdout), named, format, output.format(), mask, console);
    }

    /** Tells why these rows can't be added; empty when they can. */
    public Optional<String> refuses(List<Result> rows) {
        return format.refuses(rows)
                .map(why -> "-o " + name + ": " + why + ". Name the columns with do.pick, or choose -o jsonl");
    }

    /** Adds a row, which is written at the next {@link #flush} or earlier. */
    public void add(Result row) throws IOException {
        format.add(console.showsResults() ? shown(row) : row, text);
        if (text.length() >= MUCH) {
            write();
        }
    }

    /** The row for a terminal: control characters in its line are replaced. Elsewhere results go out as they are. */
    private static Result shown(Result row) {
        return new Result(row.end(), row.line().map(MessageText::lines), row.value());
    }

    /** Writes all rows so far; returns false when the format still holds some back. */
    public boolean flush() throws IOException {
        write();
        return !format.holds();
    }

    private void write() throws IOException {
        if (text.length() > 0) {
            String masked = mask.result(text.toString());
            byte[] bytes = (forTerminal ? MessageText.lines(masked) : masked).getBytes(StandardCharsets.UTF_8);
            text.setLength(0);
            console.aside(() -> {
                out.write(bytes);
                out.flush();
            });
        }
    }

    /** Writes the rows that the format held back. */
    public void end() throws IOException {
        format.end(text);
        write();
    }

    /** Whether a failed write means that the reader has gone, which is not reported. */
    public boolean isReaderGone(IOException failure) {
        String reason = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return file.isEmpty() && (reason.contains("pipe") || reason.contains("reset"));
    }

    /** The message for a failed write. */
    public String words(IOException failure) {
        return file.map(Path::toString).orElse("stdout") + " can't be written: " + FileTrouble.reason(failure);
    }

    /** Closes the file; leaves stdout open. */
    @Override
    public void close() throws IOException {
        if (file.isPresent()) {
            out.close();
        }
    }
}
