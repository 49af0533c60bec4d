package io.vertask.task;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The state machine behind {@link Task}: a scope whose body is a coroutine and whose end is an {@link Outcome}.
 *
 * <p>Its first {@link #turn} begins the body, its last one hands out the outcome. The outcome is decided when the body
 * ends ({@link #bodyEnded}), and published when everything started in it has ended too.
 */
final class RunningTask<T> extends Scope implements Task<T> {
    private final long id;
    private final @Nullable String name;
    /**
     * The context whose code called the start, for the callbacks of {@link #result}; null after the end, since all that
     * once lived there hangs on it.
     */
    private @Nullable ContextInternal starter;
    /** Made when somebody asks for it, which nobody does for the children of a group or a gather. */
    private @Nullable Promise<T> promise;

    /**
     * The body until it begins, then nothing; from its end on the outcome, which counts for other threads once it is
     * {@link #published}. One field, since a million idle tasks pay for each.
     */
    private @Nullable Object bodyOrOutcome;

    private volatile boolean published;
    private boolean seen;
    /** The code of the scope it lives in waits for its future. */
    boolean awaitedByOwner;
    /** On the clock of {@link Timers}; exact only while somebody watches. */
    long startedAt;

    /** {@code starter}: the context whose values it inherits, and on which its future calls back. */
    private RunningTask(@Nullable String name, ContextInternal starter, Ready ready, Coroutine<T> body) {
        super(contextFrom(starter), ready);
        this.id = ready.newId();
        this.name = name;
        this.starter = starter;
        this.bodyOrOutcome = body;
        Probe probe = ready.homes.probe;
        String site = probe == null ? null : probe.site();
        if (site != null) {
            seldom().site = site;
        }
        own(context);
    }

    /** A task in {@code parent}, queued to begin on the next turn; from any thread when {@code parent} is a home. */
    static <T> RunningTask<T> start(Scope parent, ContextInternal starter, @Nullable String name, Coroutine<T> body) {
        RunningTask<T> task = new RunningTask<>(name, starter, parent.ready, body);
        task.launchIn(parent);
        return task;
    }

    /** As {@link #start}, for a starter that certainly looks at the end. */
    static <T> RunningTask<T> startSeen(
            Scope parent, ContextInternal starter, @Nullable String name, Coroutine<T> body) {
        RunningTask<T> task = new RunningTask<>(name, starter, parent.ready, body);
        task.seen = true;
        task.launchIn(parent);
        return task;
    }

    /** As {@link #start}, but cancelling what is around it does not reach it. */
    static <T> RunningTask<T> startShielded(Scope parent, @Nullable String name, Coroutine<T> body) {
        RunningTask<T> task = new RunningTask<>(name, parent.context, parent.ready, body);
        task.shielded = true;
        task.launchIn(parent);
        return task;
    }

    /**
     * As {@link #start} in the innermost task around {@code here}, which {@code ended} is told of: a {@link Companion}.
     */
    static <T> RunningTask<T> startCompanion(
            Scope here, String name, Coroutine<T> body, Predicate<? super Outcome<T>> ended) {
        RunningTask<T> task = new RunningTask<>(name, here.context, here.ready, body);
        task.shielded = true;
        task.companion = true;
        task.seldom().ended = ended;
        RunningTask<?> innermost = here.task();
        task.launchIn(innermost != null ? innermost : here);
        return task;
    }

    /**
     * As {@link #start}, but the body's first step is taken inside this call, and a body that never waits is over after
     * it. It lives in its parent before that step, so whatever the step does to the parent reaches it too.
     */
    static <T> RunningTask<T> startEager(
            Scope parent, ContextInternal starter, @Nullable String name, Coroutine<T> body) {
        RunningTask<T> task = new RunningTask<>(name, starter, parent.ready, body);
        if (parent.ready.isHere()) {
            task.attachTo(parent);
            parent.ready.takeEagerly(task);
        } else {
            task.launchIn(parent);
        }
        return task;
    }

    private void launchIn(Scope parent) {
        if (ready.isHere()) {
            enter(parent);
        } else {
            ready.loop.execute(() -> enter(parent));
        }
    }

    private void enter(Scope parent) {
        attachTo(parent);
        ready.post(this);
    }

    private void attachTo(Scope parent) {
        parent.attach(this);
        CancelRequest refusal = parent.refusal();
        // not even a shield lives in a scope that is over, nor a companion in one that ends: nothing would wait for it
        boolean tooLate = companion ? parent.life != Life.OPEN : !shielded || parent.life == Life.OVER;
        if (refusal != null && tooLate) {
            request = refusal;
        }
        Probe probe = ready.homes.probe;
        if (probe == null) {
            startedAt = ready.timers.recentNanoTime();
        } else {
            startedAt = ready.timers.nanoTime();
            probe.started(this, startedAt);
        }
    }

    // ---- the life of it

    @Override
    public void turn() {
        if (!(bodyOrOutcome instanceof Coroutine<?> body)) {
            handOut();
            return;
        }
        bodyOrOutcome = null;
        if (request == null) {
            run(body);
        } else {
            bodyOver(null, request.in(this));
        }
    }

    @Override
    void announceOver() {
        if (ready.eager != this) {
            super.announceOver();
        }
    }

    @Override
    @SuppressWarnings("unchecked")
    void bodyEnded(@Nullable Object value, @Nullable Throwable error) {
        CancelRequest asked = error == null ? requestInTime() : request;
        if (asked != null && (error == null ? !bodyToldOfCancel : error instanceof CancelledException)) {
            bodyOrOutcome = new Outcome.Cancelled<>(
                    error instanceof CancelledException e && e.answers(asked) ? e : asked.in(this));
        } else if (error == null) {
            bodyOrOutcome = new Outcome.Success<>((T) value);
        } else {
            if (asked != null) {
                error.addSuppressed(asked.in(this));
            }
            bodyOrOutcome = new Outcome.Failure<>(error);
        }
    }

    void handOut() {
        Outcome<T> end = decidedOrNull();
        Scope parent = owner;
        if (end == null || parent == null) {
            return;
        }
        published = true;
        Probe probe = ready.homes.probe;
        if (probe != null) {
            probe.ended(this, end, startedAt, ready.timers.nanoTime());
        }
        CancelRequest before = ready.late;
        ready.late = end instanceof Outcome.Success && !cancelledFirst ? parent.request : null;
        try {
            handOut(end, parent);
        } finally {
            parent.endIfEmpty();
            ready.late = before;
        }
    }

    @SuppressWarnings("unchecked")
    private void handOut(Outcome<T> end, Scope parent) {
        parent.childOver(this);
        Seldom mine = seldomOrNull();
        if (mine != null && mine.ended != null) {
            seen |= Companion.told((Predicate<? super Outcome<T>>) mine.ended, end, context);
            mine.ended = null;
        }
        if (!seen && Unseen.failureIn(end) != null) {
            parent.failedUnseen(this);
        }
        parent.detach(this);
        if (mine != null && mine.joiners != null) {
            mine.joiners.forEach(joiner -> ((Waiter<Outcome<T>>) joiner).resume(end));
            mine.joiners = null;
        }
        if (end instanceof Outcome.Cancelled && request != null && seen) {
            parent.bodyWasTold(request);
        }
        Promise<T> waiting = promise;
        promise = null;
        starter = null;
        if (waiting != null) {
            waiting.complete(end instanceof Outcome.Success<T> success ? success.value() : null, end.errorOrNull());
        }
    }

    @Nullable
    String site() {
        Seldom mine = seldomOrNull();
        return mine == null ? null : mine.site;
    }

    boolean isSeen() {
        return seen;
    }

    /** Somebody else deals with how this ends. */
    void markSeen() {
        seen = true;
    }

    /** Whoever waited for it has gone. */
    void markUnseen() {
        seen = false;
    }

    /** {@code path}: where it failed; the tree is forgotten by now. */
    void reportUnlessSeen(ContextInternal to, String path) {
        Throwable failure = Unseen.failureIn(bodyOrOutcome);
        if (!seen && failure != null) {
            seen = true;
            to.reportException(new UnobservedFailureException(path, site(), failure));
        }
    }

    @Nullable
    Outcome<T> outcomeOrNull() {
        return published ? decidedOrNull() : null;
    }

    /** Only on this task's loop: its outcome from the end of its body on. */
    @SuppressWarnings("unchecked")
    private @Nullable Outcome<T> decidedOrNull() {
        return bodyOrOutcome instanceof Outcome<?> end ? (Outcome<T>) end : null;
    }

    // ---- Task

    @Override
    public long id() {
        return id;
    }

    @Override
    public String name() {
        return name != null ? name : TaskPath.nameOf(id);
    }

    @Override
    public String path() {
        return TaskPath.of(this);
    }

    @Override
    RunningTask<?> task() {
        return this;
    }

    @Nullable
    RunningTask<?> taskAbove() {
        Scope parent = owner;
        return parent == null ? null : parent.task();
    }

    @Override
    CancelledException cancelled(CancelRequest why) {
        return new CancelledException(why, TaskPath.above(this), name, id);
    }

    @Override
    public Optional<Task<?>> parent() {
        Scope parent = owner;
        return parent == null ? Optional.empty() : Optional.ofNullable(parent.task());
    }

    @Override
    public State state() {
        Outcome<T> end = outcomeOrNull();
        if (end != null) {
            return end instanceof Outcome.Success
                    ? State.SUCCEEDED
                    : end instanceof Outcome.Failure ? State.FAILED : State.CANCELLED;
        }
        if (life != Life.OPEN) {
            return State.CLOSING;
        }
        return request != null ? State.CANCELLING : bodyOrOutcome instanceof Coroutine ? State.QUEUED : State.RUNNING;
    }

    @Override
    public Future<T> future() {
        return Joining.future(this);
    }

    @Override
    public Future<Outcome<T>> settled() {
        return Joining.settled(this);
    }

    @Override
    public Optional<Outcome<T>> tryOutcome() {
        Outcome<T> end = outcomeOrNull();
        seen |= end != null;
        return Optional.ofNullable(end);
    }

    @Override
    public boolean cancel(CancelReason reason) {
        if (published || life == Life.OVER) {
            return false;
        }
        CancelRequest asked = CancelRequest.asked(reason);
        if (ready.isHere()) {
            return cancel(asked);
        }
        ready.loop.execute(() -> cancel(asked));
        return true;
    }

    // ---- for Joining

    /** The end as a future, on the starter's context while it is to come. */
    Future<T> result() {
        Outcome<T> end = outcomeOrNull();
        if (end != null) {
            return end instanceof Outcome.Success<T> success
                    ? Future.succeededFuture(success.value())
                    : Future.failedFuture(end.errorOrNull());
        }
        ContextInternal context = starter;
        if (context == null || !ready.isHere()) {
            // only the loop knows; seen from elsewhere, the context may be forgotten before the end is known
            return (context == null ? this.context : context)
                    .future(promised -> ready.loop.execute(() -> result().onComplete(promised)));
        }
        if (promise == null) {
            promise = context.promise();
        }
        return promise.future();
    }

    /** Only on this task's loop. */
    void addJoiner(Waiter<Outcome<T>> joiner) {
        Outcome<T> end = outcomeOrNull();
        if (end != null) {
            joiner.resume(end);
            return;
        }
        seldom().join(joiner);
    }

    /** Whether its end is decided and about to be handed out; false on another loop, which can't know. */
    boolean isOverHere() {
        return ready.isHere() && life == Life.OVER;
    }

    /** Only on this task's loop. */
    void removeJoiner(Waiter<Outcome<T>> joiner) {
        Seldom mine = seldomOrNull();
        if (mine != null) {
            mine.leave(joiner);
        }
    }

    @Override
    public String toString() {
        return "task '" + path() + "' " + state();
    }
}
