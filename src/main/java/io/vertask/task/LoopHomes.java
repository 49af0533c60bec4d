package io.vertask.task;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The homes of one event loop that have something running, and who watches them.
 *
 * <p>A home stands here only while it has tasks, so one that is forgotten is not kept.
 *
 * <p><b>Threads.</b> That event loop, but {@link #probe}.
 */
final class LoopHomes {
    /** Null: nobody watches. */
    volatile @Nullable Probe probe;

    private volatile @Nullable Thread thread;
    private @Nullable Home first;

    void add(Home home) {
        if (home.listed) {
            return;
        }
        if (thread == null) {
            thread = Thread.currentThread();
        }
        home.listed = true;
        home.next = first;
        if (first != null) {
            first.previous = home;
        }
        first = home;
    }

    void remove(Home home) {
        if (!home.listed) {
            return;
        }
        home.listed = false;
        if (home.next != null) {
            home.next.previous = home.previous;
        }
        if (home.previous != null) {
            home.previous.next = home.next;
        } else {
            first = (Home) home.next;
        }
        home.next = null;
        home.previous = null;
    }

    @Nullable
    Home firstHome() {
        return first;
    }

    /** Where this loop is, seen from another thread. */
    Survey.Silent silent() {
        Thread blocked = thread;
        return blocked == null
                ? new Survey.Silent("an event loop without tasks", List.of())
                : new Survey.Silent(blocked.getName(), List.of(blocked.getStackTrace()));
    }

    /** One turn, watched. */
    static void turn(Step step, Probe probe, int ready) {
        probe.turnBegins(whose(step));
        try {
            step.turn();
        } finally {
            probe.turnEnds(ready);
        }
    }

    /** Whose code goes on in this step; asked before the turn, which takes things out of the tree. */
    private static @Nullable Task<?> whose(Step step) {
        if (step instanceof RunningTask<?> task && task.state() == Task.State.QUEUED) {
            return task;
        }
        if (step instanceof Looping loop) {
            return loop.scope.task();
        }
        Scope owner = step instanceof Node node ? node.owner : null;
        return owner == null ? null : owner.task();
    }
}
