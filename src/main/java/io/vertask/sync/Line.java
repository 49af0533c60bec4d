package io.vertask.sync;

import io.vertask.task.CancelledException;
import io.vertask.task.Waiter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait for one thing, in arrival order; who is cancelled leaves by itself.
 *
 * <p><b>Threads.</b> All but a place's own hook is called while holding this line's monitor, which also guards whatever
 * its owner decides by. A waiter is resumed under it: either it is in the line, or it has its value.
 */
final class Line<T> {
    /** Where one of them stands. */
    private final class Place implements Waiter.Abort {
        private final Waiter<T> waiter;
        private @Nullable Place before;
        private @Nullable Place after;
        private boolean left;

        Place(Waiter<T> waiter) {
            this.waiter = waiter;
        }

        /** False: it has its value already, which then goes to its undelivered hook. */
        @Override
        public boolean abort(CancelledException cause) {
            synchronized (Line.this) {
                boolean waits = !left;
                if (waits) {
                    leave(this);
                }
                return waits;
            }
        }
    }

    private @Nullable Place first;
    private @Nullable Place last;
    private int size;

    void enter(Waiter<T> waiter) {
        Place place = new Place(waiter);
        Place end = last;
        place.before = end;
        if (end == null) {
            first = place;
        } else {
            end.after = place;
        }
        last = place;
        size++;
        waiter.onCancel(place);
    }

    private void leave(Place place) {
        Place before = place.before;
        Place after = place.after;
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
        place.before = null;
        place.after = null;
        place.left = true;
        size--;
    }

    /** Takes the longest waiter out. */
    @Nullable
    Waiter<T> poll() {
        Place longest = first;
        if (longest == null) {
            return null;
        }
        leave(longest);
        return longest.waiter;
    }

    /** Takes all of them out. */
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
