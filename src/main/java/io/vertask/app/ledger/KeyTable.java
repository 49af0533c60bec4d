package io.vertask.app.ledger;

import io.vertask.app.ledger.EarlierItems.Known;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;

/**
 * A table of counts by key. A key is stored as a hash of 128 bits, so it takes about 40 bytes whatever its length.
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
    /** The counts of each kind that there is, by slot. */
    private final Map<Known, int[]> counts = new EnumMap<>(Known.class);

    private int size;

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException every) {
            throw new IllegalStateException("every Java has SHA-256", every);
        }
    }

    /** Counts one more item with this key. */
    void add(String key, Known how) {
        if (size > high.length / 8 * 7) {
            grow();
        }
        ByteBuffer hash = hash(key);
        int slot = taken(hash.getLong(), hash.getLong() | 1);
        counts.computeIfAbsent(how, first -> new int[high.length])[slot]++;
    }

    /** Counts one item less; returns false when there is none. */
    boolean take(String key, Known how) {
        int[] all = counts.get(how);
        int slot = all == null ? 0 : slot(key);
        if (all == null || all[slot] == 0) {
            return false;
        }
        all[slot]--;
        return true;
    }

    /** Whether there is an item with this key. */
    boolean has(String key, Known how) {
        int[] all = counts.get(how);
        return all != null && all[slot(key)] > 0;
    }

    private int slot(String key) {
        ByteBuffer hash = hash(key);
        return slot(hash.getLong(), hash.getLong() | 1);
    }

    /** A short text for a key: of its hash. */
    static String name(String key) {
        return HexFormat.of().formatHex(sha256().digest(key.getBytes(StandardCharsets.UTF_8)), 0, 16);
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
        Map<Known, int[]> old = new EnumMap<>(counts);
        int capacity = oldHigh.length / 2 * 3;
        high = new long[capacity];
        low = new long[capacity];
        counts.replaceAll((kind, slots) -> new int[capacity]);
        size = 0;
        for (int i = 0; i < oldHigh.length; i++) {
            if (oldLow[i] != 0) {
                int slot = taken(oldHigh[i], oldLow[i]);
                for (Map.Entry<Known, int[]> kind : counts.entrySet()) {
                    kind.getValue()[slot] = Objects.requireNonNull(old.get(kind.getKey()))[i];
                }
            }
        }
    }
}
