package io.vertask.app.ledger;

import io.vertask.app.journal.ItemEnd;
import io.vertask.app.journal.ItemFailure;
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
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The open ledger of a run, to which lines are appended. No other process can open it.
 *
 * <p><b>Failure.</b> After an {@link IOException} of {@link #append} the earlier lines are whole, and nothing more is
 * written.
 *
 * <p><b>Threads.</b> One at a time; all methods but {@link #name}, {@link #file}, {@link #isResumed} and
 * {@link #earlier} block.
 */
public final class Ledger implements AutoCloseable {
    static final String RESULTS = "results.jsonl";
    /** The field of a failure that has the number of the kept answer. */
    static final String ANSWER = "pending";

    private static final long SYNC_NANOS = 1_000_000_000;

    private final Path folder;
    private final RunInfo info;
    private final RunLock lock;
    private final EarlierItems earlier;
    private final boolean isNew;
    private final FileChannel results;
    private final PendingAnswers answers;
    /** The answers that were kept for items whose line is not written yet. */
    private final Map<Long, Long> kept = new ConcurrentHashMap<>();
    /** The answers of an earlier process from which items go on; they are needed until the item has its new line. */
    private final Map<Long, Long> claimed = new ConcurrentHashMap<>();

    private long length;
    private boolean dirty;
    private boolean ended;
    private long synced = System.nanoTime();

    private Ledger(
            Path folder,
            RunInfo info,
            RunLock lock,
            EarlierItems earlier,
            boolean isNew,
            FileChannel results,
            PendingAnswers answers)
            throws IOException {
        this.folder = folder;
        this.info = info;
        this.lock = lock;
        this.earlier = earlier;
        this.isNew = isNew;
        this.results = results;
        this.answers = answers;
        this.length = results.size();
    }

    /** Opens the ledger in a locked folder and keeps the first {@code length} bytes of its file. */
    static Ledger open(Path folder, RunInfo info, RunLock lock, EarlierItems earlier, boolean isNew, long length)
            throws IOException {
        FileChannel results =
                FileChannel.open(folder.resolve(RESULTS), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            results.truncate(length);
            info.write(folder);
            PendingAnswers answers = PendingAnswers.of(folder);
            answers.sort(earlier);
            return new Ledger(folder, info, lock, earlier, isNew, results, answers);
        } catch (IOException | RuntimeException failed) {
            results.close();
            throw failed;
        }
    }

    /** The run's short name. */
    public String name() {
        return info.run();
    }

    /** The path of the file, as messages show it. */
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

    /** The items that earlier processes of the run have finished. */
    public EarlierItems earlier() {
        return earlier;
    }

    /**
     * Writes the answer of an item whose line comes next to the disk, for a later process.
     *
     * <p><b>Failure.</b> {@link IOException} with the reason for which it can't be kept.
     */
    public void keep(long n, byte[] answer) throws IOException {
        kept.put(n, answers.keep(n, answer));
    }

    /** Whether the item goes on from an answer that an earlier process has kept. */
    public boolean hasKept(long n) {
        return claimed.containsKey(n);
    }

    /**
     * Finds the kept answer of an item that {@link EarlierItems#take} has just looked up; empty when there is none.
     *
     * @param taken the result of that look-up
     * @return the number for {@link #answer}
     */
    public OptionalLong claim(long n, String key, EarlierItems.Known taken) {
        OptionalLong number = earlier.answer(key, taken);
        number.ifPresent(found -> claimed.put(n, found));
        return number;
    }

    /** Reads a kept answer. <b>Failure.</b> {@link IOException} when it can't be read. */
    public byte[] answer(long number) throws IOException {
        return answers.read(number);
    }

    /** Appends a line for each item and hands the lines to the system, so that a killed process loses none of them. */
    public void append(List<ItemEnd> ends) throws IOException {
        if (ends.isEmpty()) {
            return;
        }
        answers.sync();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(ends.size() * 128);
        for (ItemEnd end : ends) {
            bytes.writeBytes((line(end, answerOf(end)) + "\n").getBytes(StandardCharsets.UTF_8));
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
        ends.forEach(this::release);
        syncIfDue();
    }

    /** The number of the answer that is kept for an item; null when none is. */
    private @Nullable Long answerOf(ItemEnd end) {
        boolean hasPart = end.failure().flatMap(ItemFailure::part).isPresent();
        return !hasPart ? null : kept.getOrDefault(end.n(), claimed.get(end.n()));
    }

    /** Removes the answer that the item has used, unless its new line names that too. */
    private void release(ItemEnd end) {
        Long number = answerOf(end);
        Long used = claimed.remove(end.n());
        kept.remove(end.n());
        if (used != null && !used.equals(number)) {
            answers.remove(used);
        }
    }

    private static String line(ItemEnd end, @Nullable Long answer) {
        JsonObject line = end.withError(
                end.head().put("attempts", end.attempts()).put("ms", end.took().toMillis()));
        if (answer != null) {
            line.getJsonObject("error").put(ANSWER, answer);
        }
        return (end.again() ? line.put("again", true) : line).encode();
    }

    /** Forces new lines to the disk, at most once a second. */
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

    /** Records the exit code of the process and closes the ledger. */
    public void end(int exitCode) throws IOException {
        try {
            sync();
            info.ended(exitCode).write(folder);
            ended = true;
        } finally {
            close();
        }
    }

    /** Closes the ledger, and removes a folder that this process made and wrote nothing to. */
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
            // an empty folder that stays behind does no harm
        }
    }

    @Override
    public void close() throws IOException {
        answers.tidy();
        results.close();
        lock.close();
    }
}
