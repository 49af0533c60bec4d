package io.vertask.client;

import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** The head of a gzip member (RFC 1952, 2.3), read byte by byte; nothing of it is kept. */
final class GzipHead {
    static final int ID1 = 0x1F;
    private static final int FIXED = 10;
    private static final int ID2 = 0x8B;
    private static final int DEFLATED = 8;
    private static final int CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xE0;

    private final CRC32 crc = new CRC32();
    private int count;
    /** The optional parts that have not come yet. */
    private int flags;
    /** The bytes of the current part so far. */
    private int part;

    private int extra;
    private int check;

    void reset() {
        crc.reset();
        count = 0;
        flags = 0;
        part = 0;
        extra = 0;
        check = 0;
    }

    boolean isWhole() {
        return count == FIXED && flags == 0;
    }

    /** Takes the next byte; returns what is wrong with it, or null. */
    @Nullable
    String take(int next) {
        if (count < FIXED) {
            crc.update(next);
            return fixed(next);
        }
        if ((flags & EXTRA) != 0) {
            crc.update(next);
            extra |= part < 2 ? next << (8 * part) : 0;
            part++;
            over(EXTRA, part >= 2 && part - 2 == extra);
        } else if ((flags & NAME) != 0) {
            crc.update(next);
            over(NAME, next == 0);
        } else if ((flags & COMMENT) != 0) {
            crc.update(next);
            over(COMMENT, next == 0);
        } else {
            check |= next << (8 * part++);
            if (part == 2 && check != (crc.getValue() & 0xFFFF)) {
                return "the checksum of its head is wrong";
            }
            over(CRC, part == 2);
        }
        return null;
    }

    private void over(int flag, boolean whole) {
        if (whole) {
            flags &= ~flag;
            part = 0;
        }
    }

    private @Nullable String fixed(int next) {
        int index = count++;
        if ((index == 0 && next != ID1) || (index == 1 && next != ID2)) {
            return "it does not begin as gzip does";
        }
        if (index == 2 && next != DEFLATED) {
            return "its method is not deflate";
        }
        if (index == 3) {
            flags = next & (CRC | EXTRA | NAME | COMMENT);
            return (next & RESERVED) == 0 ? null : "its head has flags that nobody knows";
        }
        return null;
    }
}
