package io.vertask.app.cli;

import io.vertask.app.job.yaml.LocaleText;
import io.vertask.app.job.yaml.MessageText;
import io.vertask.app.job.yaml.Mistake;
import io.vertask.app.ledger.FileTrouble;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** The text of a job file that the command line names; {@code -} is stdin. */
record JobFile(String name, String text) {
    /** A bound on the read; JobReader checks the exact limit and reports it. */
    private static final int MOST_BYTES = 16 << 20;

    private static final int SHOWN_BYTES = 4;

    /** Reads the file. <b>Failure.</b> {@link IOException} with a message for people. */
    static JobFile read(String file) throws IOException {
        if (file.equals("-")) {
            return new JobFile("stdin", text("stdin", System.in));
        }
        Path path = path(file);
        if (Files.isDirectory(path)) {
            throw new IOException(file + " is a folder, not a job file");
        }
        try (InputStream in = Files.newInputStream(path)) {
            return new JobFile(file, text(file, in));
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + file + Cli.meant(file), e);
        } catch (NotUtf8 e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(file + " can't be read: " + FileTrouble.reason(e), e);
        }
    }

    private static Path path(String file) throws IOException {
        try {
            return Path.of(file);
        } catch (InvalidPathException e) {
            throw new IOException(
                    MessageText.quote(file) + " can't be a file name here; "
                            + (file.indexOf('\0') >= 0 ? "it contains U+0000" : LocaleText.cure()),
                    e);
        }
    }

    private static String text(String name, InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(MOST_BYTES);
        if (bytes.length == MOST_BYTES) { // too long anyway, and perhaps cut within a character
            return new String(bytes, StandardCharsets.UTF_8);
        }
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        CharBuffer text = CharBuffer.allocate(bytes.length);
        CharsetDecoder utf8 = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CoderResult end = utf8.decode(rest, text, true);
        text.flip();
        if (end.isError() || hasNul(bytes)) {
            throw new NotUtf8(mistake(name, text.toString(), bytes, rest.position()));
        }
        return text.toString();
    }

    /** UTF-16 without its mark is full of them. */
    private static boolean hasNul(byte[] bytes) {
        return bytes.length >= 2 && (bytes[0] == 0) != (bytes[1] == 0);
    }

    private static Mistake mistake(String name, String before, byte[] bytes, int at) {
        String convert = "convert it, like: iconv -t UTF-8 -f ";
        if (hasNul(bytes) || isMark(bytes, 0xFF, 0xFE) || isMark(bytes, 0xFE, 0xFF)) {
            return new Mistake(
                    name, 1, 1, "the file is UTF-16; a job file is UTF-8", List.of(), List.of(convert + "UTF-16"));
        }
        int line = 1 + (int) before.codePoints().filter(c -> c == '\n').count();
        String ahead = before.substring(before.lastIndexOf('\n') + 1).replace("\uFEFF", "");
        StringBuilder hex = new StringBuilder();
        int end = at;
        while (end < bytes.length && end < at + SHOWN_BYTES && (end == at || bytes[end] < 0)) {
            hex.append(String.format(" %02X", bytes[end++]));
        }
        String latin = new String(bytes, at, 1, StandardCharsets.ISO_8859_1);
        String message = "not UTF-8: the " + (end == at + 1 ? "byte" : "bytes") + hex
                + (Character.isLetter(latin.charAt(0)) ? "; in ISO-8859-1 it would be " + latin : "");
        return new Mistake(
                name,
                line,
                1 + ahead.codePointCount(0, ahead.length()),
                message,
                List.of(),
                List.of(convert + "ISO-8859-1"));
    }

    private static boolean isMark(byte[] bytes, int first, int second) {
        return bytes.length >= 2 && bytes[0] == (byte) first && bytes[1] == (byte) second;
    }

    /** A text in another encoding. */
    private static final class NotUtf8 extends IOException {
        private static final long serialVersionUID = 1L;

        NotUtf8(Mistake only) {
            super(only.text() + "\n1 mistake; nothing was sent.");
        }
    }
}
