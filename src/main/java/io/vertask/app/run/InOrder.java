package io.vertask.app.run;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Puts results back into input order: what comes early waits until everything before it has come.
 *
 * <p>It holds no more than the items that have begun and are not printed, which {@link Window} bounds.
 */
final class InOrder {
    private final Map<Long, ItemResult> early = new HashMap<>();
    private final Consumer<ItemResult> next;
    private long due;

    InOrder(Consumer<ItemResult> next) {
        this.next = next;
    }

    void add(ItemResult result) {
        early.put(result.n(), result);
        for (ItemResult ready = early.remove(due); ready != null; ready = early.remove(due)) {
            due++;
            next.accept(ready);
        }
    }

    /** Hands out what is left at the end, in order, past the items that never came. */
    void flush() {
        early.values().stream()
                .sorted(Comparator.comparingLong(ItemResult::n))
                .toList()
                .forEach(next);
        early.clear();
    }
}
