package io.vertask.app.output;

import java.io.BufferedReader;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The file of {@code --out}.
 *
 * @param firstLine the first line of a file that is appended to; empty when the file is new or empty
 */
record OutFile(OutputStream stream, Optional<String> firstLine) {
    private static final int BLOCK = 4_096;
    private static final int LONGEST_LINE = 1 << 16;

    static OutFile open(Path file, boolean goesOn) throws IOException {
        Optional<String> first = Optional.empty();
        if (goesOn && Files.isRegularFile(file) && Files.size(file) > 0) {
            cutTornLine(file);
            first = firstLine(file);
        }
        return new OutFile(new SyncedFile(new FileOutputStream(file.toFile(), goesOn)), first);
    }

    /** Cuts off the half line that a killed process may have left. */
    private static void cutTornLine(Path path) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            byte[] block = new byte[BLOCK];
            long end = file.length();
            while (end > 0) {
                int length = (int) Math.min(BLOCK, end);
                file.seek(end - length);
                file.readFully(block, 0, length);
                for (int i = length - 1; i >= 0; i--) {
                    if (block[i] == '\n') {
                        file.setLength(end - length + i + 1);
                        return;
                    }
                }
                end -= length;
            }
            file.setLength(0);
        }
    }

    private static Optional<String> firstLine(Path file) throws IOException {
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            StringBuilder line = new StringBuilder();
            for (int c = reader.read(); c >= 0 && c != '\n' && line.length() < LONGEST_LINE; c = reader.read()) {
                line.append((char) c);
            }
            String text = new String(line.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
            return text.isEmpty() ? Optional.empty() : Optional.of(text.strip());
        }
    }

    /** A stream to a file that forces it to the disk when it is closed. */
    private static final class SyncedFile extends OutputStream {
        private final FileOutputStream file;

        SyncedFile(FileOutputStream file) {
            this.file = file;
        }

        @Override
        public void write(int b) throws IOException {
            file.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            file.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            try (file) {
                file.getFD().sync();
            } catch (java.io.SyncFailedException noDisk) {
                // a device or a pipe can't be forced
            }
        }
    }
}
