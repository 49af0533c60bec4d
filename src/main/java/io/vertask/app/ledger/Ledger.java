package io.vertask.app.ledger;

import io.vertask.app.journal.ItemEnd;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The open folder of a run: lines are appended, and no other process can open it.
 *
 * <p><b>Failure.</b> An {@link IOException} of {@link #append} leaves the lines before it whole, and ends the writing.
 *
 * <p><b>Threads.</b> One at a time; all methods but {@link #name}, {@link #file}, {@link #isResumed} and
 * {@link #earlier} block.
 */
public final class Ledger implements AutoCloseable {
    static final String RESULTS = "results.jsonl";
    private static final long SYNC_NANOS = 1_000_000_000;

    private final Path folder;
    private final RunInfo info;
    private final RunLock lock;
    private final EarlierItems earlier;
    private final boolean isNew;
    private final FileChannel results;
    private long length;
    private boolean dirty;
    private boolean ended;
    private long synced = System.nanoTime();

    private Ledger(Path folder, RunInfo info, RunLock lock, EarlierItems earlier, boolean isNew, FileChannel results)
            throws IOException {
        this.folder = folder;
        this.info = info;
        this.lock = lock;
        this.earlier = earlier;
        this.isNew = isNew;
        this.results = results;
        this.length = results.size();
    }

    /** In a locked folder; keeps the first {@code length} bytes of what is there. */
    static Ledger open(Path folder, RunInfo info, RunLock lock, EarlierItems earlier, boolean isNew, long length)
            throws IOException {
        FileChannel results =
                FileChannel.open(folder.resolve(RESULTS), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            results.truncate(length);
            info.write(folder);
            return new Ledger(folder, info, lock, earlier, isNew, results);
        } catch (IOException | RuntimeException failed) {
            results.close();
            throw failed;
        }
    }

    /** The run's short name. */
    public String name() {
        return info.run();
    }

    /** Where the lines are, as messages show it. */
    public Path file() {
        return folder.resolve(RESULTS);
    }

    /** Whether no item of the run has ever been finished. */
    public boolean isEmpty() {
        return length == 0;
    }

    /** Whether an earlier process began the run. */
    public boolean isResumed() {
        return !isNew;
    }

    /** What the run had done before. */
    public EarlierItems earlier() {
        return earlier;
    }

    /** Appends one line for each and hands them to the system: after this, a killed process loses none of them. */
    public void append(List<ItemEnd> ends) throws IOException {
        if (ends.isEmpty()) {
            return;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(ends.size() * 128);
        for (ItemEnd end : ends) {
            bytes.writeBytes((line(end) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes.toByteArray());
        try {
            while (buffer.hasRemaining()) {
                results.write(buffer, length + buffer.position());
            }
        } catch (IOException full) {
            results.truncate(length);
            throw full;
        }
        length += buffer.limit();
        dirty = true;
        syncIfDue();
    }

    private static String line(ItemEnd end) {
        JsonObject line = end.withError(
                end.head().put("attempts", end.attempts()).put("ms", end.took().toMillis()));
        return (end.again() ? line.put("again", true) : line).encode();
    }

    /** Hands what is new to the disk, once a second at most. */
    public void syncIfDue() throws IOException {
        if (dirty && System.nanoTime() - synced >= SYNC_NANOS) {
            sync();
        }
    }

    private void sync() throws IOException {
        results.force(false);
        dirty = false;
        synced = System.nanoTime();
    }

    /** Says how the process is going to exit, and closes. */
    public void end(int exitCode) throws IOException {
        try {
            sync();
            info.ended(exitCode).write(folder);
            ended = true;
        } finally {
            close();
        }
    }

    /** Closes; a folder that this process made and wrote nothing to is removed. */
    public void abandon() {
        try {
            close();
            if (isNew && length == 0 && !ended) {
                for (String name : List.of(RESULTS, RunInfo.NAME, RunLock.NAME)) {
                    Files.deleteIfExists(folder.resolve(name));
                }
                Files.deleteIfExists(folder);
            }
        } catch (IOException stays) {
            // an empty run that stays behind says no more than that there was one
        }
    }

    @Override
    public void close() throws IOException {
        results.close();
        lock.close();
    }
}
