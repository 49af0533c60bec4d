package io.vertask.client;

import io.vertask.task.ClosedException;
import io.vertx.core.http.HttpClientRequest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The limit that stands before Vert.x's connection pool; calls beyond it wait in arrival order.
 *
 * <p>No public API takes a waiter, or a connect that hangs, out of Vert.x's pool. So the pool is larger than the limit
 * by {@code spare}: a call that is cancelled while it connects hands its slot on at once, as long as no more than
 * {@code spare} such connects are pending; beyond that it keeps its slot until its connect has ended. The pool is thus
 * never asked for more connections than it has.
 *
 * <p>This is no {@link io.vertask.sync.AsyncSemaphore}: requests sent outside any task need a slot too, and a call is a
 * single wait of its task from the queue to the last byte, of which a semaphore's wait would be a second one.
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

    /** Ends the call's slot, or its wait for one; has no effect on a call that has neither. */
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

    /** Tells that the call has ended while it was connecting; {@link #leave} tells when the connect has ended too. */
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

    /** Refuses every later call; those that have a slot or wait for one fail. */
    void close() {
        List<HttpCall> all;
        synchronized (this) {
            closed = true;
            all = new ArrayList<>(running);
            all.addAll(waiting);
        }
        all.forEach(call -> call.later(() -> call.fail(closed())));
    }

    /** The running call that {@code request} was made for. */
    synchronized @Nullable HttpCall callOf(HttpClientRequest request) {
        for (HttpCall call : running) {
            if (call.isOf(request)) {
                return call;
            }
        }
        return null;
    }

    /** The number of calls that hold a slot, wait for one, or still connect after their end; for tests. */
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
            // on its own context: this one is the context of the call that has left, or none
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
