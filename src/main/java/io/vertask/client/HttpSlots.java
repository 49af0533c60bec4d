package io.vertask.client;

import io.vertask.task.ClosedException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The limit that stands before Vert.x's connection pool: who may run, who waits, in arrival order.
 *
 * <p>No public API takes a waiter out of Vert.x's pool, nor a connect that hangs. So the pool is larger than the limit
 * by {@code spare}: a call that is cancelled while it connects hands its slot on at once, as long as no more than
 * {@code spare} such connects are pending; beyond that it keeps its slot until its connect has ended. The pool is thus
 * never asked for more than it has.
 *
 * <p><b>Threads.</b> Any; calls are told on their own context.
 */
final class HttpSlots {
    private final int limit;
    private final int spare;
    private final Set<HttpCall> running = new LinkedHashSet<>();
    private final Set<HttpCall> waiting = new LinkedHashSet<>();
    private final Set<HttpCall> abandoned = new LinkedHashSet<>();
    private boolean closed;

    HttpSlots(int limit, int spare) {
        this.limit = limit;
        this.spare = spare;
    }

    /** Grants a slot at once when one is free, later otherwise. */
    void enter(HttpCall call) {
        boolean granted = false;
        boolean refused;
        synchronized (this) {
            refused = closed;
            if (!refused) {
                granted = running.size() < limit;
                (granted ? running : waiting).add(call);
            }
        }
        if (refused) {
            call.fail(closed());
        } else if (granted) {
            call.granted();
        } else {
            call.queued();
        }
    }

    /** Takes the call out of wherever it stands; without effect when it stands nowhere. */
    void leave(HttpCall call) {
        HttpCall next;
        synchronized (this) {
            waiting.remove(call);
            abandoned.remove(call);
            running.remove(call);
            next = promote();
        }
        grant(next);
    }

    /** The call has ended while it was connecting; {@link #leave} tells when the connect has ended too. */
    void abandon(HttpCall call) {
        HttpCall next = null;
        synchronized (this) {
            if (abandoned.size() < spare && running.remove(call)) {
                abandoned.add(call);
                next = promote();
            }
        }
        grant(next);
    }

    /** No call gets a slot any more; those which had one or waited for one fail. */
    void close() {
        List<HttpCall> all;
        synchronized (this) {
            closed = true;
            all = new ArrayList<>(running);
            all.addAll(waiting);
        }
        all.forEach(call -> call.later(() -> call.fail(closed())));
    }

    /** Calls that hold a slot, wait for one, or connect although they have ended: for tests. */
    synchronized List<Integer> counts() {
        return List.of(running.size(), waiting.size(), abandoned.size());
    }

    private @Nullable HttpCall promote() {
        if (closed || waiting.isEmpty() || running.size() >= limit) {
            return null;
        }
        HttpCall next = waiting.iterator().next();
        waiting.remove(next);
        running.add(next);
        return next;
    }

    private static void grant(@Nullable HttpCall next) {
        if (next != null) {
            // on its own context: this is the context of the call that made room, or none
            next.later(next::granted);
        }
    }

    synchronized boolean isClosed() {
        return closed;
    }

    static ClosedException closed() {
        return new ClosedException("the HTTP client is closed");
    }
}
