package io.vertask.task;

import io.vertask.task.CancelReason.Kind;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.FutureInternal;
import io.vertx.core.spi.context.storage.AccessMode;
import org.jspecify.annotations.Nullable;

/**
 * A node of the tree of running things: a body, and everything that was started in it and has not ended.
 *
 * <pre>
 *  OPEN ──body ended──▶ CLOSING ──nothing lives in it──▶ OVER
 *    │                    │
 *    └── cancel ──────────┴── may come in both; the first request stays, and reaches all that lives here
 * </pre>
 *
 * <p>Who moves it: {@link #run} opens, {@link #bodyOver} closes, {@link #endIfEmpty} ends after the last node.
 * {@link #over} then waits in the ready queue for {@link #turn}, which tells the owner and hands out the result, so a
 * tree of any depth ends without recursion.
 *
 * <p><b>Threads.</b> Its event loop only.
 */
abstract class Scope extends Node {
    enum Life {
        OPEN,
        CLOSING,
        OVER
    }

    final ContextInternal context;
    final Ready ready;

    /** Plain, as all fields here: other threads that ask for a task's state may see it a moment late. */
    Life life = Life.OPEN;
    /** The first request that reached this scope, its own or from outside; it is never taken back. */
    @Nullable
    CancelRequest request;
    /** Whether a wait in this scope's own body failed because of {@link #request}: the body knows. */
    boolean bodyToldOfCancel;
    /** Requests from outside don't come in. */
    boolean shielded;
    /** Whether the scope around this one was cancelled before this one's end was decided. */
    boolean cancelledFirst;
    /** Shielded until the body around it has ended; from then on, what stops that one's leftovers comes in. */
    boolean companion;

    private @Nullable Node first;

    private @Nullable Seldom seldom;

    Scope(ContextInternal context, Ready ready) {
        this.context = context;
        this.ready = ready;
    }

    /** The task whose body this runs in, a task's being itself; null in a {@link Home}. */
    abstract @Nullable RunningTask<?> task();

    // ---- where am I

    /** The scope whose code is running; null outside any. */
    static @Nullable Scope currentOrNull() {
        ContextInternal context = ContextInternal.current();
        return context == null ? null : onOrNull(context);
    }

    /** The scope whose code {@code context} runs; null for a context outside any. */
    static @Nullable Scope onOrNull(ContextInternal context) {
        return context.getLocal(TaskLocals.SCOPE, AccessMode.CONCURRENT);
    }

    static Scope current(String what) {
        Scope scope = currentOrNull();
        if (scope == null) {
            throw new IllegalStateException(what
                    + " was called outside any task; start one with Tasks.run(…) or Tasks.start(…) and call it there");
        }
        return scope.checkThread(what);
    }

    /** This scope, for a verb that is called on its own thread; elsewhere the call is refused. */
    final Scope checkThread(String what) {
        if (!ready.isHere()) {
            throw new IllegalStateException(what + " was called on thread "
                    + Thread.currentThread().getName() + ", but task '" + path()
                    + "' runs on its own event loop's thread only"
                    + (ready.isHeld() ? "; straight-line code calls it inside await(() -> …)" : ""));
        }
        return this;
    }

    /** A context of its own for a new scope: the values of {@code from} as they are now, and the scope itself. */
    static ContextInternal contextFrom(ContextInternal from) {
        return from.duplicate(from.isDuplicate());
    }

    /** The time left until the nearest limit that can cut this scope, in nanoseconds; null when there is none. */
    final @Nullable Long remainingNanos() {
        long now = ready.timers.nanoTime();
        Long least = null;
        for (Scope s = this; s != null; s = s.shielded ? null : s.owner) {
            if (s instanceof TimeoutBlock<?> block && block.isLimited()) {
                long left = block.deadline - now;
                least = least == null ? left : Math.min(least, left);
            }
        }
        return least;
    }

    final void own(ContextInternal context) {
        context.putLocal(TaskLocals.SCOPE, AccessMode.CONCURRENT, this);
    }

    abstract String path();

    /** The exception that says that this scope was asked to stop. */
    CancelledException cancelled(CancelRequest why) {
        RunningTask<?> here = task();
        return here != null ? here.cancelled(why) : new CancelledException(why, path(), "", 0);
    }

    // ---- what lives here

    final void attach(Node node) {
        node.owner = this;
        node.next = first;
        if (first != null) {
            first.previous = node;
        }
        first = node;
        attached();
    }

    final void detach(Node node) {
        if (node.previous != null) {
            node.previous.next = node.next;
        } else {
            first = node.next;
        }
        if (node.next != null) {
            node.next.previous = node.previous;
        }
        node.owner = null;
        node.previous = null;
        node.next = null;
        if (first == null) {
            emptied();
        }
    }

    /**
     * Ends this scope if nothing lives in it; called when what was detached has been handed out, since the code that
     * waited for it may have begun a cleanup.
     */
    final void endIfEmpty() {
        if (first == null && life == Life.CLOSING) {
            over();
        }
    }

    /** Something was attached. */
    void attached() {}

    /** The last node was detached. */
    void emptied() {}

    final @Nullable Node firstNode() {
        return first;
    }

    // ---- cancellation

    /** Whether a request that has reached this scope goes on to {@code inner}, which lives in it. */
    final boolean passesTo(Scope inner) {
        return inner.companion ? life != Life.OPEN : !inner.shielded;
    }

    /** Why nothing may be started here any more, or null when it may. */
    final @Nullable CancelRequest refusal() {
        if (request != null) {
            return request;
        }
        boolean open = life == Life.OPEN || (life == Life.CLOSING && !cancelsWhatIsLeft());
        return open ? null : CancelRequest.of(Kind.PARENT_ENDED, path());
    }

    /** Lets {@code asked} reach this scope and all that lives in it; false when it was over. */
    final boolean cancel(CancelRequest asked) {
        if (life == Life.OVER) {
            return false;
        }
        if (request == null) {
            request = asked;
            cancelAsked();
            Cancelling.reachAllIn(this, asked, true);
        }
        return true;
    }

    /** {@link #request} has just been set, by somebody in here or outside; nothing has been woken yet. */
    void cancelAsked() {}

    /** The request that reached this scope; not one that came after the value being handed out was decided. */
    final @Nullable CancelRequest requestInTime() {
        return request == ready.late ? null : request;
    }

    /** A wait of this scope's own code failed with the cancellation {@code told}. */
    final void bodyWasTold(CancelRequest told) {
        RunningTask<?> here = task();
        // one that knows already has passed it on
        for (Scope s = this; s != null && s.task() == here && s.request == told && !s.bodyToldOfCancel; s = s.owner) {
            s.bodyToldOfCancel = true;
        }
    }

    // ---- the body

    /** Begins the body in this scope's context. */
    final void run(Coroutine<?> body) {
        ContextInternal before = context.beginDispatch();
        Future<?> future;
        try {
            future = begin(body);
        } finally {
            context.endDispatch(before);
        }
        if (future.isComplete()) {
            // no listener: most bodies that end at once are many
            bodyOver(future.result(), future.cause());
            return;
        }
        future.onComplete((value, error) -> {
            if (ready.isHere()) {
                bodyOver(value, error);
            } else {
                ready.loop.execute(() -> bodyOver(value, error));
            }
        });
    }

    /**
     * What {@code body} returns; a failed future when it throws, or returns none. Fatal errors are reported as well.
     */
    final <T> Future<T> begin(Coroutine<T> body) {
        try {
            Future<T> future = body.call();
            return future != null
                    ? future
                    : context.failedFuture(new NullPointerException("the body of '" + path() + "' returned no future"));
        } catch (VirtualMachineError | LinkageError fatal) {
            context.reportException(fatal);
            return context.failedFuture(fatal);
        } catch (Throwable thrown) {
            return context.failedFuture(thrown);
        }
    }

    /**
     * {@code future} for code that runs in this scope: its callbacks come on this scope's context, whoever completes
     * it.
     */
    final <T> Future<T> anchored(Future<T> future) {
        if (future instanceof FutureInternal<T> internal && internal.context() == context) {
            return future;
        }
        return context.future(future::onComplete);
    }

    final void bodyOver(@Nullable Object value, @Nullable Throwable error) {
        if (life != Life.OPEN) {
            return;
        }
        decided();
        bodyEnded(value, error);
        life = Life.CLOSING;
        if (first == null) {
            over();
        } else if (cancelsWhatIsLeft()) {
            Probe probe = ready.homes.probe;
            if (probe != null && request == null && error == null) {
                probe.leftOver(path(), Looking.leftOverIn(this));
            }
            Cancelling.reachAllIn(this, request != null ? request : CancelRequest.of(Kind.PARENT_ENDED, path()), false);
        }
    }

    private void over() {
        life = Life.OVER;
        if (!cancelsWhatIsLeft()) {
            // what it waited for is a part of it, so its end is decided only now
            decided();
        }
        reportUnseen();
        announceOver();
    }

    void announceOver() {
        ready.post(this);
    }

    /** A child failed and nobody has looked yet; somebody may until this scope ends. */
    void failedUnseen(RunningTask<?> child) {
        Seldom mine = seldom();
        if (mine.unseen == null) {
            mine.unseen = new Unseen();
        }
        mine.unseen.add(child, context);
    }

    /** Nobody has looked: the handler of the context is told of each. */
    final void reportUnseen() {
        Seldom mine = seldom;
        if (mine != null && mine.unseen != null) {
            mine.unseen.reportAll(context);
            mine.unseen = null;
        }
    }

    final boolean hasUnseen() {
        return seldom != null && seldom.unseen != null;
    }

    final @Nullable Seldom seldomOrNull() {
        return seldom;
    }

    final Seldom seldom() {
        Seldom mine = seldom;
        if (mine == null) {
            mine = new Seldom();
            seldom = mine;
        }
        return mine;
    }

    /** The end of this scope is decided; a request from outside that comes from now on does not change it. */
    void decided() {
        cancelledFirst = owner != null && owner.requestInTime() != null;
    }

    /** The body has ended; what was started in it may still live. */
    abstract void bodyEnded(@Nullable Object value, @Nullable Throwable error);

    /** Whether what is left over at the end of the body is cancelled, or waited for. */
    boolean cancelsWhatIsLeft() {
        return true;
    }

    /** A task that was started here is over. Called before its result is handed out. */
    void childOver(RunningTask<?> child) {}
}
