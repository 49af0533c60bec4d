package io.vertask.app.feed;

import io.vertask.app.workload.StartFailure;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Splits bytes into lines of UTF-8. LF or CR LF ends a line; a byte order mark at the start and blank lines are
 * dropped.
 *
 * <p><b>Failure.</b> {@link StartFailure} with the line's number when it is not UTF-8 or too long.
 */
final class LineSplitter {
    /** The longest line, in bytes. */
    static final int LONGEST = 1 << 20;

    /** Takes the lines. */
    interface Sink {
        void line(long number, String text);
    }

    private final String name;
    private final Sink sink;
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
    private long number = 1;

    LineSplitter(String name, Sink sink) {
        this.name = name;
        this.sink = sink;
    }

    void add(byte[] bytes, int length) {
        int from = 0;
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n') {
                end(bytes, from, i - from);
                from = i + 1;
            }
        }
        if (begun.size() + length - from > LONGEST) {
            throw new StartFailure(
                    name + ":" + number + " is a line of more than 1 MiB; a list of items has one a line");
        }
        begun.write(bytes, from, length - from);
    }

    /** Ends the input; its last line needs no line end. */
    void end() {
        if (begun.size() > 0) {
            end(new byte[0], 0, 0);
        }
    }

    private void end(byte[] bytes, int from, int length) {
        if (begun.size() == 0) {
            line(bytes, from, length);
            return;
        }
        begun.write(bytes, from, length);
        byte[] whole = begun.toByteArray();
        begun.reset();
        line(whole, 0, whole.length);
    }

    private void line(byte[] bytes, int from, int length) {
        int begin = from;
        int end = from + length;
        if (end > begin && bytes[end - 1] == '\r') {
            end--;
        }
        if (number == 1
                && end - begin >= 3
                && bytes[begin] == (byte) 0xEF
                && bytes[begin + 1] == (byte) 0xBB
                && bytes[begin + 2] == (byte) 0xBF) {
            begin += 3;
        }
        String text = text(bytes, begin, end - begin);
        if (!text.isBlank()) {
            sink.line(number, text);
        }
        number++;
    }

    private String text(byte[] bytes, int from, int length) {
        String text = new String(bytes, from, length, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') < 0) {
            return text;
        }
        try { // the text may contain that character itself
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, from, length))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw new StartFailure(name + ":" + number + " is not UTF-8; convert it, like: iconv -f "
                    + (isUtf16(bytes, from, length) ? "UTF-16" : "ISO-8859-1") + " -t UTF-8");
        }
    }

    private boolean isUtf16(byte[] bytes, int from, int length) {
        return number == 1
                && length >= 2
                && ((bytes[from] == (byte) 0xFF && bytes[from + 1] == (byte) 0xFE)
                        || (bytes[from] == (byte) 0xFE && bytes[from + 1] == (byte) 0xFF));
    }
}
