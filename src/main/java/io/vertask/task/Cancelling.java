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
     */
    static void reachAllIn(Scope top, CancelRequest request) {
        ArrayList<Waiter<?>> waits = new ArrayList<>(2);
        ArrayDeque<Scope> scopes = new ArrayDeque<>(2);
        scopes.add(top);
        for (Scope scope = scopes.poll(); scope != null; scope = scopes.poll()) {
            for (@Nullable Node node = scope.firstNode(); node != null; node = node.next) {
                if (node instanceof Waiter<?> wait) {
                    waits.add(wait);
                } else if (node instanceof Scope inner && inner.request == null && scope.passesTo(inner)) {
                    inner.request = request;
                    scopes.add(inner);
                }
            }
        }
        // newest nodes stand first in a scope's list: wake in the order in which the waits began
        for (int i = waits.size() - 1; i >= 0; i--) {
            waits.get(i).cancel(request);
        }
    }
}
