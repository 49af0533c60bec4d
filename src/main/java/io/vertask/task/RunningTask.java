package io.vertask.task;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The state machine behind {@link Task}: a scope whose body is a coroutine and whose end is an {@link Outcome}.
 *
 * <p>Its first {@link #turn} begins the body, its last one hands out the outcome. The outcome is decided when the body
 * ends ({@link #bodyEnded}), and published when everything started in it has ended too.
 */
final class RunningTask<T> extends Scope implements Task<T> {
    /*
     * The states of a task. No other combination of these fields occurs, except inside bodyOver, which decides the
     * outcome just before it sets CLOSING, and inside handOut, which sets published just before it clears the owner.
     *
     *   state       life     bodyOrOutcome  published  owner   moved on by
     *   QUEUED      OPEN     Coroutine      no         set     turn(): run(body), or at once to the outcome if requested
     *   RUNNING     OPEN     null           no         set     the body's future: bodyOver, bodyEnded
     *   CLOSING     CLOSING  Outcome        no         set     the last node that leaves: endIfEmpty, over
     *   CLOSING     OVER     Outcome        no         set     turn(): handOut
     *   SUCCEEDED…  OVER     Outcome        yes        null    nothing
     *
     * CANCELLING is RUNNING with a request, and so is QUEUED with one.
     *
     * The flags. Each but seen and late is set once and never cleared.
     *
     *   request           The first request to stop; set by cancel, by cancelAllIn of a scope around, or at the start
     *                     by attachTo. It may come in every state. It decides the outcome only if it is there when the
     *                     body ends. While CLOSING it reaches the nodes that are left. When OVER, cancel() refuses, but
     *                     the request of a scope around still marks this one, so that nothing starts in it any more.
     *   bodyToldOfCancel  Implies request. A wait in the body, or in a block of it, failed with it; set by bodyWasTold.
     *   cancelledFirst    Implies owner.request. The owner had that request, and not as a late one, when the end of this
     *                     scope was decided: when its body ended, or for a group its last child; set by decided.
     *   late              A field of the ready queue. While a value is handed out to the code of a scope, the request of
     *                     that scope, if it came after the value was decided: set by Waiter.turn for a wait that was
     *                     not cancelled, by handOut and Block.turn for a success with cancelledFirst false; restored
     *                     after the hand-out. Everything that ends within the hand-out ends as if that request had not
     *                     come (requestInTime). Later waits fail because of it.
     *   seen              Somebody deals with the end. Set by future, settled, tryOutcome, a gather, a group, and by a
     *                     report; cleared by markUnseen when the caller of a shield, or of Gather.leaveRunning, has
     *                     gone. If it is false at the hand-out, a failure goes to the owner's unseen failures, which
     *                     are reported when the owner ends.
     *   published         The outcome may be read by every thread; set by handOut. Volatile for their sake.
     *
     * None of them follows from the others: request and cancelledFirst differ in time, told and seen depend on the code
     * that waits, and published must be volatile, which life is not.
     *
     * The outcome, decided in bodyEnded:
     *
     *   the body ended with   request            told   outcome
     *   a value               none, or late      any    Success
     *   a value               in time            no     Cancelled: the body never learned of it
     *   a value               in time            yes    Success: the body turned the cancellation into a value
     *   CancelledException    none               no     Failure: the cancellation of something it waited for
     *   CancelledException    in time or late    any    Cancelled
     *   another error         none               no     Failure
     *   another error         in time or late    any    Failure, with the cancellation suppressed in it
     */

    private final long id;
    private final @Nullable String name;
    /**
     * The context whose code called the start, for the callbacks of {@link #result}; null after the end, since it keeps
     * alive all that once lived there.
     */
    private @Nullable ContextInternal starter;
    /** Made on demand: the children of a group or a gather need none. */
    private @Nullable Promise<T> promise;

    /**
     * The body until it begins, then null; from its end on the outcome, which counts for other threads once it is
     * {@link #published}. One field, since a million idle tasks pay for each.
     */
    private @Nullable Object bodyOrOutcome;

    private volatile boolean published;
    private boolean seen;
    /** Whether the code of the owner waits for the future of this task. */
    boolean awaitedByOwner;
    /** The time of the start on the clock of {@link Timers}; exact only while a probe watches. */
    long startedAt;

    /** {@code starter}: the context whose values are inherited, and on which the future calls back. */
    private RunningTask(@Nullable String name, ContextInternal starter, Ready ready, Coroutine<T> body) {
        super(contextFrom(starter), ready);
        this.id = ready.newId();
        this.name = name;
        this.starter = starter;
        this.bodyOrOutcome = body;
        Probe probe = ready.homes.probe;
        String site = probe == null ? null : probe.site();
        if (site != null) {
            extras().site = site;
        }
        own(context);
    }

    /** Starts a task in {@code parent}; it begins on its turn. From any thread when {@code parent} is a home. */
    static <T> RunningTask<T> start(Scope parent, ContextInternal starter, @Nullable String name, Coroutine<T> body) {
        RunningTask<T> task = new RunningTask<>(name, starter, parent.ready, body);
        task.launchIn(parent);
        return task;
    }

    /** {@link #start} for a starter that deals with the end. */
    static <T> RunningTask<T> startSeen(
            Scope parent, ContextInternal starter, @Nullable String name, Coroutine<T> body) {
        RunningTask<T> task = new RunningTask<>(name, starter, parent.ready, body);
        task.seen = true;
        task.launchIn(parent);
        return task;
    }

    /** {@link #start} for a task that is not reached by a cancel of the scopes around. */
    static <T> RunningTask<T> startShielded(Scope parent, @Nullable String name, Coroutine<T> body) {
        RunningTask<T> task = new RunningTask<>(name, parent.context, parent.ready, body);
        task.shielded = true;
        task.launchIn(parent);
        return task;
    }

    /** {@link #start} in the innermost task around {@code here}; for a {@link Companion}. */
    static <T> RunningTask<T> startCompanion(
            Scope here, String name, Coroutine<T> body, Predicate<? super Outcome<T>> ended) {
        RunningTask<T> task = new RunningTask<>(name, here.context, here.ready, body);
        task.shielded = true;
        task.companion = true;
        task.extras().ended = ended;
        RunningTask<?> innermost = here.task();
        task.launchIn(innermost != null ? innermost : here);
        return task;
    }

    /**
     * {@link #start} with the first turn taken inside this call: a body that never waits is over after it. The task
     * lives in its parent before that turn, so a cancel of the parent in that turn reaches it.
     */
    static <T> RunningTask<T> startEager(
            Scope parent, ContextInternal starter, @Nullable String name, Coroutine<T> body) {
        RunningTask<T> task = new RunningTask<>(name, starter, parent.ready, body);
        if (parent.ready.isHere()) {
            task.attachTo(parent);
            if (parent.ready.takeEagerly(task) && task.life == Life.OVER) {
                task.handOut();
            }
        } else {
            task.launchIn(parent);
        }
        return task;
    }

    private void launchIn(Scope parent) {
        if (ready.isHere()) {
            enter(parent);
        } else if (!ready.execute(() -> enter(parent))) {
            refuse();
        }
    }

    /** Ends a task that can't begin, because its event loop has ended. */
    private void refuse() {
        bodyOrOutcome = new Outcome.Failure<>(loopHasEnded());
        life = Life.OVER;
        published = true;
    }

    /** The error of waiting for it when its event loop has ended. */
    ClosedException loopHasEnded() {
        return new ClosedException("the Vertx of task '" + name() + "' is closed");
    }

    private void enter(Scope parent) {
        attachTo(parent);
        ready.post(this);
    }

    private void attachTo(Scope parent) {
        parent.attach(this);
        CancelRequest refusal = parent.refusal();
        // nothing would wait for a shield in a scope that is over, nor for a companion in one that ends
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

    // ---- life

    @Override
    public void turn() {
        if (!(bodyOrOutcome instanceof Coroutine<?> body)) {
            handOut();
            return;
        }
        bodyOrOutcome = null;
        if (request == null) {
            try {
                run(body);
            } catch (Throwable error) {
                // the stack or the memory is exhausted
                bodyOver(null, error);
            }
        } else {
            bodyOver(null, cancelled(request));
        }
    }

    @Override
    void leaveBehind() {
        CancelRequest told = request;
        if (life != Life.OVER && told != null) {
            if (decidedOrNull() == null) {
                bodyOrOutcome = new Outcome.Cancelled<>(cancelled(told));
            }
            life = Life.OVER;
            handOut();
        }
    }

    /** A race disposes of the values of those that did not win. */
    @Override
    @Nullable
    Consumer<Object> lateValues() {
        return owner instanceof RaceBlock<?> race ? race::dispose : null;
    }

    @Override
    void announceOver() {
        if (!ready.isEager(this)) {
            super.announceOver();
        }
    }

    @Override
    @SuppressWarnings("unchecked")
    void bodyEnded(@Nullable Object value, @Nullable Throwable error) {
        CancelRequest asked = error == null ? requestInTime() : request;
        if (asked != null && (error == null ? !bodyToldOfCancel : error instanceof CancelledException)) {
            bodyOrOutcome = new Outcome.Cancelled<>(
                    error instanceof CancelledException e && e.answers(asked) ? e : cancelled(asked));
        } else if (error == null) {
            bodyOrOutcome = new Outcome.Success<>((T) value);
        } else {
            if (asked != null) {
                error.addSuppressed(cancelled(asked));
            }
            bodyOrOutcome = new Outcome.Failure<>(error);
        }
    }

    /** Publishes the outcome, leaves the owner, and resumes the code that waits. */
    private void handOut() {
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
        ScopeExtras mine = extrasOrNull();
        if (mine != null && mine.ended != null) {
            seen |= dealsWith((Predicate<? super Outcome<T>>) mine.ended, end);
            mine.ended = null;
        }
        if (!seen && FailureRules.lostIn(end) != null) {
            parent.failedUnseen(this);
        }
        parent.detach(this);
        if (mine != null && mine.joiners != null) {
            mine.joiners.forEach(joiner -> ((Waiter<Outcome<T>>) joiner).resume(end));
            mine.joiners = null;
        }
        if (mine != null && mine.atEnd != null) {
            mine.atEnd.forEach(action -> context.dispatch(action));
            mine.atEnd = null;
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

    private boolean dealsWith(Predicate<? super Outcome<T>> listener, Outcome<T> end) {
        try {
            return listener.test(end);
        } catch (Throwable thrown) {
            context.reportException(thrown);
            return false;
        }
    }

    /** The line that started it; null unless a probe asked for that. */
    @Nullable
    String site() {
        ScopeExtras mine = extrasOrNull();
        return mine == null ? null : mine.site;
    }

    boolean isSeen() {
        return seen;
    }

    /** Notes that somebody deals with the end. */
    void markSeen() {
        seen = true;
    }

    /** Notes that nobody deals with the end any more. */
    void markUnseen() {
        seen = false;
    }

    /** Reports a failure that nobody has looked at. {@code path}: that of this task, which has left the tree. */
    void reportUnlessSeen(ContextInternal to, String path) {
        Throwable failure = FailureRules.lostIn(bodyOrOutcome);
        if (!seen && failure != null) {
            seen = true;
            to.reportException(new UnobservedFailureException(path, site(), failure));
        }
    }

    /** The outcome once it has been handed out; from any thread. */
    @Nullable
    Outcome<T> outcomeOrNull() {
        return published ? decidedOrNull() : null;
    }

    /** The outcome from the end of the body on; on this task's loop only. */
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
        return pathAbove() + name();
    }

    /** The path in front of the name: empty for a root. */
    private String pathAbove() {
        RunningTask<?> above = taskAbove();
        return above == null ? "" : above.childPrefix();
    }

    /** The path in front of the names of this task's children. */
    private String childPrefix() {
        ScopeExtras mine = extras();
        String known = mine.childPrefix;
        if (known == null) {
            List<String> names = new ArrayList<>();
            @Nullable RunningTask<?> next = this;
            for (; next != null && names.size() < TaskPath.NAMES - 1; next = next.taskAbove()) {
                names.add(next.name());
            }
            known = TaskPath.above(names, next != null);
            mine.childPrefix = known;
        }
        return known;
    }

    /** This task in a sentence. */
    String words() {
        String site = site();
        return "task '" + path() + "'" + (site == null ? "" : " started at " + site);
    }

    @Override
    @Nullable
    String leftOver() {
        return seen || shielded ? null : words();
    }

    @Override
    public @Nullable Task<?> whose() {
        return state() == State.QUEUED ? this : super.whose();
    }

    @Override
    RunningTask<?> task() {
        return this;
    }

    private @Nullable RunningTask<?> taskAbove() {
        Scope parent = owner;
        return parent == null ? null : parent.task();
    }

    @Override
    CancelledException cancelled(CancelRequest why) {
        return new CancelledException(why, pathAbove(), name, id);
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
        return Join.future(this);
    }

    @Override
    public Future<Outcome<T>> settled() {
        return Join.settled(this);
    }

    @Override
    public Optional<Outcome<T>> tryOutcome() {
        Outcome<T> end = outcomeOrNull();
        seen |= end != null;
        return Optional.ofNullable(end);
    }

    @Override
    public boolean cancel(CancelReason reason) {
        Objects.requireNonNull(reason, "Task.cancel: reason is null");
        if (published || life == Life.OVER) {
            return false;
        }
        CancelRequest asked = Scope.requestFromHere(reason);
        if (ready.isHere()) {
            return cancel(asked);
        }
        return ready.execute(() -> cancel(asked));
    }

    // ---- waiting for the end

    @Override
    public void whenOver(Runnable action) {
        Objects.requireNonNull(action, "Task.whenOver: action is null");
        if (published) {
            action.run();
        } else if (ready.isHere()) {
            ScopeExtras mine = extras();
            if (mine.atEnd == null) {
                mine.atEnd = new ArrayList<>(1);
            }
            mine.atEnd.add(action);
        } else {
            // when its loop has ended, so has the task
            boolean asked = ready.execute(() -> whenOver(action));
            if (!asked) {
                action.run();
            }
        }
    }

    /** The end as a future, whose callbacks run on the starter's context. */
    Future<T> result() {
        Outcome<T> end = outcomeOrNull();
        if (end != null) {
            return end instanceof Outcome.Success<T> success
                    ? Future.succeededFuture(success.value())
                    : Future.failedFuture(end.errorOrNull());
        }
        ContextInternal context = starter;
        if (context == null || !ready.isHere()) {
            // only the loop knows whether it has ended; other threads may see the starter go before the end comes
            return (context == null ? this.context : context).future(promised -> {
                if (!ready.execute(() -> result().onComplete(promised))) {
                    promised.fail(loopHasEnded());
                }
            });
        }
        if (promise == null) {
            promise = context.promise();
        }
        return promise.future();
    }

    /** Resumes {@code joiner} with the outcome, now or when it is handed out; on this task's loop only. */
    void addJoiner(Waiter<Outcome<T>> joiner) {
        Outcome<T> end = outcomeOrNull();
        if (end != null) {
            joiner.resume(end);
            return;
        }
        extras().join(joiner);
    }

    /** Whether the end is decided and about to be handed out; false on another loop, which can't know. */
    boolean isOverHere() {
        return ready.isHere() && life == Life.OVER;
    }

    /** Takes {@code joiner} back; on this task's loop only. */
    void removeJoiner(Waiter<Outcome<T>> joiner) {
        ScopeExtras mine = extrasOrNull();
        if (mine != null) {
            mine.leave(joiner);
        }
    }

    /** Whether the owner can't end, or go on, before this task has ended. */
    boolean isNeeded() {
        Scope parent = owner;
        return awaitedByOwner || shielded || (parent != null && parent.needsChildren());
    }

    @Override
    public String toString() {
        return "task '" + path() + "' " + state();
    }
}
