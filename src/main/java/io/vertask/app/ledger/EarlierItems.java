package io.vertask.app.ledger;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The items that earlier processes of a run have finished, to be looked up one by one.
 *
 * <p>A key that was finished twice stands for two items; each lookup consumes one of them.
 *
 * <p><b>Threads.</b> One at a time.
 */
public final class EarlierItems {

    /** The known result of an item. */
    public enum Known {
        NOTHING,
        OK,
        FAILED,
        /** It failed after a call that can't be repeated, and the call's answer was not kept. */
        UNKNOWN
    }

    private final KeyTable keys = new KeyTable();
    /** The kept answers that a line of the ledger names, by key. */
    private final Map<String, Deque<Long>> named = new HashMap<>();
    /** The kept answers whose process was killed before it could write the line. */
    private final Map<String, Deque<Long>> nameless = new HashMap<>();

    private final boolean retryFailed;
    private long done;

    private EarlierItems(boolean retryFailed) {
        this.retryFailed = retryFailed;
    }

    /** No items. */
    static EarlierItems nothing(boolean retryFailed) {
        return new EarlierItems(retryFailed);
    }

    /**
     * Adds a line of the ledger.
     *
     * @param again whether it replaces an earlier line of the same item
     * @param answer the number of its kept answer
     */
    void add(String key, Known how, boolean again, OptionalLong answer) {
        if (again && (keys.take(key, Known.FAILED) || keys.take(key, Known.UNKNOWN))) {
            done--;
            take(named, key);
        }
        keys.add(key, how);
        answer.ifPresent(number -> add(named, key, number));
        done++;
    }

    /** Adds a kept answer that no line names; returns false when its item is done. */
    boolean add(String key, long answer) {
        boolean isDone = keys.has(key, Known.OK) && !keys.has(key, Known.FAILED) && !keys.has(key, Known.UNKNOWN);
        if (!isDone) {
            add(nameless, key, answer);
        }
        return !isDone;
    }

    /** The numbers of the kept answers that lines name. */
    Set<Long> answers() {
        Set<Long> numbers = new HashSet<>();
        named.values().forEach(numbers::addAll);
        return numbers;
    }

    private static void add(Map<String, Deque<Long>> answers, String key, long number) {
        answers.computeIfAbsent(KeyTable.name(key), first -> new ArrayDeque<>(1))
                .add(number);
    }

    private static OptionalLong take(Map<String, Deque<Long>> answers, String key) {
        if (answers.isEmpty()) {
            return OptionalLong.empty();
        }
        String name = KeyTable.name(key);
        Deque<Long> numbers = answers.get(name);
        if (numbers == null) {
            return OptionalLong.empty();
        }
        long number = numbers.remove();
        if (numbers.isEmpty()) {
            answers.remove(name);
        }
        return OptionalLong.of(number);
    }

    /** Returns the result of the next item with this key, and consumes it. */
    public Known take(String key) {
        if (done == 0) {
            return Known.NOTHING;
        }
        for (Known how : new Known[] {Known.OK, Known.FAILED, Known.UNKNOWN}) {
            if (keys.take(key, how)) {
                return how;
            }
        }
        return Known.NOTHING;
    }

    /** Returns the kept answer of the item that {@link #take} has just consumed, and consumes it. */
    OptionalLong answer(String key, Known taken) {
        OptionalLong number = taken == Known.NOTHING ? OptionalLong.empty() : take(named, key);
        return number.isPresent() ? number : take(nameless, key);
    }

    /** Whether failed items are to be done again. */
    public boolean retriesFailed() {
        return retryFailed;
    }

    /** The number of finished items. */
    public long done() {
        return done;
    }
}
