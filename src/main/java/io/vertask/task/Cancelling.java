package io.vertask.task;

import java.util.ArrayDeque;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** How one request reaches everything that lives in a scope, however deep. */
final class Cancelling {
    private Cancelling() {}

    /**
     * Marks first, wakes afterwards: a wait's abort hook is foreign code that may start and end things in these scopes,
     * and must find them marked. A queue instead of recursion, since trees may be deeper than the stack.
     *
     * @param topToo whether the request has just reached {@code top} itself
     */
    static void reachAllIn(Scope top, CancelRequest request, boolean topToo) {
        ArrayList<Waiter<?>> waits = new ArrayList<>(2);
        Probe probe = top.ready.homes.probe;
        ArrayList<RunningTask<?>> reached = new ArrayList<>(0);
        if (probe != null && topToo && top instanceof RunningTask<?> task) {
            reached.add(task);
        }
        ArrayDeque<Scope> scopes = new ArrayDeque<>(2);
        scopes.add(top);
        for (Scope scope = scopes.poll(); scope != null; scope = scopes.poll()) {
            for (@Nullable Node node = scope.firstNode(); node != null; node = node.next) {
                if (node instanceof Waiter<?> wait) {
                    waits.add(wait);
                } else if (node instanceof Scope inner && inner.request == null && scope.passesTo(inner)) {
                    inner.request = request;
                    inner.cancelAsked();
                    // one whose end is decided is marked for what may still begin in it, but is not asked to stop
                    if (probe != null && inner.life != Scope.Life.OVER && inner instanceof RunningTask<?> task) {
                        reached.add(task);
                    }
                    scopes.add(inner);
                }
            }
        }
        if (probe != null) {
            reached.forEach(
                    task -> probe.cancelRequested(task, request.reason, request.by, task.ready.timers.nanoTime()));
        }
        // newest nodes stand first in a scope's list: wake in the order in which the waits began
        for (int i = waits.size() - 1; i >= 0; i--) {
            waits.get(i).cancel(request);
        }
    }
}
