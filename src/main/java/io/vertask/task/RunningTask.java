package io.vertask.task;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
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
     * The path of this task in front of the names of its children; kept, since many of them may be cancelled at once.
     */
    @Nullable
    String prefix;

    /**
     * The context whose code called the start, for the callbacks of {@link #result}; null after the end, since all that
     * once lived there hangs on it.
     */
    private @Nullable ContextInternal starter;
    /** Made when somebody asks for it, which nobody does for the children of a group or a gather. */
    private @Nullable Promise<T> promise;

    private @Nullable Coroutine<T> body;
    /** Set when the body ends, on the loop; for others it counts once {@link #published}. */
    private @Nullable Outcome<T> outcome;

    private volatile boolean published;
    private boolean seen;
    /** The code of the scope it lives in waits for its future. */
    boolean awaitedByOwner;
    /** On the clock of {@link Timers}; exact only while somebody watches. */
    long startedAt;
    /** The line that started it; null unless somebody asks for that. */
    private final @Nullable String site;

    /** Of a companion: told of the end before anybody else. */
    private @Nullable Predicate<? super Outcome<T>> ended;
    /** Waits of other scopes for the end of this task; a set, since a thousand of them may be cancelled together. */
    private @Nullable Set<Waiter<Outcome<T>>> joiners;

    /** {@code starter}: the context whose values it inherits, and on which its future calls back. */
    private RunningTask(@Nullable String name, ContextInternal starter, Ready ready, Coroutine<T> body) {
        super(contextFrom(starter), ready, null);
        this.id = ready.newId();
        this.name = name;
        this.starter = starter;
        this.body = body;
        Probe probe = ready.homes.probe;
        this.site = probe == null ? null : probe.site();
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
        task.ended = ended;
        task.launchIn(here.task != null ? here.task : here);
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
        Coroutine<T> first = body;
        if (first == null) {
            handOut();
            return;
        }
        body = null;
        if (request == null) {
            run(first);
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
            outcome = new Outcome.Cancelled<>(
                    error instanceof CancelledException e && e.answers(asked) ? e : asked.in(this));
        } else if (error == null) {
            outcome = new Outcome.Success<>((T) value);
        } else {
            if (asked != null) {
                error.addSuppressed(asked.in(this));
            }
            outcome = new Outcome.Failure<>(error);
        }
    }

    void handOut() {
        Outcome<T> end = outcome;
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
            ready.late = before;
        }
    }

    private void handOut(Outcome<T> end, Scope parent) {
        parent.childOver(this);
        if (ended != null) {
            seen |= Companion.told(ended, end, context);
            ended = null;
        }
        if (end instanceof Outcome.Failure && !seen) {
            parent.failedUnseen(this);
        }
        parent.detach(this);
        if (joiners != null) {
            joiners.forEach(joiner -> joiner.resume(end));
            joiners = null;
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
        return site;
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
        if (!seen && outcome instanceof Outcome.Failure<T> failure) {
            seen = true;
            to.reportException(new UnobservedFailureException(path, site, failure.error()));
        }
    }

    @Nullable
    Outcome<T> outcomeOrNull() {
        return published ? outcome : null;
    }

    // ---- Task

    @Override
    public long id() {
        return id;
    }

    @Override
    public String name() {
        return name != null ? name : nameOf(id);
    }

    /** The name of a task that was given none. */
    static String nameOf(long id) {
        return "task-" + id;
    }

    @Override
    public String path() {
        return TaskPath.of(this);
    }

    @Nullable
    RunningTask<?> taskAbove() {
        Scope parent = owner;
        return parent == null ? null : parent.task;
    }

    @Override
    CancelledException cancelled(CancelRequest why) {
        return new CancelledException(why, TaskPath.above(this), name, id);
    }

    @Override
    public Optional<Task<?>> parent() {
        Scope parent = owner;
        return parent == null ? Optional.empty() : Optional.ofNullable(parent.task);
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
        return request != null ? State.CANCELLING : body != null ? State.QUEUED : State.RUNNING;
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
        if (joiners == null) {
            joiners = new LinkedHashSet<>();
        }
        joiners.add(joiner);
    }

    /** Whether its end is decided and about to be handed out; false on another loop, which can't know. */
    boolean isOverHere() {
        return ready.isHere() && life == Life.OVER;
    }

    /** Only on this task's loop. */
    void removeJoiner(Waiter<Outcome<T>> joiner) {
        if (joiners != null) {
            joiners.remove(joiner);
        }
    }

    @Override
    public String toString() {
        return "task '" + path() + "' " + state();
    }
}
