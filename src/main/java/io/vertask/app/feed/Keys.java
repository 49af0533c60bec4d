package io.vertask.app.feed;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Finds the first key that comes a second time, among the first million keys. A key is kept as a hash of 64 bits.
 *
 * <p>It takes 16 MiB at most, and no memory once such a key has been found.
 */
final class Keys {
    private static final int MOST = 1_000_000;

    /** Open addressing, a power of two long, half full at most; zero is an empty slot. */
    private long[] table = new long[1_024];

    private int size;
    private boolean over;

    /** Whether {@code key} is the first one that has come before; true at most once. */
    boolean isFirstAgain(String key) {
        if (over) {
            return false;
        }
        boolean again = !add(hash(key));
        if (again || size == MOST) {
            over = true;
            table = new long[0];
        }
        return again;
    }

    private boolean add(long hash) {
        int place = place(table, hash);
        if (table[place] == hash) {
            return false;
        }
        table[place] = hash;
        size++;
        if (size * 2 > table.length) {
            long[] larger = new long[table.length * 2];
            Arrays.stream(table).filter(each -> each != 0).forEach(each -> larger[place(larger, each)] = each);
            table = larger;
        }
        return true;
    }

    private static int place(long[] in, long hash) {
        int place = (int) (hash ^ (hash >>> 32)) & (in.length - 1);
        while (in[place] != 0 && in[place] != hash) {
            place = (place + 1) & (in.length - 1);
        }
        return place;
    }

    /** FNV-1a, then mixed. */
    private static long hash(String key) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        hash ^= hash >>> 29;
        return hash == 0 ? 1 : hash;
    }
}
