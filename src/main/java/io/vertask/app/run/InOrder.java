package io.vertask.app.run;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Puts results back into input order: what comes early waits until everything before it has come.
 *
 * <p>It holds no more than the items that have begun and are not printed, which {@link Window} bounds.
 */
final class InOrder {
    private final Map<Long, ItemResult> early = new HashMap<>();
    private final Map<Long, ItemResult> parts = new HashMap<>();
    private final Consumer<ItemResult> next;
    private long due;

    InOrder(Consumer<ItemResult> next) {
        this.next = next;
    }

    void add(ItemResult result) {
        if (result.isPart()) {
            if (result.n() == due) {
                next.accept(result);
            } else {
                // one at most: its item goes on when it has been written
                parts.put(result.n(), result);
            }
            return;
        }
        early.put(result.n(), result);
        for (ItemResult ready = early.remove(due); ready != null; ready = early.remove(due)) {
            due++;
            next.accept(ready);
            ItemResult part = parts.remove(due);
            if (part != null) {
                next.accept(part);
            }
        }
    }

    /** Hands out what is left at the end, in order, past the items that never came. */
    void flush() {
        Stream.concat(early.values().stream(), parts.values().stream())
                .sorted(Comparator.comparingLong(ItemResult::n).thenComparing(result -> !result.isPart()))
                .toList()
                .forEach(next);
        early.clear();
        parts.clear();
    }
}
