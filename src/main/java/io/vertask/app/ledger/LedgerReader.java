package io.vertask.app.ledger;

import io.vertask.app.journal.ItemFailure;
import io.vertask.app.ledger.EarlierItems.Known;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** A reader of a ledger, line by line, that finds the end of the last whole line. */
final class LedgerReader {
    private static final int LONGEST = 16 << 20;

    private final Path file;
    private final EarlierItems into;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    private final byte[] buffer = new byte[1 << 16];
    private long whole;
    private long lines;
    /** The number of a line that can't be read; this is no failure when the line is the last one. */
    private long damaged;

    private LedgerReader(Path file, EarlierItems into) {
        this.file = file;
        this.into = into;
    }

    /**
     * Adds every line to {@code into} and returns the length of the file without a torn last line.
     *
     * <p><b>Failure.</b> {@link LedgerException} when a line before the last can't be read.
     */
    static long read(Path file, EarlierItems into) throws IOException {
        return new LedgerReader(file, into).read();
    }

    private long read() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                split(n);
            }
        }
        return whole;
    }

    private void split(int length) {
        int from = 0;
        for (int i = 0; i < length; i++) {
            if (buffer[i] == '\n') {
                append(from, i);
                from = i + 1;
                line();
            }
        }
        append(from, length);
    }

    private void append(int from, int to) {
        if (line.size() + to - from > LONGEST) {
            throw unreadable(lines + 1);
        }
        line.write(buffer, from, to - from);
    }

    private void line() {
        lines++;
        if (damaged > 0) {
            throw unreadable(damaged);
        }
        int length = line.size();
        if (book(line.toByteArray())) {
            whole += length + 1;
        } else {
            damaged = lines;
        }
        line.reset();
    }

    private boolean book(byte[] bytes) {
        try {
            JsonObject entry = new JsonObject(Buffer.buffer(bytes));
            String key = entry.getString("key");
            Boolean ok = entry.getBoolean("ok");
            if (key == null || ok == null) {
                return false;
            }
            JsonObject error = entry.getJsonObject("error", new JsonObject());
            Number answer = (Number) error.getValue(Ledger.ANSWER);
            boolean isUnknown = answer == null && ItemFailure.UNKNOWN.equals(error.getString("kind"));
            into.add(
                    key,
                    ok ? Known.OK : isUnknown ? Known.UNKNOWN : Known.FAILED,
                    entry.getBoolean("again", false),
                    answer == null ? OptionalLong.empty() : OptionalLong.of(answer.longValue()));
            return true;
        } catch (DecodeException | ClassCastException torn) {
            return false;
        }
    }

    private LedgerException unreadable(long number) {
        return LedgerException.file(file + ":" + number + " is not a line of a ledger. Remove it, and its item is done "
                + "again, or begin a new run with --fresh");
    }
}
