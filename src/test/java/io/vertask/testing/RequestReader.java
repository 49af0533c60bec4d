package io.vertask.testing;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads HTTP/1.1 requests from a stream: head and body by {@code Content-Length}, 1 MiB at most. */
final class RequestReader {
    private static final int LONGEST = 1024 * 1024;

    private final InputStream in;

    RequestReader(InputStream in) {
        this.in = in;
    }

    /** The next request, or null when the peer has closed the connection between two requests. */
    @Nullable
    RecordedRequest next() throws IOException {
        String line = line();
        if (line == null) {
            return null;
        }
        Map<String, String> headers = new LinkedHashMap<>();
        String header = line();
        while (header != null && !header.isEmpty()) {
            int colon = header.indexOf(':');
            if (colon < 1) {
                throw new IOException("not a header: " + header);
            }
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).trim());
            header = line();
        }
        if (header == null) {
            throw new EOFException("the head ended early");
        }
        if (headers.containsKey("transfer-encoding")) {
            throw new IOException("this server reads no chunked request");
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        if (length > LONGEST) {
            throw new IOException("a body of " + length + " bytes is too long");
        }
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("the body ended early");
        }
        return new RecordedRequest(
                line, Map.copyOf(headers), new String(body, StandardCharsets.UTF_8), System.nanoTime());
    }

    private @Nullable String line() throws IOException {
        StringBuilder text = new StringBuilder();
        int c = in.read();
        while (c >= 0 && c != '\n') {
            if (text.length() == LONGEST) {
                throw new IOException("a line without end");
            }
            if (c != '\r') {
                text.append((char) c);
            }
            c = in.read();
        }
        return c < 0 && text.length() == 0 ? null : text.toString();
    }
}
