package io.vertask.app.output;

import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The file of {@code --out}. A regular file is locked before anything in it changes, so that two runs never write to
 * one; the system releases the lock when the file is closed or the process ends.
 *
 * @param firstLine the first line of a file that is appended to; empty when the file is new or empty
 */
record OutFile(OutputStream stream, Optional<String> firstLine) {
    private static final int BLOCK = 4_096;
    private static final int LONGEST_LINE = 1 << 16;

    /** Whether {@code file} leads to stdout, as {@code /dev/stdout} does. */
    static boolean isStdout(Path file) {
        Path at = FileIdentity.followed(file);
        return FileIdentity.isDescriptor(at) && at.endsWith("1");
    }

    /** Opens the file, empty unless the run goes on. <b>Failure.</b> {@link IOException}, also when it is locked. */
    static OutFile open(Path file, boolean goesOn) throws IOException {
        if (FileIdentity.isDescriptor(FileIdentity.followed(file))) {
            // it is open already, and what its opener wrote before stays
            return new OutFile(new FileOutputStream(file.toFile(), true), Optional.empty());
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            return new OutFile(new FileOutputStream(file.toFile()), Optional.empty());
        }
        FileChannel channel = goesOn
                ? FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ)
                : FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            lock(channel);
            channel.truncate(goesOn ? wholeLines(channel) : 0);
            channel.position(channel.size());
            return new OutFile(new SyncedFile(channel), goesOn ? firstLine(channel) : Optional.empty());
        } catch (IOException | RuntimeException failed) {
            channel.close();
            throw failed;
        }
    }

    private static void lock(FileChannel channel) throws IOException {
        boolean isLocked;
        try {
            isLocked = channel.tryLock() != null;
        } catch (OverlappingFileLockException here) {
            isLocked = false;
        } catch (IOException noLocks) {
            return; // some network file systems have none
        }
        if (!isLocked) {
            throw new IOException("another run writes to it; wait until that ends, or name another file");
        }
    }

    /** The length without the half line that a killed process may have left. */
    private static long wholeLines(FileChannel file) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        long end = file.size();
        while (end > 0) {
            long from = Math.max(0, end - BLOCK);
            read(file, from, block.clear().limit((int) (end - from)));
            for (int i = block.position() - 1; i >= 0; i--) {
                if (block.get(i) == '\n') {
                    return from + i + 1;
                }
            }
            end = from;
        }
        return 0;
    }

    private static void read(FileChannel file, long from, ByteBuffer block) throws IOException {
        while (block.hasRemaining() && file.read(block, from + block.position()) >= 0) {
            // until it is full
        }
    }

    private static Optional<String> firstLine(FileChannel file) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        for (long from = 0; from < Math.min(file.size(), LONGEST_LINE); from += BLOCK) {
            read(file, from, block.clear());
            for (int i = 0; i < block.position(); i++) {
                if (block.get(i) == '\n') {
                    return Optional.of(line.toString(StandardCharsets.UTF_8).strip())
                            .filter(text -> !text.isEmpty());
                }
                line.write(block.get(i));
            }
        }
        String text = line.toString(StandardCharsets.UTF_8);
        return text.isEmpty() ? Optional.empty() : Optional.of(text.strip());
    }

    /** A stream to a file that forces it to the disk when it is closed. */
    private static final class SyncedFile extends OutputStream {
        private final FileChannel file;

        SyncedFile(FileChannel file) {
            this.file = file;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            ByteBuffer rest = ByteBuffer.wrap(bytes, offset, length);
            while (rest.hasRemaining()) {
                file.write(rest);
            }
        }

        @Override
        public void close() throws IOException {
            try (file) {
                if (file.isOpen()) {
                    file.force(true);
                }
            }
        }
    }
}
