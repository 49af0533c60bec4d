package io.vertask.app.ledger;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The folder {@code pending} of a run: the answers of items that failed only after their call, one file each.
 *
 * <p>The files hold what the servers sent, secrets included, so only their owner may read them. A file appears whole or
 * not at all, and no link is followed.
 *
 * <p><b>Threads.</b> Any; all methods block.
 */
final class PendingAnswers {
    static final String NAME = "pending";

    /** The most that the answers of one run take on the disk. */
    private static final long MOST_BYTES = 1_000_000_000;

    /** The most answers of one run: a later process holds a few bytes for each of them. */
    private static final int MOST_FILES = 100_000;

    private static final Pattern FILE = Pattern.compile("([0-9]{1,18})\\.json");

    private final Path folder;
    private final long mostBytes;
    /** The size of each file by its number. */
    private final Map<Long, Long> sizes = new HashMap<>();

    private long bytes;
    private boolean dirty;

    private PendingAnswers(Path folder, long mostBytes) {
        this.folder = folder;
        this.mostBytes = mostBytes;
    }

    /** The answers that are kept in the folder of a run. */
    static PendingAnswers of(Path run) throws IOException {
        return of(run, MOST_BYTES);
    }

    static PendingAnswers of(Path run, long mostBytes) throws IOException {
        PendingAnswers pending = new PendingAnswers(run.resolve(NAME), mostBytes);
        if (Files.isDirectory(pending.folder, LinkOption.NOFOLLOW_LINKS)) {
            pending.list();
        }
        return pending;
    }

    private void list() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Matcher name = FILE.matcher(String.valueOf(file.getFileName()));
                if (name.matches() && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    long size = Files.size(file);
                    sizes.put(Long.valueOf(name.group(1)), size);
                    bytes += size;
                }
            }
        }
    }

    /** The numbers of all files, in order. */
    synchronized Set<Long> numbers() {
        return new TreeSet<>(sizes.keySet());
    }

    /** Gives the answers that no line of the ledger names to their items, and removes those of items that are done. */
    void sort(EarlierItems earlier) {
        Set<Long> named = earlier.answers();
        for (long number : numbers()) {
            if (!named.contains(number) && !isNeeded(number, earlier)) {
                remove(number);
            }
        }
        tidy();
    }

    private boolean isNeeded(long number, EarlierItems earlier) {
        try {
            String key = new JsonObject(Buffer.buffer(read(number))).getString("key");
            return key != null && earlier.add(key, number);
        } catch (IOException unreadable) {
            return true; // it may be readable for the next process
        } catch (DecodeException | ClassCastException noAnswer) {
            return false;
        }
    }

    /**
     * Writes an answer to the disk and returns the number of its file, which is {@code wanted} when that is free.
     *
     * <p><b>Failure.</b> {@link IOException} with the reason for which it can't be kept.
     */
    synchronized long keep(long wanted, byte[] answer) throws IOException {
        if (bytes + answer.length > mostBytes || sizes.size() >= MOST_FILES) {
            throw new IOException("the run keeps " + sizes.size() + " already, " + bytes / 1_000_000
                    + " MB, and keeps 1 GB and 100,000 at most");
        }
        makeFolder();
        long number = wanted;
        while (sizes.containsKey(number)) {
            number++;
        }
        Path fresh = folder.resolve(number + ".json.new");
        try {
            Files.deleteIfExists(fresh);
            try (FileChannel file = FileChannel.open(
                    fresh,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                    owner("rw-------"))) {
                ByteBuffer rest = ByteBuffer.wrap(answer);
                while (rest.hasRemaining()) {
                    file.write(rest);
                }
                file.force(true);
            }
            Files.move(fresh, file(number), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            Files.deleteIfExists(fresh);
            throw failed;
        }
        sizes.put(number, (long) answer.length);
        bytes += answer.length;
        dirty = true;
        return number;
    }

    private void makeFolder() throws IOException {
        try {
            Files.createDirectory(folder, owner("rwx------"));
            dirty = true;
        } catch (FileAlreadyExistsException there) {
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                throw new FileSystemException(folder.toString(), null, folder + " is not a folder");
            }
        }
    }

    /** The permissions of a file or folder for its owner alone; none where the file system has no such thing. */
    private FileAttribute<?>[] owner(String permissions) {
        boolean isPosix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
        return isPosix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    /** Forces the names of new files to the disk. */
    synchronized void sync() throws IOException {
        if (!dirty) {
            return;
        }
        dirty = false;
        for (Path each : new Path[] {folder, folder.getParent()}) {
            try (FileChannel names = FileChannel.open(each, StandardOpenOption.READ)) {
                names.force(true);
            } catch (FileSystemException noFolders) {
                // some systems do not open a folder; they write its names themselves
            }
        }
    }

    /** Reads an answer. <b>Failure.</b> {@link IOException} when it is not there or is no plain file. */
    byte[] read(long number) throws IOException {
        try (InputStream in = Files.newInputStream(file(number), LinkOption.NOFOLLOW_LINKS)) {
            return in.readAllBytes();
        }
    }

    /** Removes an answer that nobody needs any more. */
    synchronized void remove(long number) {
        Long size = sizes.remove(number);
        if (size == null) {
            return;
        }
        bytes -= size;
        delete(file(number));
    }

    /** Removes the folder when nothing is in it, and what a killed process left half-written. */
    synchronized void tidy() {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (DirectoryStream<Path> halves = Files.newDirectoryStream(folder, "*.json.new")) {
            halves.forEach(PendingAnswers::delete);
        } catch (IOException unreadable) {
            return;
        }
        if (sizes.isEmpty()) {
            delete(folder);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException stays) {
            // a file that stays behind is removed by the next process of the run
        }
    }

    private Path file(long number) {
        return folder.resolve(number + ".json");
    }
}
