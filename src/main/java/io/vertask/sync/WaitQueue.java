package io.vertask.sync;

import io.vertask.task.CancelledException;
import io.vertask.task.Waiter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A queue of waiters in arrival order, which a cancelled waiter leaves by itself.
 *
 * <p><b>Threads.</b> Callers hold this queue's monitor, which also guards the owner's state; only {@link Entry#abort}
 * takes it by itself. A waiter is resumed under the monitor: it is either in the queue or has its value.
 */
final class WaitQueue<T> {
    /** A node of the linked list: one waiter. */
    private final class Entry implements Waiter.Abort {
        private final Waiter<T> waiter;
        private @Nullable Entry before;
        private @Nullable Entry after;
        private boolean left;

        Entry(Waiter<T> waiter) {
            this.waiter = waiter;
        }

        /** False when the waiter has its value already, which then goes to its undelivered hook. */
        @Override
        public boolean abort(CancelledException cause) {
            synchronized (WaitQueue.this) {
                boolean waits = !left;
                if (waits) {
                    leave(this);
                }
                return waits;
            }
        }
    }

    private @Nullable Entry first;
    private @Nullable Entry last;
    private int size;

    void enter(Waiter<T> waiter) {
        Entry entry = new Entry(waiter);
        Entry end = last;
        entry.before = end;
        if (end == null) {
            first = entry;
        } else {
            end.after = entry;
        }
        last = entry;
        size++;
        waiter.onCancel(entry);
    }

    private void leave(Entry entry) {
        Entry before = entry.before;
        Entry after = entry.after;
        if (before == null) {
            first = after;
        } else {
            before.after = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.before = before;
        }
        entry.before = null;
        entry.after = null;
        entry.left = true;
        size--;
    }

    /** Removes the longest waiter; null when there is none. */
    @Nullable
    Waiter<T> poll() {
        Entry longest = first;
        if (longest == null) {
            return null;
        }
        leave(longest);
        return longest.waiter;
    }

    /** Removes all waiters. */
    List<Waiter<T>> pollAll() {
        List<Waiter<T>> all = new ArrayList<>(size);
        for (Waiter<T> next = poll(); next != null; next = poll()) {
            all.add(next);
        }
        return all;
    }

    int size() {
        return size;
    }
}
