package io.vertask.task;

import io.vertask.task.CancelReason.Kind;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.FutureInternal;
import io.vertx.core.spi.context.storage.AccessMode;
import io.vertx.core.spi.context.storage.ContextLocal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A body, and everything that was started in it and has not ended: an inner node of the tree of running things.
 *
 * <pre>
 *  OPEN ──body ended──▶ CLOSING ──nothing lives in it──▶ OVER
 *    │                    │
 *    └── cancel ──────────┴── may come in both; the first request stays, and reaches all that lives here
 * </pre>
 *
 * <p>{@link #run} opens it, {@link #bodyOver} closes it, {@link #endIfEmpty} ends it after the last node. It then waits
 * in the ready queue for its {@link #turn}, which tells the owner and hands out the result, so a tree of any depth ends
 * without recursion. The flags are explained in {@link RunningTask}.
 *
 * <p><b>Threads.</b> Its event loop only.
 */
abstract class Scope extends Node {
    enum Life {
        OPEN,
        CLOSING,
        OVER
    }

    /**
     * The slot of a duplicated context for the scope whose code it runs. A copy of the context copies the slot, so that
     * Vert.x's own copies stay in the scope. Registered by {@link TaskLocals}.
     */
    static final ContextLocal<Scope> SLOT = ContextLocal.registerLocal(Scope.class, scope -> scope);

    final ContextInternal context;
    final Ready ready;

    /** Plain, as all fields here: another thread that asks for a task's state may see it a moment late. */
    Life life = Life.OPEN;
    /** The first request that reached this scope, its own or from outside; it is never taken back. */
    @Nullable
    CancelRequest request;
    /** Whether a wait in this scope's own body failed because of {@link #request}, so that the body knows of it. */
    boolean bodyToldOfCancel;
    /** Whether requests from outside are kept out. */
    boolean shielded;
    /** Whether the scope around this one was cancelled before this one's end was decided. */
    boolean cancelledFirst;
    /** Whether requests from outside are kept out only until the body around this scope has ended. */
    boolean companion;

    /** The newest node, from which the list leads to the oldest. */
    private @Nullable Node first;

    /** The listener to the body's future, while the body waits. */
    private @Nullable BodyEnd<?> body;

    private @Nullable ScopeExtras extras;

    Scope(ContextInternal context, Ready ready) {
        this.context = context;
        this.ready = ready;
    }

    /** The task that this scope is a part of: a task itself, or the one around a block; null outside any task. */
    abstract @Nullable RunningTask<?> task();

    // ---- the current scope

    /** The scope whose code is running; null outside any. */
    static @Nullable Scope currentOrNull() {
        ContextInternal context = ContextInternal.current();
        return context == null ? null : onOrNull(context);
    }

    /** The scope whose code {@code context} runs; null for a context outside any. */
    static @Nullable Scope onOrNull(ContextInternal context) {
        try {
            return context.getLocal(SLOT, AccessMode.CONCURRENT);
        } catch (IllegalArgumentException noSlot) {
            throw TaskLocals.missing(noSlot);
        }
    }

    static Scope current(String what) {
        Scope scope = currentOrNull();
        if (scope == null) {
            throw new IllegalStateException(what
                    + " was called outside any task; start one with Tasks.run(…) or Tasks.start(…) and call it there");
        }
        return scope.checkThread(what);
    }

    /**
     * This scope, for a verb that is called on its thread.
     *
     * <p><b>Failure.</b> {@link IllegalStateException} on any other thread.
     */
    final Scope checkThread(String what) {
        if (!ready.isHere()) {
            throw new IllegalStateException(what + " was called on thread "
                    + Thread.currentThread().getName() + ", but task '" + path()
                    + "' runs on its own event loop's thread only"
                    + (ready.isHeld() ? "; straight-line code calls it inside await(() -> …)" : ""));
        }
        return this;
    }

    /** A context for a new scope, with the values of {@code from} as they are now. */
    static ContextInternal contextFrom(ContextInternal from) {
        return from.duplicate(from.isDuplicate());
    }

    /** The time left until the nearest limit that can cut this scope, in nanoseconds; null when there is none. */
    final @Nullable Long remainingNanos() {
        long now = ready.timers.nanoTime();
        Long least = null;
        for (Scope s = this; s != null; s = s.shielded ? null : s.owner) {
            Long deadline = s.deadlineOrNull();
            if (deadline != null) {
                long left = deadline - now;
                least = least == null ? left : Math.min(least, left);
            }
        }
        return least;
    }

    /** The end of this scope's own limit, on the clock of {@link Timers}; null when it has none. */
    @Nullable
    Long deadlineOrNull() {
        return null;
    }

    /** Marks {@code context} as the one that runs this scope's code. */
    final void own(ContextInternal context) {
        context.putLocal(SLOT, AccessMode.CONCURRENT, this);
    }

    /** The path of the task that this scope is a part of, or of what stands above any task; for messages. */
    abstract String path();

    /** A request to stop by the code that runs here. */
    static CancelRequest requestFromHere(CancelReason reason) {
        Scope scope = currentOrNull();
        return new CancelRequest(
                reason, scope == null ? "thread " + Thread.currentThread().getName() : scope.path());
    }

    /**
     * The exception for code of this scope that is stopped by {@code why}; a new one each time, since other failures
     * are suppressed in it.
     */
    CancelledException cancelled(CancelRequest why) {
        RunningTask<?> here = task();
        return here != null ? here.cancelled(why) : new CancelledException(why, path(), "", 0);
    }

    // ---- nodes

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
            lookForForeignWait();
        }
    }

    /**
     * Ends this scope if its body has ended and nothing lives in it. Called after the result of a detached node was
     * handed out, because the code that waited for it may have begun a cleanup here.
     */
    final void endIfEmpty() {
        if (first == null && life == Life.CLOSING) {
            over();
        }
    }

    /** Called after a node was attached. */
    void attached() {}

    /** Called after the last node was detached. */
    void emptied() {}

    final @Nullable Node firstNode() {
        return first;
    }

    final List<Node> oldestFirst() {
        List<Node> nodes = new ArrayList<>();
        for (@Nullable Node node = first; node != null; node = node.next) {
            nodes.add(node);
        }
        Collections.reverse(nodes);
        return nodes;
    }

    /**
     * Whether the children are what this scope is for, as in a gather or a group: it waits for them. In the others, a
     * child may be a leftover.
     */
    boolean needsChildren() {
        return false;
    }

    /** The nodes that are cancelled now because the body has ended well, and that somebody may miss; in words. */
    private List<String> leftOvers() {
        // a block may itself have begun what is in it beside its tasks, such as its limit
        boolean wholeBody = this == task();
        List<String> left = new ArrayList<>();
        for (Node node : oldestFirst()) {
            String words = wholeBody || node instanceof RunningTask<?> ? node.leftOver() : null;
            if (words != null) {
                left.add(words);
            }
        }
        return left;
    }

    // ---- cancellation

    /** Whether a request that has reached this scope goes on to {@code inner}, which lives in it. */
    private boolean passesTo(Scope inner) {
        return inner.companion ? life != Life.OPEN : !inner.shielded;
    }

    /** The request because of which nothing may be started here any more; null when it may. */
    final @Nullable CancelRequest refusal() {
        if (request != null) {
            return request;
        }
        boolean open = life == Life.OPEN || (life == Life.CLOSING && !cancelsWhatIsLeft());
        return open ? null : CancelRequest.of(Kind.PARENT_ENDED, path());
    }

    /** Asks this scope, and all that lives in it, to stop; false when this scope is over. */
    final boolean cancel(CancelRequest asked) {
        if (life == Life.OVER) {
            return false;
        }
        if (request == null) {
            request = asked;
            cancelAsked();
            cancelAllIn(asked, true);
        }
        return true;
    }

    /**
     * Carries {@code asked} to everything that lives here, however deep.
     *
     * <p>It marks all scopes first and wakes the waits afterwards: the abort hook of a wait is foreign code that may
     * start and end things in these scopes, and must find them marked. It uses a queue instead of recursion, since a
     * tree may be deeper than the stack.
     *
     * @param thisToo whether the request has just reached this scope itself
     */
    private void cancelAllIn(CancelRequest asked, boolean thisToo) {
        ArrayList<Waiter<?>> waits = new ArrayList<>(2);
        Probe probe = ready.homes.probe;
        ArrayList<RunningTask<?>> reached = new ArrayList<>(0);
        if (probe != null && thisToo && this instanceof RunningTask<?> task) {
            reached.add(task);
        }
        ArrayDeque<Scope> scopes = new ArrayDeque<>(2);
        scopes.add(this);
        for (Scope scope = scopes.poll(); scope != null; scope = scopes.poll()) {
            scope.lookForForeignWait();
            for (@Nullable Node node = scope.first; node != null; node = node.next) {
                if (node instanceof Waiter<?> wait) {
                    waits.add(wait);
                } else if (node instanceof Scope inner && inner.request == null && scope.passesTo(inner)) {
                    inner.request = asked;
                    inner.cancelAsked();
                    // a scope whose end is decided is marked for what may still begin in it, but is not asked to stop
                    if (probe != null && inner.life != Life.OVER && inner instanceof RunningTask<?> task) {
                        reached.add(task);
                    }
                    scopes.add(inner);
                }
            }
        }
        if (probe != null) {
            reached.forEach(task -> probe.cancelRequested(task, asked.reason, asked.by, task.ready.timers.nanoTime()));
        }
        // wake the waits in the order in which they began
        for (int i = waits.size() - 1; i >= 0; i--) {
            waits.get(i).cancel(asked);
        }
    }

    /** Called when {@link #request} has just been set, by code in here or outside; nothing has been woken yet. */
    void cancelAsked() {}

    /** The request that reached this scope, unless it came after the value being handed out was decided. */
    final @Nullable CancelRequest requestInTime() {
        return request == ready.late ? null : request;
    }

    /** Notes that a wait of this scope's own code failed with the cancellation {@code told}. */
    final void bodyWasTold(CancelRequest told) {
        RunningTask<?> here = task();
        // a scope that knows already has told the scopes around it
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
            // no listener: bodies that end at once are many
            bodyOver(future.result(), future.cause());
            return;
        }
        listen(future);
    }

    private <T> void listen(Future<T> future) {
        BodyEnd<T> end = new BodyEnd<>(this);
        body = end;
        end.listenTo(future);
        lookForForeignWait();
    }

    /**
     * Looks, a turn later, whether the body of this cancelled scope waits for something that the cancel did not reach:
     * nothing lives here, and yet the body goes on.
     */
    final void lookForForeignWait() {
        if (request != null && first == null && life == Life.OPEN && (body != null || isBroken())) {
            ready.post(this::giveUpForeignWait);
        }
    }

    private void giveUpForeignWait() {
        CancelRequest told = request;
        if (told == null || first != null || life != Life.OPEN) {
            return;
        }
        ScopeExtras mine = extras;
        BodyEnd<?> wait = mine == null ? null : mine.calls;
        if (wait == null && (mine == null || !mine.straight)) {
            wait = body;
        }
        if (wait != null) {
            wait.giveUp(told);
        } else if (isBroken()) {
            bodyOver(null, cancelled(told));
        }
    }

    /** Whether an error, such as a stack overflow, came up while the body was being called; asked between turns. */
    boolean isBroken() {
        return false;
    }

    /** The hook for a value of the body that comes too late; null when there is none. */
    @Nullable
    Consumer<Object> lateValues() {
        return null;
    }

    /**
     * Calls {@code inner} as a part of this scope's body. Its future ends at once after a cancel, too, when
     * {@code inner} waits for something that no cancel reaches.
     *
     * @param undelivered the hook for a value that comes too late
     */
    final <T> Future<T> call(Coroutine<T> inner, @Nullable Consumer<? super T> undelivered) {
        Promise<T> promise = context.promise();
        InnerCall.of(this, inner, promise, undelivered);
        return promise.future();
    }

    /** The future of {@code body}; a failed one when it throws or returns null. Fatal errors are reported as well. */
    final <T> Future<T> begin(Coroutine<T> body) {
        if (!ready.enter()) {
            return Sleep.in(this, Duration.ZERO).compose(turn -> begin(body));
        }
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
        } finally {
            ready.leave();
        }
    }

    /** {@code future} for code of this scope: its callbacks run on this scope's context, whoever completes it. */
    final <T> Future<T> anchored(Future<T> future) {
        if (future instanceof FutureInternal<T> internal && internal.context() == context) {
            return future;
        }
        return context.future(future::onComplete);
    }

    /** Ends the body; without effect after the first call. */
    final void bodyOver(@Nullable Object value, @Nullable Throwable error) {
        if (life != Life.OPEN) {
            return;
        }
        decided();
        bodyEnded(value, error);
        life = Life.CLOSING;
        body = null;
        if (first == null) {
            over();
        } else if (cancelsWhatIsLeft()) {
            Probe probe = ready.homes.probe;
            if (probe != null && request == null && error == null) {
                probe.leftOver(path(), leftOvers());
            }
            cancelAllIn(request != null ? request : CancelRequest.of(Kind.PARENT_ENDED, path()), false);
        }
    }

    private void over() {
        life = Life.OVER;
        if (!cancelsWhatIsLeft()) {
            // the children are a part of it, so its end is decided only now
            decided();
        }
        reportUnseen();
        announceOver();
    }

    /** Queues the last turn. */
    void announceOver() {
        ready.post(this);
    }

    /** Keeps the failure of {@code child}, which nobody has looked at; somebody may until this scope ends. */
    void failedUnseen(RunningTask<?> child) {
        ScopeExtras mine = extras();
        if (mine.unseen == null) {
            mine.unseen = new UnseenFailures();
        }
        mine.unseen.add(child, context);
    }

    /** Reports each failure that nobody has looked at to the handler of the context. */
    final void reportUnseen() {
        ScopeExtras mine = extras;
        if (mine != null && mine.unseen != null) {
            mine.unseen.reportAll(context);
            mine.unseen = null;
        }
    }

    final boolean hasUnseen() {
        return extras != null && extras.unseen != null;
    }

    final @Nullable ScopeExtras extrasOrNull() {
        return extras;
    }

    final ScopeExtras extras() {
        ScopeExtras mine = extras;
        if (mine == null) {
            mine = new ScopeExtras();
            extras = mine;
        }
        return mine;
    }

    /** Notes that the end of this scope is decided: a request from outside that comes later does not change it. */
    void decided() {
        cancelledFirst = owner != null && owner.requestInTime() != null;
    }

    /** Called when the body has ended; nodes may still live here. */
    abstract void bodyEnded(@Nullable Object value, @Nullable Throwable error);

    /** Whether nodes that are left over at the end of the body are cancelled; else they are only waited for. */
    boolean cancelsWhatIsLeft() {
        return true;
    }

    /** Called when a task that was started here is over, before its result is handed out. */
    void childOver(RunningTask<?> child) {}
}
