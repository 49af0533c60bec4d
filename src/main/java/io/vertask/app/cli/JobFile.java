package io.vertask.app.cli;

import io.vertask.app.ledger.FileTrouble;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The text of a job file that the command line names; {@code -} is stdin. */
record JobFile(String name, String text) {
    /** A bound on the read; JobReader checks the exact limit and reports it. */
    private static final int MOST_BYTES = 16 << 20;

    /** Reads the file. <b>Failure.</b> {@link IOException} with a message for people. */
    static JobFile read(String file) throws IOException {
        if (file.equals("-")) {
            return new JobFile("stdin", text(System.in));
        }
        Path path = Path.of(file);
        if (Files.isDirectory(path)) {
            throw new IOException(file + " is a folder, not a job file");
        }
        try (InputStream in = Files.newInputStream(path)) {
            return new JobFile(file, text(in));
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + file + "; `./run.sh --help` lists the verbs", e);
        } catch (IOException e) {
            throw new IOException(file + " can't be read: " + FileTrouble.reason(e), e);
        }
    }

    private static String text(InputStream in) throws IOException {
        return new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
    }
}
