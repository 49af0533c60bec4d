package io.vertask.task;

import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.PromiseInternal;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One cancellable wait of the current scope: the primitive of which everything that waits is made, in other packages
 * too.
 *
 * <p>{@code Waiter.await("acquire", w -> queue.add(w.onCancel(cause -> queue.remove(w))))} registers the wait, and the
 * code that has the value calls {@link #resume}.
 *
 * <pre>
 *  WAITING ──resume, fail──▶ in flight (a turn in the ready queue) ──turn──▶ DONE: the body goes on
 *     │                          │
 *   cancel                    cancel                     (a cancel that comes before the turn wins)
 *     ▼                          ▼
 *  CANCELLED ──abort hook says «taken back», or the operation ends──turn──▶ DONE: the body gets CancelledException
 * </pre>
 *
 * <p>A value and a cancel never both win: a value that arrives at a cancelled wait goes to {@link #onUndelivered},
 * exactly once; otherwise the body gets it, exactly once, and a later cancel doesn't take it back on its way out of the
 * blocks around.
 *
 * <p><b>Threads.</b> {@link #resume} and {@link #fail} from any thread, everything else on the scope's event loop; the
 * abort and undelivered hooks are called there too, on the context of the wait.
 *
 * @param <T> the type of the value waited for
 */
public final class Waiter<T> extends Node {
    /** A hook that takes back the operation behind a wait. */
    @FunctionalInterface
    public interface Abort {
        /**
         * Called once when the wait is cancelled before its value came.
         *
         * @return true when nothing of the operation is left, so that the wait ends now; false when the operation is
         *     ending, and will call {@link Waiter#resume} or {@link Waiter#fail} at its end
         */
        boolean abort(CancelledException cause);
    }

    /**
     * An {@link #onUndelivered} hook that is also called when the value did arrive.
     *
     * @param <T> the type of the value
     */
    public interface Receipt<T> extends Consumer<T> {
        /**
         * Called instead of {@code accept} when the body gets the value, just before it goes on; not for a value of
         * {@link Waiter#completeAtOnce}. It must not throw.
         */
        void delivered();
    }

    private record Failed(Throwable error) {}

    private static final Object NULL = new Object();
    private static final Object TAKEN = new Object();
    private static final VarHandle SIGNAL;

    static {
        try {
            SIGNAL = MethodHandles.lookup().findVarHandle(Waiter.class, "signal", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** The scope of the wait; unlike {@link #owner}, it stays after the end. */
    private final Scope home;

    private final Object what;
    /** Null until the operation has begun to wait: one that ends at once needs none. */
    private @Nullable PromiseInternal<T> promise;

    private @Nullable Abort abort;
    private @Nullable Consumer<? super T> undelivered;
    /** Set by the cancel. */
    private @Nullable CancelledException cause;
    /** Whether the abort hook said that the operation is ending, and will call when it has ended. */
    private boolean ending;

    private boolean starting = true;
    private boolean outside;

    /** Null until the value came: then the value, NULL or a Failed; TAKEN once it was consumed or disposed of. */
    private volatile @Nullable Object signal;

    private Waiter(Scope scope, Object what) {
        this.home = scope;
        this.what = what;
        scope.attach(this);
    }

    /**
     * Begins a wait in the current scope. {@code start} is called at once with the wait and begins the operation; in a
     * cancelled scope it is not called, and the future has failed already.
     *
     * <p><b>Failure.</b> {@link IllegalStateException} outside any task. The wait fails with an exception that
     * {@code start} throws.
     *
     * @param what the thing waited for, in words, for surveys of the running tasks
     */
    public static <T> Future<T> await(String what, Consumer<Waiter<T>> start) {
        Objects.requireNonNull(what, "Waiter.await: what is null");
        Objects.requireNonNull(start, "Waiter.await: start is null");
        return await((Object) what, start);
    }

    /**
     * {@link #await} for a value that is often there already. In a scope that is not cancelled, {@code poll} is called
     * first, and a value other than null is the result at once. Without one, {@code start} is called; it must look
     * again, since another thread may have been faster.
     */
    public static <T> Future<T> pollOrAwait(
            String what, Supplier<? extends @Nullable T> poll, Consumer<Waiter<T>> start) {
        Objects.requireNonNull(what, "Waiter.pollOrAwait: what is null");
        Objects.requireNonNull(poll, "Waiter.pollOrAwait: poll is null");
        Objects.requireNonNull(start, "Waiter.pollOrAwait: start is null");
        Scope scope = Scope.current("waiting for");
        try {
            T value = scope.refusal() == null ? poll.get() : null;
            if (value != null) {
                return scope.context.succeededFuture(value);
            }
        } catch (Throwable thrown) {
            return scope.context.failedFuture(thrown);
        }
        return await(what, start);
    }

    /** {@link #pollOrAwait} without a value: {@code attempt} returns true when there is no need to wait. */
    public static Future<Void> tryOrAwait(String what, BooleanSupplier attempt, Consumer<Waiter<Void>> start) {
        Objects.requireNonNull(what, "Waiter.tryOrAwait: what is null");
        Objects.requireNonNull(attempt, "Waiter.tryOrAwait: attempt is null");
        Objects.requireNonNull(start, "Waiter.tryOrAwait: start is null");
        Scope scope = Scope.current("waiting for");
        try {
            if (scope.refusal() == null && attempt.getAsBoolean()) {
                return scope.context.succeededFuture();
            }
        } catch (Throwable thrown) {
            return scope.context.failedFuture(thrown);
        }
        return await(what, start);
    }

    /** {@link #await(String, Consumer)} with a {@code what} that is turned into text only when it is read. */
    static <T> Future<T> await(Object what, Consumer<Waiter<T>> start) {
        Scope scope = Scope.current("waiting for");
        CancelRequest refusal = scope.refusal();
        if (refusal != null) {
            scope.bodyWasTold(refusal);
            return scope.context.failedFuture(scope.cancelled(refusal));
        }
        Waiter<T> wait = new Waiter<>(scope, what);
        try {
            start.accept(wait);
        } catch (Throwable thrown) {
            if (!wait.fail(thrown)) {
                scope.context.reportException(thrown);
            }
        }
        wait.starting = false;
        if (wait.isDone()) {
            return scope.context.succeededFuture(wait.takeAtOnce());
        }
        PromiseInternal<T> promise = scope.context.promise();
        wait.promise = promise;
        return promise.future();
    }

    @SuppressWarnings("unchecked")
    private @Nullable T takeAtOnce() {
        Object got = signal;
        signal = TAKEN;
        return got == NULL ? null : (T) got;
    }

    /**
     * Ends the wait without a turn: the future that {@link #await} returns is complete when it is returned. For an
     * operation that need not wait after all. A cancellation of the scope has been checked, and nothing else runs in
     * between.
     *
     * <p><b>Failure.</b> {@link IllegalStateException} after {@code start} has returned, or once the wait has its
     * value.
     *
     * <p><b>Threads.</b> Only inside {@code start}.
     */
    public void completeAtOnce(@Nullable T value) {
        Scope scope = owner;
        if (!starting || scope == null || !SIGNAL.compareAndSet(this, null, value == null ? NULL : value)) {
            throw new IllegalStateException("'" + what + "' has begun to wait or is over; end it with resume or fail");
        }
        over(scope);
        undelivered = null;
    }

    /** Sets the hook for a cancel of the wait; without one, a cancelled wait just ends. */
    public Waiter<T> onCancel(Abort hook) {
        Objects.requireNonNull(hook, "Waiter.onCancel: hook is null");
        if (cause == null) {
            abort = hook;
        } else if (signal == null) {
            ask(hook);
        }
        return this;
    }

    /** Sets the hook that is given a value which comes too late. */
    public Waiter<T> onUndelivered(Consumer<? super T> hook) {
        Objects.requireNonNull(hook, "Waiter.onUndelivered: hook is null");
        undelivered = hook;
        return this;
    }

    /**
     * Declares that the value comes from outside the event loop, from a socket or another thread: a virtual clock
     * stands still until this wait is over.
     */
    public Waiter<T> outside() {
        if (!outside && !isDone()) {
            outside = true;
            home.ready.timers.outside(home.ready.loop, 1);
        }
        return this;
    }

    /** Whether the body has the result: this wait stands in no scope any more. */
    private boolean isDone() {
        return owner == null;
    }

    private void over(Scope scope) {
        abort = null;
        scope.detach(this);
        if (outside) {
            home.ready.timers.outside(home.ready.loop, -1);
        }
    }

    /** Gives the value. False when the wait had its value or failure already; the caller then deals with this value. */
    public boolean resume(@Nullable T value) {
        return signal(value == null ? NULL : value);
    }

    /** Ends the wait with an error; false when it had its value or failure already. */
    public boolean fail(Throwable error) {
        Objects.requireNonNull(error, "Waiter.fail: error is null");
        return signal(new Failed(error));
    }

    /** The ready queue of its scope. */
    Ready ready() {
        return home.ready;
    }

    /** The thing waited for, in words. */
    public String what() {
        if (what instanceof RunningTask<?> task) {
            return "task '" + task.path() + "'";
        }
        return what instanceof Duration sleep ? "sleep " + Durations.text(sleep) : what.toString();
    }

    /** The tasks whose end is waited for; empty when it is something else. */
    List<RunningTask<?>> awaited() {
        if (what instanceof RunningTask<?> task) {
            return List.of(task);
        }
        return what instanceof AwaitedTasks several ? several.awaitedOn(home.ready.loop) : List.of();
    }

    /** Whether the value or the error is on its way. */
    boolean isComing() {
        return signal != null || cause != null;
    }

    @Override
    @Nullable
    String leftOver() {
        // nothing is lost when a wait for tasks ends
        return awaited().isEmpty() && !isComing() ? "'" + what() + "'" : null;
    }

    private boolean signal(Object it) {
        if (!SIGNAL.compareAndSet(this, null, it)) {
            return false;
        }
        if (!home.ready.post(this)) {
            // the loop has ended, and with it the body; the value must not be lost
            signal = TAKEN;
            if (!(it instanceof Failed)) {
                LateValues.dispose(it == NULL ? null : it, undelivered, home.context);
            }
        }
        return true;
    }

    void cancel(CancelRequest request) {
        Scope scope = owner;
        if (scope == null || cause != null) {
            return;
        }
        // the end of a task has no dispose hook, so one that is on its way is not lost to a cancel
        if (what instanceof RunningTask<?> joined && (signal != null || joined.isOverHere())) {
            return;
        }
        cause = scope.cancelled(request);
        // with a value in flight the operation is over: there is nothing to abort, and the turn is coming
        if (signal == null) {
            if (abort == null) {
                home.ready.post(this);
            } else {
                ask(abort);
            }
        }
    }

    private void ask(Abort hook) {
        abort = null;
        CancelledException why = cause;
        boolean takenBack = true;
        ContextInternal before = home.context.beginDispatch();
        try {
            takenBack = why == null || hook.abort(why);
        } catch (Throwable thrown) {
            home.context.reportException(thrown);
        } finally {
            home.context.endDispatch(before);
        }
        ending = !takenBack;
        if (takenBack) {
            home.ready.post(this);
        }
    }

    @Override
    public void turn() {
        Object got = signal;
        if (got != null) {
            signal = TAKEN;
        }
        Scope scope = owner;
        if (scope == null) {
            dispose(got);
            return;
        }
        if (ending && got == null) {
            // queued by a cancel that came before the hook was set
            return;
        }
        // before the body goes on, which may end the scope
        over(scope);
        Ready ready = home.ready;
        CancelRequest before = ready.late;
        try {
            CancelledException why = cause;
            if (why != null) {
                dispose(got);
                if (got instanceof Failed failed && failed.error() != why) {
                    why.addSuppressed(failed.error());
                }
                scope.bodyWasTold(why.request());
                fail(promise, why);
            } else {
                // a request that did not cancel this wait came too late for it
                ready.late = scope.request;
                deliver(got);
            }
        } finally {
            ready.late = before;
            scope.endIfEmpty();
        }
    }

    @SuppressWarnings("unchecked")
    private void deliver(@Nullable Object got) {
        if (undelivered instanceof Receipt<?> receipt && !(got instanceof Failed)) {
            receipt.delivered();
        }
        undelivered = null;
        if (got instanceof Failed failed) {
            fail(promise, failed.error());
        } else if (promise != null) {
            promise.complete(got == NULL ? null : (T) got);
        }
    }

    private static void fail(@Nullable PromiseInternal<?> promise, Throwable error) {
        if (promise != null) {
            promise.fail(error);
        }
    }

    @SuppressWarnings("unchecked")
    private void dispose(@Nullable Object got) {
        Consumer<? super T> hook = undelivered;
        if (hook == null || got == null || got == TAKEN || got instanceof Failed) {
            return;
        }
        undelivered = null;
        ContextInternal before = home.context.beginDispatch();
        try {
            hook.accept(got == NULL ? null : (T) got);
        } catch (Throwable thrown) {
            home.context.reportException(thrown);
        } finally {
            home.context.endDispatch(before);
        }
    }
}
