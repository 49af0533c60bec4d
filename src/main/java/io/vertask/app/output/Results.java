package io.vertask.app.output;

import io.vertask.app.job.Mask;
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

    private Results(OutputStream out, Optional<Path> file, RowFormat format, String name, Mask mask, Console console) {
        this.out = out;
        this.file = file;
        this.format = format;
        this.name = name;
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
        Optional<OutFile> file = Optional.empty();
        if (output.file().isPresent()) {
            file = Optional.of(OutFile.open(output.file().get(), goesOn));
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
                file.<OutputStream>map(OutFile::stream).orElse(stdout),
                output.file(),
                format,
                output.format().name().toLowerCase(Locale.ROOT),
                mask,
                console);
    }

    /** Tells why these rows can't be added; empty when they can. */
    public Optional<String> refuses(List<Result> rows) {
        return format.refuses(rows)
                .map(why -> "-o " + name + ": " + why + ". Name the columns with do.pick, or choose -o jsonl");
    }

    /** Adds a row, which is written at the next {@link #flush} or earlier. */
    public void add(Result row) throws IOException {
        format.add(row, text);
        if (text.length() >= MUCH) {
            write();
        }
    }

    /** Writes all rows so far; returns false when the format still holds some back. */
    public boolean flush() throws IOException {
        write();
        return !format.holds();
    }

    private void write() throws IOException {
        if (text.length() > 0) {
            byte[] bytes = mask.result(text.toString()).getBytes(StandardCharsets.UTF_8);
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
