package io.vertask.app.feed;

import io.vertask.app.job.Items;
import io.vertask.app.job.Items.Format;
import io.vertask.app.job.yaml.LocaleText;
import io.vertask.app.job.yaml.MessageText;
import io.vertask.app.workload.StartFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The lines of a file or of standard input; a batch is the lines of one read. */
final class LineReader implements BatchReader {
    private static final int READ = 64 << 10;
    /** The longest plain file that is read through before its first item is used. */
    private static final long LOOKED_THROUGH = 256L << 20;

    /** Opens the stream of bytes. */
    private interface Opening {
        InputStream open() throws IOException;
    }

    private final String name;
    private final @Nullable Path file;
    private final Opening opening;
    private final boolean ours;
    private final byte[] buffer = new byte[READ];
    private final LineSplitter splitter;
    private List<Raw> batch = new ArrayList<>();
    private @Nullable InputStream in;
    private @Nullable StartFailure flaw;

    private LineReader(String name, @Nullable Path file, Format format, Opening opening) {
        this.name = name;
        this.file = file;
        this.opening = opening;
        this.ours = file != null;
        this.splitter = new LineSplitter(name, (number, text) -> batch.add(LineValue.of(format, number, text)));
    }

    static LineReader of(Items.File items) {
        Path path;
        try {
            path = Path.of(items.path());
        } catch (InvalidPathException e) {
            throw new StartFailure(noFileName("each.file", items.path()));
        }
        return new LineReader(items.path(), path, items.format(), () -> Files.newInputStream(path));
    }

    /** The words for a name that can't be one of a file in this locale, or in any. */
    static String noFileName(String key, String name) {
        return key + ": " + MessageText.quote(name) + " can't be a file name here; "
                + (name.indexOf('\0') >= 0 ? "it contains U+0000" : LocaleText.cure());
    }

    static LineReader of(InputStream stdin, Items.Stdin items) {
        return new LineReader("stdin", null, items.format(), () -> stdin);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public OptionalLong open() throws IOException {
        try {
            if (file == null) {
                in = opening.open();
                return OptionalLong.empty();
            }
            if (Files.isDirectory(file)) {
                throw new StartFailure("each.file: " + name + " is a folder; for its files write glob: \"" + name
                        + (name.endsWith("/") ? "" : "/") + "*\"");
            }
            OptionalLong count = Files.isRegularFile(file) && Files.size(file) <= LOOKED_THROUGH
                    ? OptionalLong.of(lookThrough())
                    : OptionalLong.empty();
            in = opening.open();
            return count;
        } catch (NoSuchFileException e) {
            throw new StartFailure(
                    "each.file: there is no file " + name + " in " + Path.of("").toAbsolutePath());
        } catch (AccessDeniedException e) {
            throw new StartFailure("each.file: " + name + " can't be read: permission denied");
        }
    }

    private long lookThrough() throws IOException {
        long[] count = {0};
        LineSplitter look = new LineSplitter(name, (number, text) -> count[0]++);
        try (InputStream whole = opening.open()) {
            for (int n = whole.read(buffer); n >= 0; n = whole.read(buffer)) {
                look.add(buffer, n);
            }
        }
        look.end();
        return count[0];
    }

    @Override
    public @Nullable List<Raw> next() throws IOException {
        InputStream from = in;
        if (from == null) {
            return null;
        }
        if (flaw != null) {
            throw flaw;
        }
        try {
            int n = from.read(buffer);
            if (n >= 0) {
                splitter.add(buffer, n);
            } else {
                splitter.end();
                close();
            }
        } catch (StartFailure wrongLine) {
            if (batch.isEmpty()) {
                throw wrongLine;
            }
            flaw = wrongLine; // after the lines before it
        }
        List<Raw> full = batch;
        batch = new ArrayList<>();
        return full;
    }

    @Override
    public void close() throws IOException {
        InputStream open = in;
        in = null;
        if (open != null && ours) {
            open.close();
        }
    }
}
