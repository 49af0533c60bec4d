package io.vertask.app.run;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Puts results back into the order in which their items began: what comes early waits until everything before it has
 * come.
 *
 * <p>It holds no more than the items that have begun and are not printed, which {@link Window} bounds.
 */
final class InOrder {
    private final Queue<Long> begun = new ArrayDeque<>();
    private final Map<Long, ItemResult> early = new HashMap<>();
    private final Map<Long, ItemResult> parts = new HashMap<>();
    private final Consumer<ItemResult> next;

    InOrder(Consumer<ItemResult> next) {
        this.next = next;
    }

    /** The next item in the order. */
    void begin(long n) {
        begun.add(n);
    }

    void add(ItemResult result) {
        if (result.isPart()) {
            addPart(result);
            return;
        }
        early.put(result.n(), result);
        for (Long due = begun.peek(); due != null; due = begun.peek()) {
            ItemResult part = parts.remove(due);
            if (part != null) {
                next.accept(part);
            }
            ItemResult ready = early.remove(due);
            if (ready == null) {
                return;
            }
            begun.remove();
            next.accept(ready);
        }
    }

    /** One at most is held of an item, which goes on when it has been written. */
    private void addPart(ItemResult part) {
        Long due = begun.peek();
        if (due != null && due == part.n()) {
            next.accept(part);
        } else {
            parts.put(part.n(), part);
        }
    }

    /** Hands out what is left at the end, in order, past the items that never came. */
    void flush() {
        Stream.concat(early.values().stream(), parts.values().stream())
                .sorted(Comparator.comparingLong(ItemResult::n).thenComparing(result -> !result.isPart()))
                .toList()
                .forEach(next);
        early.clear();
        begun.clear();
        parts.clear();
    }
}
