package io.vertask.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/** A decompression bomb: a small response that unpacks to a large one. */
final class Bomb {
    private Bomb() {}

    static Reply.Raw of(int megabytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < megabytes; i++) {
                gzip.write(zeros);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String head = "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: " + packed.size() + "\r\n\r\n";
        return new Reply.Raw(head + packed.toString(StandardCharsets.ISO_8859_1), false);
    }
}
