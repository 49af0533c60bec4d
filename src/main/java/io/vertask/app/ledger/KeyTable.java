package io.vertask.app.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A table of counts by key. A key is stored as a hash of 128 bits, so it takes about 35 bytes whatever its length.
 *
 * <p>It uses open addressing with linear probing. Entries are never removed; their counts can become zero.
 *
 * <p><b>Threads.</b> One at a time.
 */
final class KeyTable {
    private static final int FIRST = 1_024;

    private final MessageDigest digest = sha256();
    private long[] high = new long[FIRST];
    private long[] low = new long[FIRST];
    private int[] ok = new int[FIRST];
    private int[] failed = new int[FIRST];
    private int size;

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException every) {
            throw new IllegalStateException("every Java has SHA-256", every);
        }
    }

    /** Counts one more item with this key. */
    void add(String key, boolean isOk) {
        if (size > high.length / 8 * 7) {
            grow();
        }
        ByteBuffer hash = hash(key);
        int slot = taken(hash.getLong(), hash.getLong() | 1);
        if (isOk) {
            ok[slot]++;
        } else {
            failed[slot]++;
        }
    }

    /** Counts one item less; returns false when there is none. */
    boolean take(String key, boolean isOk) {
        ByteBuffer hash = hash(key);
        int slot = slot(hash.getLong(), hash.getLong() | 1);
        int[] counts = isOk ? ok : failed;
        if (counts[slot] == 0) {
            return false;
        }
        counts[slot]--;
        return true;
    }

    int capacity() {
        return high.length;
    }

    private ByteBuffer hash(String key) {
        return ByteBuffer.wrap(digest.digest(key.getBytes(StandardCharsets.UTF_8)));
    }

    /** The slot of a hash, or the empty slot for it. A low half of 0 marks an empty slot; no hash has one. */
    private int slot(long first, long second) {
        int slot = (int) Math.multiplyHigh(first >>> 1, (long) high.length << 1);
        while (low[slot] != 0 && (high[slot] != first || low[slot] != second)) {
            slot = slot + 1 == high.length ? 0 : slot + 1;
        }
        return slot;
    }

    private int taken(long first, long second) {
        int slot = slot(first, second);
        if (low[slot] == 0) {
            high[slot] = first;
            low[slot] = second;
            size++;
        }
        return slot;
    }

    /** Grows the table by half: the double would not fit into a small heap beside the old table. */
    private void grow() {
        long[] oldHigh = high;
        long[] oldLow = low;
        int[] oldOk = ok;
        int[] oldFailed = failed;
        int capacity = oldHigh.length / 2 * 3;
        high = new long[capacity];
        low = new long[capacity];
        ok = new int[capacity];
        failed = new int[capacity];
        size = 0;
        for (int i = 0; i < oldHigh.length; i++) {
            if (oldLow[i] != 0) {
                int slot = taken(oldHigh[i], oldLow[i]);
                ok[slot] = oldOk[i];
                failed[slot] = oldFailed[i];
            }
        }
    }
}
