package io.vertask.task;

import org.jspecify.annotations.Nullable;

/**
 * The homes of one event loop that have tasks, and the probe that watches them.
 *
 * <p>A home stands here only while it has tasks, so one that is forgotten is not kept alive.
 *
 * <p><b>Threads.</b> That event loop, but for {@link #probe} and {@link #thread}.
 */
final class LoopHomes {
    /** Null when nobody watches. */
    volatile @Nullable Probe probe;

    /** The loop's thread; null while it has never had a task. */
    volatile @Nullable Thread thread;

    /** The futures that tasks have given up. */
    final LeftFutures left = new LeftFutures();

    private @Nullable Scope first;

    /** Links {@code home} in, which must not stand here. */
    void add(Scope home) {
        if (thread == null) {
            thread = Thread.currentThread();
        }
        home.next = first;
        if (first != null) {
            first.previous = home;
        }
        first = home;
    }

    /** Takes {@code home} out, which must stand here. */
    void remove(Scope home) {
        if (home.next != null) {
            home.next.previous = home.previous;
        }
        if (home.previous != null) {
            home.previous.next = home.next;
        } else {
            first = (Scope) home.next;
        }
        home.next = null;
        home.previous = null;
    }

    /** The newest home, from which {@link Node#next} leads to the others. */
    @Nullable
    Scope firstHome() {
        return first;
    }
}
