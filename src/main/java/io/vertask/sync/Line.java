package io.vertask.sync;

import io.vertask.task.Waiter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait for one thing, in arrival order; who is cancelled leaves by itself.
 *
 * <p><b>Threads.</b> All but {@link #enter}'s own hook is called while holding this line's monitor, which also guards
 * whatever its owner decides by. A waiter is resumed under it: either it is in the line, or it has its value.
 */
final class Line<T> {
    private final Set<Waiter<T>> waiting = new LinkedHashSet<>();

    void enter(Waiter<T> waiter) {
        waiting.add(waiter.onCancel(cause -> leave(waiter)));
    }

    /** False: it has its value already, which then goes to its undelivered hook. */
    private synchronized boolean leave(Waiter<T> waiter) {
        return waiting.remove(waiter);
    }

    /** Takes the longest waiter out. */
    @Nullable
    Waiter<T> poll() {
        Iterator<Waiter<T>> longest = waiting.iterator();
        if (!longest.hasNext()) {
            return null;
        }
        Waiter<T> first = longest.next();
        longest.remove();
        return first;
    }

    /** Takes all of them out. */
    List<Waiter<T>> pollAll() {
        List<Waiter<T>> all = new ArrayList<>(waiting);
        waiting.clear();
        return all;
    }

    int size() {
        return waiting.size();
    }
}
