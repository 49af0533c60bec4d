package io.vertask.client;

import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The reader of a packed body, chunk by chunk: gzip with any number of members (RFC 1952), or deflate with and without
 * the frame of zlib (RFC 1950, 1951).
 *
 * <pre>
 *  HEAD ──▶ DATA ──▶ TAIL ──▶ END
 *   ▲                          │ gzip: the next member
 *   └──────────────────────────┘
 * </pre>
 *
 * <p>Lengths and checksums are compared. Bytes after the end are damage, as RFC 1952 says and curl does.
 *
 * <p><b>Failure.</b> {@link HttpContentException}; afterwards it is only closed.
 */
final class HttpInflater implements AutoCloseable {
    private enum State {
        HEAD,
        DATA,
        TAIL,
        END
    }

    private static final int TAIL_BYTES = 8;

    private final HttpContentCoding coding;
    private final GzipHead head = new GzipHead();
    private final CRC32 crc = new CRC32();
    private Inflater inflater = new Inflater(true);

    private State state = State.HEAD;
    private byte[] input = {};
    private int at;
    /** The length of the chunks before {@link #input}. */
    private long before;
    /** The bytes of the tail that have come, and how many. */
    private long tail;

    private int tailBytes;

    HttpInflater(HttpContentCoding coding) {
        this.coding = coding;
    }

    /** Adds the next chunk; the one before has been read. */
    void input(byte[] chunk) {
        before += at;
        int kept = input.length - at;
        byte[] next = new byte[kept + chunk.length];
        System.arraycopy(input, at, next, 0, kept);
        System.arraycopy(chunk, 0, next, kept, chunk.length);
        input = next;
        at = 0;
    }

    /** Reads into {@code out}; 0 when more input is needed. */
    int read(byte[] out) {
        while (true) {
            switch (state) {
                case HEAD -> {
                    if (!readHead()) {
                        return 0;
                    }
                }
                case DATA -> {
                    int read = inflate(out);
                    if (read > 0 || state == State.DATA) {
                        return read;
                    }
                }
                case TAIL -> {
                    if (at == input.length) {
                        return 0;
                    }
                    readTail(input[at++] & 0xFF);
                }
                case END -> {
                    if (at == input.length) {
                        return 0;
                    }
                    if (!coding.gzip() || (input[at] & 0xFF) != GzipHead.ID1) {
                        throw coding.damaged("there are bytes after its end");
                    }
                    inflater.reset();
                    crc.reset();
                    head.reset();
                    state = State.HEAD;
                }
            }
        }
    }

    /** Reads what stands before the data; returns false when more input is needed. */
    private boolean readHead() {
        if (!coding.gzip()) {
            // one byte is kept until the second has come
            if (input.length - at < 2) {
                return false;
            }
            int first = input[at] & 0xFF;
            boolean zlib = (first & 0x0F) == 8 && first >> 4 <= 7 && (first << 8 | (input[at + 1] & 0xFF)) % 31 == 0;
            if (zlib) {
                inflater.end();
                inflater = new Inflater();
            }
            state = State.DATA;
            return true;
        }
        while (at < input.length) {
            String wrong = head.take(input[at++] & 0xFF);
            if (wrong != null) {
                throw coding.damaged(wrong);
            }
            if (head.isWhole()) {
                state = State.DATA;
                return true;
            }
        }
        return false;
    }

    private int inflate(byte[] out) {
        if (inflater.needsInput() && at < input.length) {
            inflater.setInput(input, at, input.length - at);
            at = input.length;
        }
        int read;
        try {
            read = inflater.inflate(out);
        } catch (DataFormatException wrong) {
            String how = wrong.getMessage();
            throw coding.damaged(how == null ? "it can't be read" : how);
        }
        if (inflater.needsDictionary()) {
            throw coding.damaged("it needs a dictionary");
        }
        crc.update(out, 0, read);
        if (read == 0 && inflater.finished()) {
            at = input.length - inflater.getRemaining();
            tail = 0;
            tailBytes = 0;
            state = coding.gzip() ? State.TAIL : State.END;
        }
        return read;
    }

    private void readTail(int next) {
        tail |= (long) next << (8 * tailBytes++);
        if (tailBytes == TAIL_BYTES) {
            if ((tail & 0xFFFF_FFFFL) != crc.getValue()) {
                throw coding.damaged("its checksum is wrong");
            }
            if (tail >>> 32 != (inflater.getBytesWritten() & 0xFFFF_FFFFL)) {
                throw coding.damaged("its length is wrong");
            }
            state = State.END;
        }
    }

    /** Fails when the body ends here, but its coding does not. */
    void end() {
        long length = before + input.length;
        if (state != State.END && !(length == 0 && coding.mayBeEmpty())) {
            throw coding.cutShort(length);
        }
    }

    @Override
    public void close() {
        inflater.end();
    }
}
