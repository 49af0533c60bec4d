package io.vertask.app.run;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.TreeSet;

/**
 * A buffer that puts results into the order in which their items began. An early result waits for those before it.
 *
 * <p>It holds only results of items that have begun and are not written; {@link Window} bounds their number.
 *
 * <p><b>Threads.</b> Any: another one flushes it when the run's event loop is blocked for ever.
 */
final class InOrder {
    private final Queue<Long> begun = new ArrayDeque<>();
    private final Map<Long, Result> early = new HashMap<>();
    /** The pages by item, at most one for each: an item continues only when its page has been written. */
    private final Map<Long, PageRows> pages = new HashMap<>();

    private final Sink next;

    InOrder(Sink next) {
        this.next = next;
    }

    /** Adds the next item in the order. */
    synchronized void begin(long n) {
        begun.add(n);
    }

    synchronized void add(Result result) {
        early.put(result.n(), result);
        for (Long due = begun.peek(); due != null; due = begun.peek()) {
            hand(due);
            Result ready = early.remove(due);
            if (ready == null) {
                return;
            }
            next.ended(ready);
            begun.remove();
        }
    }

    synchronized void add(PageRows page) {
        pages.put(page.n(), page);
        Long due = begun.peek();
        if (due != null && due == page.n()) {
            hand(due);
        }
    }

    private void hand(long n) {
        PageRows page = pages.isEmpty() ? null : pages.remove(n);
        if (page != null) {
            next.rows(page);
        }
    }

    /** Hands out the remaining results in order at the end, without the items that never ended. */
    synchronized void flush() {
        TreeSet<Long> left = new TreeSet<>(Comparator.naturalOrder());
        left.addAll(early.keySet());
        left.addAll(pages.keySet());
        for (long n : left) {
            hand(n);
            Result result = early.remove(n);
            if (result != null) {
                next.ended(result);
            }
        }
        begun.clear();
    }
}
