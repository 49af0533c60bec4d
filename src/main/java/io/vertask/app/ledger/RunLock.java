package io.vertask.app.ledger;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The lock that keeps a run to one process. The system releases it when the process ends, however that happens.
 *
 * <p>It is a separate file because closing any channel of a locked file releases the lock.
 */
final class RunLock implements AutoCloseable {
    static final String NAME = "lock";

    private final FileChannel channel;

    private RunLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Takes the lock; empty when another process holds it. */
    static Optional<RunLock> take(Path folder) throws IOException {
        FileChannel channel =
                FileChannel.open(folder.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean locked = false;
        try {
            locked = channel.tryLock() != null;
        } catch (OverlappingFileLockException here) {
            locked = false;
        } finally {
            if (!locked) {
                channel.close();
            }
        }
        return locked ? Optional.of(new RunLock(channel)) : Optional.empty();
    }

    /** Whether a process holds the lock now. */
    static boolean isTaken(Path folder) {
        if (!Files.exists(folder.resolve(NAME))) {
            return false;
        }
        try {
            Optional<RunLock> free = take(folder);
            if (free.isPresent()) {
                free.get().close();
            }
            return free.isEmpty();
        } catch (IOException unknown) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
