package io.vertask.task;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The state machine behind {@link Task}: a scope whose body is a coroutine and whose end is an {@link Outcome}.
 *
 * <p>Its first {@link #turn} begins the body, its last one hands out the outcome. The outcome is decided when the body
 * ends ({@link #bodyEnded}), and published when everything started in it has ended too.
 */
final class RunningTask<T> extends Scope implements Task<T> {
    private static final AtomicLong IDS = new AtomicLong();
    /** A path shows so many names at most: trees may be deeper than a message should be long. */
    private static final int PATH_NAMES = 16;

    private final long id = IDS.incrementAndGet();
    private final @Nullable String name;
    /** Null after the end: it holds the starter's context, and so all that once lived there. */
    private @Nullable Promise<T> promise;

    private @Nullable Coroutine<T> body;
    private @Nullable Outcome<T> decided;
    private volatile @Nullable Outcome<T> published;
    private boolean seen;
    /** The code of the scope it lives in waits for its future. */
    boolean awaitedByOwner;
    /** On the clock of {@link Timers}; exact only while somebody watches. */
    long startedAt;
    /** The line that started it; null unless somebody asks for that. */
    private final @Nullable String site;

    /** Of a companion: told of the end before anybody else. */
    private @Nullable Predicate<? super Outcome<T>> ended;
    /** Where a failure nobody looks at happened; the tree is forgotten by the time it is reported. */
    private @Nullable String failedAt;
    /** Waits of other scopes for the end of this task; a set, since a thousand of them may be cancelled together. */
    private @Nullable Set<Waiter<Outcome<T>>> joiners;

    /** {@code starter}: the context whose values it inherits, and on which its future calls back. */
    private RunningTask(@Nullable String name, ContextInternal starter, Ready ready, Coroutine<T> body) {
        super(contextFrom(starter), ready, null);
        this.name = name;
        this.promise = starter.promise();
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
    static <T> RunningTask<T> startSeen(Scope parent, ContextInternal starter, String name, Coroutine<T> body) {
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

    /** A companion of the innermost task around {@code here}; {@code ended} says whether it deals with a failure. */
    static <T> RunningTask<T> startCompanion(
            Scope here, ContextInternal starter, String name, Coroutine<T> body, Predicate<? super Outcome<T>> ended) {
        RunningTask<T> task = new RunningTask<>(name, starter, here.ready, body);
        task.shielded = true;
        task.companion = true;
        task.ended = ended;
        task.launchIn(here.task != null ? here.task : here);
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
        ready.post(this);
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
    @SuppressWarnings("unchecked")
    void bodyEnded(@Nullable Object value, @Nullable Throwable error) {
        CancelRequest asked = error == null ? requestInTime() : request;
        if (asked != null && (error == null ? !bodyToldOfCancel : error instanceof CancelledException)) {
            decided = new Outcome.Cancelled<>(
                    error instanceof CancelledException e && e.answers(asked) ? e : asked.in(this));
        } else if (error == null) {
            decided = new Outcome.Success<>((T) value);
        } else {
            if (asked != null) {
                error.addSuppressed(asked.in(this));
            }
            decided = new Outcome.Failure<>(error);
        }
    }

    private void handOut() {
        Outcome<T> outcome = decided;
        Scope parent = owner;
        if (outcome == null || parent == null) {
            return;
        }
        published = outcome;
        Probe probe = ready.homes.probe;
        if (probe != null) {
            probe.ended(this, outcome, startedAt, ready.timers.nanoTime());
        }
        CancelRequest before = ready.late;
        ready.late = outcome.isSuccess() && !cancelledFirst ? parent.request : null;
        try {
            handOut(outcome, parent);
        } finally {
            ready.late = before;
        }
    }

    private void handOut(Outcome<T> outcome, Scope parent) {
        parent.childOver(this);
        if (ended != null) {
            tellOfTheEnd(ended, outcome);
            ended = null;
        }
        if (outcome instanceof Outcome.Failure && !seen) {
            failedAt = path();
            parent.failedUnseen(this);
        }
        parent.detach(this);
        if (joiners != null) {
            joiners.forEach(joiner -> joiner.resume(outcome));
            joiners = null;
        }
        if (outcome instanceof Outcome.Cancelled && request != null && seen) {
            parent.bodyWasTold(request);
        }
        Promise<T> waiting = promise;
        promise = null;
        if (waiting != null) {
            waiting.complete(
                    outcome instanceof Outcome.Success<T> success ? success.value() : null, outcome.errorOrNull());
        }
    }

    @Nullable
    String site() {
        return site;
    }

    boolean isSeen() {
        return seen;
    }

    private void tellOfTheEnd(Predicate<? super Outcome<T>> whom, Outcome<T> outcome) {
        try {
            seen |= whom.test(outcome);
        } catch (Throwable thrown) {
            context.reportException(thrown);
        }
    }

    /** Somebody else deals with how this ends. */
    void markSeen() {
        seen = true;
    }

    /** Whoever waited for it has gone. */
    void markUnseen() {
        seen = false;
    }

    void reportUnlessSeen(ContextInternal to) {
        if (!seen && published instanceof Outcome.Failure<T> failure) {
            seen = true;
            to.reportException(
                    new UnobservedFailureException(failedAt != null ? failedAt : path(), site, failure.error()));
        }
    }

    /** Whether this one's failure, not looked at yet, is the very exception that {@code other} failed with. */
    boolean standsFor(RunningTask<?> other) {
        return !seen
                && published instanceof Outcome.Failure<?> mine
                && other.published instanceof Outcome.Failure<?> theirs
                && mine.error() == theirs.error();
    }

    @Nullable
    Outcome<T> outcomeOrNull() {
        return published;
    }

    // ---- Task

    @Override
    public long id() {
        return id;
    }

    @Override
    public String name() {
        return name != null ? name : "task-" + id;
    }

    @Override
    public String path() {
        String path = name();
        RunningTask<?> lowest = this;
        for (int names = 1; ; names++) {
            Scope parent = lowest.owner;
            RunningTask<?> above = parent == null ? null : parent.task;
            if (above == null) {
                return path;
            }
            if (names == PATH_NAMES) {
                return "…/" + path;
            }
            path = above.name() + "/" + path;
            lowest = above;
        }
    }

    @Override
    public Optional<Task<?>> parent() {
        Scope parent = owner;
        return parent == null ? Optional.empty() : Optional.ofNullable(parent.task);
    }

    @Override
    public State state() {
        Outcome<T> end = published;
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
        Outcome<T> end = published;
        seen |= end != null;
        return Optional.ofNullable(end);
    }

    @Override
    public boolean cancel(CancelReason reason) {
        if (published != null || life == Life.OVER) {
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
        Promise<T> waiting = promise;
        if (waiting != null) {
            return waiting.future();
        }
        Outcome<T> end = published;
        if (end == null) {
            // on another thread, the promise seen forgotten before the end was: the loop knows
            return context.future(promised -> ready.loop.execute(() -> result().onComplete(promised)));
        }
        return end instanceof Outcome.Success<T> success
                ? Future.succeededFuture(success.value())
                : Future.failedFuture(end.errorOrNull());
    }

    /** Only on this task's loop. */
    void addJoiner(Waiter<Outcome<T>> joiner) {
        Outcome<T> end = published;
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
