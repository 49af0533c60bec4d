package io.vertask.task;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The verbs that run, start, gather, limit, shield and repeat coroutines.
 *
 * <p>All but {@link #run} and {@link #start} are called in a task's own code and work for the scope that is current
 * there; elsewhere they fail with {@link IllegalStateException}. Everything they start ends before that scope does.
 * Verbs with more options are classes: {@link TaskGroup}, {@link Gather}, {@link Timeout}, {@link Retry}.
 *
 * <p><b>Cancellation.</b> In a cancelled scope every verb but {@link #shield} and the cleanup of {@link #finallyDo}
 * fails at once with {@link CancelledException}, every time: a stray {@code recover} or a missed re-raise cannot keep a
 * cancelled task going.
 *
 * <p><b>Threads.</b> Futures call back on the event loop and context of the scope that called the verb.
 */
public final class Tasks {
    /** The limit of a cleanup for which none is given. */
    public static final Duration CLEANUP_LIMIT = Duration.ofSeconds(10);

    private Tasks() {}

    // ---- start

    /**
     * Runs a program: creates a Vertx with one event loop, runs {@code main} on it, waits for it and for everything
     * left over, closes the Vertx, and returns the value of main. asyncio's {@code asyncio.run}.
     *
     * <p><b>Failure.</b> Throws the very exception with which main failed, a checked one too.
     *
     * <p><b>Cancellation.</b> Interrupting the calling thread, or the exit of the JVM (Ctrl-C), cancels main; its
     * cleanup runs.
     *
     * <p><b>Threads.</b> A plain thread; on a Vert.x thread it fails with {@link IllegalStateException}.
     */
    public static <T> @Nullable T run(Coroutine<T> main) {
        Objects.requireNonNull(main, "Tasks.run: main is null");
        return MainTask.alone(main);
    }

    /** {@link #run(Coroutine)} on one event loop of a Vertx that you own; it is not closed. */
    public static <T> @Nullable T run(Vertx vertx, Coroutine<T> main) {
        Objects.requireNonNull(vertx, "Tasks.run: vertx is null");
        Objects.requireNonNull(main, "Tasks.run: main is null");
        return MainTask.on(vertx, main);
    }

    /**
     * Starts {@code body} as a task of the current scope, or of the current Vert.x context when no task is running (a
     * verticle, a request handler); it begins on the next turn of the loop. asyncio's {@code create_task}.
     *
     * <p>Unlike in asyncio, the task ends no later than the scope in which it was started: a task left over then is
     * cancelled.
     *
     * <p><b>Failure.</b> {@link IllegalStateException} on a thread without a Vert.x context. A failure that nobody
     * looks at is reported once to the context's exception handler.
     */
    public static <T> Task<T> start(Coroutine<T> body) {
        return start(null, body);
    }

    /** {@link #start(Coroutine)} with a name for messages and surveys. */
    public static <T> Task<T> start(@Nullable String name, Coroutine<T> body) {
        Objects.requireNonNull(body, "Tasks.start: body is null");
        ContextInternal context = startContext("Tasks.start");
        return RunningTask.start(parentFor("Tasks.start", context), context, name, body);
    }

    private static ContextInternal startContext(String verb) {
        ContextInternal context = ContextInternal.current();
        if (context == null) {
            throw new IllegalStateException(verb
                    + " on a thread without a Vert.x context: name one with Tasks.start(vertx, …), or use Tasks.run");
        }
        return context;
    }

    private static Scope parentFor(String verb, ContextInternal context) {
        Scope scope = Scope.onOrNull(context);
        return scope == null ? Home.of(context) : scope.checkThread(verb);
    }

    /**
     * {@link #start(Coroutine)} with the first step of {@code body} taken at once: a body that never waits is over when
     * this returns. asyncio's eager tasks.
     *
     * <p>It saves a turn of the loop, but runs {@code body} inside the caller's code. Deep in other eager starts the
     * task begins on the next turn instead, so that no nesting overflows the stack.
     */
    public static <T> Task<T> startEager(Coroutine<T> body) {
        return startEager(null, body);
    }

    /** {@link #startEager(Coroutine)} with a name. */
    public static <T> Task<T> startEager(@Nullable String name, Coroutine<T> body) {
        Objects.requireNonNull(body, "Tasks.startEager: body is null");
        ContextInternal context = startContext("Tasks.startEager");
        return RunningTask.startEager(parentFor("Tasks.startEager", context), context, name, body);
    }

    /** Starts a root task on an event loop of {@code vertx}, from any thread; closing {@code vertx} cancels it. */
    public static <T> Task<T> start(Vertx vertx, @Nullable String name, Coroutine<T> body) {
        Objects.requireNonNull(vertx, "Tasks.start: vertx is null");
        Objects.requireNonNull(body, "Tasks.start: body is null");
        return start(((VertxInternal) vertx).createEventLoopContext(), name, body);
    }

    /** Starts a root task on {@code context}, from any thread; the end of its verticle cancels it. */
    public static <T> Task<T> start(Context context, @Nullable String name, Coroutine<T> body) {
        Objects.requireNonNull(context, "Tasks.start: context is null");
        Objects.requireNonNull(body, "Tasks.start: body is null");
        return RunningTask.start(Home.of(context), (ContextInternal) context, name, body);
    }

    /**
     * Waits for a future that is not of this library, on the context of the current scope. asyncio's {@code await
     * future}.
     *
     * <p><b>Cancellation.</b> Ends the wait at once. The operation behind the future goes on: it is named in a
     * {@link Survey}, a connection that comes too late is closed, other late values are dropped, and a late failure is
     * reported to the exception handler.
     */
    public static <T> Future<T> await(Future<T> future) {
        Objects.requireNonNull(future, "Tasks.await: future is null");
        return ForeignWait.await(future, null, null);
    }

    /**
     * {@link #await(Future)} for an operation that can be stopped.
     *
     * <p><b>Cancellation.</b> Calls {@code cancel}, which stops the operation, in a shield, and waits for the end of
     * the future that it returns, for {@link #CLEANUP_LIMIT} at most: {@code await(process.onExit(), reason ->
     * process.destroy())}.
     *
     * @param cancel gives a future that ends when the request to stop has been made; null when it has been made already
     */
    public static <T> Future<T> await(
            Future<T> future, Function<? super CancelReason, ? extends @Nullable Future<?>> cancel) {
        Objects.requireNonNull(future, "Tasks.await: future is null");
        Objects.requireNonNull(cancel, "Tasks.await: cancel is null");
        return ForeignWait.await(future, cancel, null);
    }

    /**
     * {@link #await(Future, Function)} for a value that must be closed.
     *
     * @param undelivered gets a value that comes too late
     */
    public static <T> Future<T> await(
            Future<T> future,
            Function<? super CancelReason, ? extends @Nullable Future<?>> cancel,
            Consumer<? super T> undelivered) {
        Objects.requireNonNull(future, "Tasks.await: future is null");
        Objects.requireNonNull(cancel, "Tasks.await: cancel is null");
        Objects.requireNonNull(undelivered, "Tasks.await: undelivered is null");
        return ForeignWait.await(future, cancel, undelivered);
    }

    /** {@link #await(Future)} for a value that must be closed: one that comes too late goes to {@code undelivered}. */
    public static <T> Future<T> awaitOrDispose(Future<T> future, Consumer<? super T> undelivered) {
        Objects.requireNonNull(future, "Tasks.awaitOrDispose: future is null");
        Objects.requireNonNull(undelivered, "Tasks.awaitOrDispose: undelivered is null");
        return ForeignWait.await(future, null, undelivered);
    }

    /**
     * Calls {@code body} as a part of the current task, for code that has to go on after it:
     * {@code call(body).transform(end -> …)}.
     *
     * <p>It differs from calling {@code body} itself in one way. When a cancelled body waits for a future that is not
     * of this library, the result comes at once all the same. {@link #finallyDo} calls its body like this.
     *
     * <p><b>Failure.</b> That of {@code body}, also when it throws.
     *
     * <p><b>Cancellation.</b> A value that comes too late goes to {@code undelivered}.
     */
    public static <T> Future<T> call(Coroutine<T> body, Consumer<? super T> undelivered) {
        Objects.requireNonNull(body, "Tasks.call: body is null");
        Objects.requireNonNull(undelivered, "Tasks.call: undelivered is null");
        return Scope.current("Tasks.call").call(body, undelivered);
    }

    /** {@link #call(Coroutine, Consumer)} for a value that needs no closing. */
    public static <T> Future<T> call(Coroutine<T> body) {
        Objects.requireNonNull(body, "Tasks.call: body is null");
        return Scope.current("Tasks.call").call(body, null);
    }

    // ---- concurrency

    /**
     * Runs all at once and gives their values in the order of the arguments. asyncio's {@code gather}.
     *
     * <p><b>Failure.</b> The first failure cancels the others and waits for their cleanup. Then this fails with the
     * same instance, and later failures are suppressed in it. (CPython leaves the others running.) A null argument is
     * refused before anything starts.
     *
     * <p><b>Cancellation.</b> Reaches every coroutine; this fails with {@link CancelledException} even if they all
     * ignore it.
     */
    public static <T> Future<List<T>> gather(List<? extends Coroutine<? extends T>> bodies) {
        Objects.requireNonNull(bodies, "Tasks.gather: bodies is null");
        return GatherBlock.gather(Scope.current("Tasks.gather"), Gather.checked("Tasks.gather", bodies));
    }

    /** {@link #gather(List)}. */
    @SafeVarargs
    @SuppressWarnings("varargs")
    public static <T> Future<List<T>> gather(Coroutine<? extends T>... bodies) {
        Objects.requireNonNull(bodies, "Tasks.gather: bodies is null");
        return gather(Arrays.asList(bodies));
    }

    /**
     * Runs all at once and gives their outcomes: no failure stops the others. {@code gather(return_exceptions=True)}.
     */
    public static <T> Future<List<Outcome<T>>> settle(List<? extends Coroutine<? extends T>> bodies) {
        Objects.requireNonNull(bodies, "Tasks.settle: bodies is null");
        return GatherBlock.settle(Scope.current("Tasks.settle"), Gather.checked("Tasks.settle", bodies));
    }

    /** {@link #settle(List)}. */
    @SafeVarargs
    @SuppressWarnings("varargs")
    public static <T> Future<List<Outcome<T>>> settle(Coroutine<? extends T>... bodies) {
        Objects.requireNonNull(bodies, "Tasks.settle: bodies is null");
        return settle(Arrays.asList(bodies));
    }

    /** {@link #gather(List)} of {@code fn} for each item: {@code gather(*[fn(i) for i in items])}. */
    public static <I, T> Future<List<T>> gather(
            Collection<? extends I> items, Function<? super I, ? extends Future<? extends T>> fn) {
        Objects.requireNonNull(items, "Tasks.gather: items is null");
        Objects.requireNonNull(fn, "Tasks.gather: fn is null");
        return gather(items.stream().map(Gather.<I, T>calling(fn)).toList());
    }

    /** {@link #settle(List)} of {@code fn} for each item. */
    public static <I, T> Future<List<Outcome<T>>> settle(
            Collection<? extends I> items, Function<? super I, ? extends Future<? extends T>> fn) {
        Objects.requireNonNull(items, "Tasks.settle: items is null");
        Objects.requireNonNull(fn, "Tasks.settle: fn is null");
        return settle(items.stream().map(Gather.<I, T>calling(fn)).toList());
    }

    /**
     * Runs {@code fn} for each item, at most {@code limit} at a time, and gives the values in the order of the items; a
     * {@code gather} under a {@code Semaphore}. {@link Gather} has more options.
     */
    public static <I, T> Future<List<T>> mapConcurrent(
            int limit, Iterable<? extends I> source, Function<? super I, ? extends Future<? extends T>> fn) {
        Objects.requireNonNull(source, "Tasks.mapConcurrent: source is null");
        Objects.requireNonNull(fn, "Tasks.mapConcurrent: fn is null");
        return Gather.limit(limit).all(source, fn);
    }

    /** Runs {@code fn} for each item of a source of any length, at most {@code limit} at a time; keeps no results. */
    public static <I> Future<Void> forEachConcurrent(
            int limit, Iterable<? extends I> source, Function<? super I, ? extends Future<?>> fn) {
        Objects.requireNonNull(source, "Tasks.forEachConcurrent: source is null");
        Objects.requireNonNull(fn, "Tasks.forEachConcurrent: fn is null");
        return Gather.limit(limit).each(source, fn);
    }

    /**
     * Runs all at once and gives the first success; the others are then cancelled and awaited.
     *
     * <p><b>Failure.</b> When none succeeds: the first failure, the others suppressed in it in the order of the
     * arguments. {@link IllegalArgumentException} for a race of none.
     *
     * <p><b>Cancellation.</b> Reaches all. A value that is not handed out, of a later success or of a race that was
     * cancelled, goes to {@code undelivered}, which may close it.
     */
    public static <T> Future<T> race(List<? extends Coroutine<? extends T>> bodies, Consumer<? super T> undelivered) {
        Objects.requireNonNull(bodies, "Tasks.race: bodies is null");
        Objects.requireNonNull(undelivered, "Tasks.race: undelivered is null");
        return new RaceBlock<T>(Scope.current("Tasks.race"), undelivered).open(Gather.checked("Tasks.race", bodies));
    }

    /** {@link #race(List, Consumer)} for values that need no closing. */
    @SafeVarargs
    @SuppressWarnings("varargs")
    public static <T> Future<T> race(Coroutine<? extends T>... bodies) {
        Objects.requireNonNull(bodies, "Tasks.race: bodies is null");
        return race(Arrays.asList(bodies), late -> {});
    }

    /**
     * Runs all at once; {@code consumer} takes the results in the order in which they come. asyncio's
     * {@code as_completed}, but the end of {@code consumer} cancels and awaits the tasks that still run.
     */
    public static <T, R> Future<R> asCompleted(
            List<? extends Coroutine<T>> bodies, Function<Completed<T>, Future<R>> consumer) {
        Objects.requireNonNull(bodies, "Tasks.asCompleted: bodies is null");
        Objects.requireNonNull(consumer, "Tasks.asCompleted: consumer is null");
        return new CompletedBlock<T, R>(Scope.current("Tasks.asCompleted"))
                .open(Gather.checked("Tasks.asCompleted", bodies), consumer);
    }

    /**
     * Waits until enough of {@code tasks} are over, and says which; nothing is done to the others, a failure stays one
     * that nobody has looked at, and a cancel ends the wait only. asyncio's {@code wait}. ({@link Object#wait()} would
     * hide a static import of that name.)
     */
    public static <K extends Task<?>> Future<Waited<K>> waitUntil(Until until, Collection<? extends K> tasks) {
        return waitUntil(until, tasks, null);
    }

    /** {@link #waitUntil(Until, Collection)} for {@code limit} at most; when that passes, it is no failure. */
    public static <K extends Task<?>> Future<Waited<K>> waitUntil(
            Until until, Collection<? extends K> tasks, @Nullable Duration limit) {
        Objects.requireNonNull(until, "Tasks.waitUntil: until is null");
        Objects.requireNonNull(tasks, "Tasks.waitUntil: tasks is null");
        return WaitUntil.on(Scope.current("Tasks.waitUntil"), until, tasks, limit);
    }

    // ---- time

    /**
     * The nanoseconds on the clock of {@link #sleep} and {@link #timeout}; only differences have a meaning. asyncio's
     * {@code loop.time()}.
     */
    public static long nanoTime() {
        return Scope.current("Tasks.nanoTime").ready.timers.nanoTime();
    }

    /**
     * Waits for {@code duration}. Zero or less gives the other tasks exactly one turn.
     *
     * <p><b>Cancellation.</b> Removes the timer at once.
     */
    public static Future<Void> sleep(Duration duration) {
        Objects.requireNonNull(duration, "Tasks.sleep: duration is null");
        return Sleep.in(Scope.current("Tasks.sleep"), duration);
    }

    /**
     * Runs {@code body} and cancels it when {@code limit} has passed. asyncio's {@code timeout}. {@link Timeout} has
     * limits that can be moved, and limits that are no failure.
     *
     * <p>Zero or less fires at the first wait; a body that never waits completes normally. Null is no limit.
     *
     * <p><b>Failure.</b> {@link TaskTimeoutException} when the limit passed and the body, with its cleanup, ended
     * because of it. When the body turns the cancellation into a value or an error of its own, that is the result.
     *
     * <p><b>Cancellation.</b> A cancel from outside passes through as {@link CancelledException}, even when the limit
     * has passed as well.
     */
    public static <T> Future<T> timeout(@Nullable Duration limit, Coroutine<T> body) {
        Objects.requireNonNull(body, "Tasks.timeout: body is null");
        return new TimeoutBlock<T>(Scope.current("Tasks.timeout"), limit).open(body);
    }

    /**
     * {@link #timeout} that does not begin {@code body} with a limit of zero or less. asyncio's {@code wait_for}.
     *
     * <p><b>Failure.</b> {@link TaskTimeoutException}.
     */
    public static <T> Future<T> waitFor(Coroutine<T> body, @Nullable Duration limit) {
        Objects.requireNonNull(body, "Tasks.waitFor: body is null");
        boolean never = limit != null && (limit.isZero() || limit.isNegative());
        return timeout(limit, never ? () -> Waiter.await("a limit of zero", wait -> {}) : body);
    }

    /**
     * The time that the current scope may still run: the shortest time left of the limits around it. Empty when there
     * is no limit, negative once a limit has passed. A shield hides the limits outside it.
     */
    public static Optional<Duration> remaining() {
        return Optional.ofNullable(Scope.current("Tasks.remaining").remainingNanos())
                .map(Duration::ofNanos);
    }

    // ---- shield and cleanup

    /**
     * Runs {@code body} out of reach of a cancel of the caller. asyncio's {@code shield}.
     *
     * <p>A cancelled caller still stops waiting at once; the enclosing scope waits for {@code body} before its own end.
     *
     * <p><b>Failure.</b> That of {@code body}; when the caller has gone, it is reported once to the exception handler.
     */
    public static <T> Future<T> shield(Coroutine<T> body) {
        return shield(body, late -> {});
    }

    /**
     * {@link #shield(Coroutine)} for a value that must be closed: when the caller has gone, it goes to
     * {@code undelivered}.
     */
    public static <T> Future<T> shield(Coroutine<T> body, Consumer<? super T> undelivered) {
        Objects.requireNonNull(body, "Tasks.shield: body is null");
        Objects.requireNonNull(undelivered, "Tasks.shield: undelivered is null");
        Scope scope = Scope.current("Tasks.shield");
        return Join.shielded(scope, RunningTask.startShielded(scope, null, body), undelivered);
    }

    /**
     * Runs {@code body}, then {@code cleanup}, however the body ended: {@code try/finally} for asynchronous code.
     *
     * <p><b>Failure.</b> The body's own, with the cleanup's suppressed in it; the cleanup's when the body succeeded or
     * was only cancelled.
     *
     * <p><b>Cancellation.</b> The cleanup runs in a shield: it may wait, a second cancel does not cut it short. Its
     * limit is {@link #CLEANUP_LIMIT}; a cleanup that is cut by it is reported to the exception handler by name.
     */
    public static <T, C> Future<T> finallyDo(Coroutine<T> body, Coroutine<C> cleanup) {
        return finallyDo(body, CLEANUP_LIMIT, cleanup);
    }

    /** {@link #finallyDo(Coroutine, Coroutine)} with a limit for the cleanup. */
    public static <T, C> Future<T> finallyDo(Coroutine<T> body, Duration limit, Coroutine<C> cleanup) {
        Objects.requireNonNull(body, "Tasks.finallyDo: body is null");
        Objects.requireNonNull(limit, "Tasks.finallyDo: limit is null");
        Objects.requireNonNull(cleanup, "Tasks.finallyDo: cleanup is null");
        return CleanupBlock.after(Scope.current("Tasks.finallyDo"), body, limit, cleanup);
    }

    /**
     * {@link #finallyDo(Coroutine, Coroutine)} for a cleanup that does not wait: {@code finallyRun(body, file::close)}.
     */
    public static <T> Future<T> finallyRun(Coroutine<T> body, Runnable cleanup) {
        Objects.requireNonNull(body, "Tasks.finallyRun: body is null");
        Objects.requireNonNull(cleanup, "Tasks.finallyRun: cleanup is null");
        return finallyDo(body, () -> {
            cleanup.run();
            return Future.succeededFuture();
        });
    }

    // ---- loops

    /**
     * Runs {@code step} again as long as it gives true, on a flat stack however many steps there are.
     *
     * <p><b>Failure.</b> That of the first step that fails; it ends the loop.
     *
     * <p><b>Cancellation.</b> Ends the loop before its next step, even when the steps ignore it.
     */
    public static Future<Void> loopWhile(Coroutine<Boolean> step) {
        Objects.requireNonNull(step, "Tasks.loopWhile: step is null");
        return StepLoop.whileTrue(Scope.current("Tasks.loopWhile"), step);
    }

    /** Runs {@code step} again and again until it fails or is cancelled: {@code while True}. */
    public static <C> Future<Void> forever(Coroutine<C> step) {
        Objects.requireNonNull(step, "Tasks.forever: step is null");
        return loopWhile(() -> step.call().map(true));
    }

    /** Runs {@code step} for each item, one after the other: {@code for item in items}. */
    public static <T> Future<Void> forEach(Iterable<T> items, Function<? super T, ? extends Future<?>> step) {
        Objects.requireNonNull(items, "Tasks.forEach: items is null");
        Objects.requireNonNull(step, "Tasks.forEach: step is null");
        Iterator<T> iterator = items.iterator();
        return loopWhile(
                () -> iterator.hasNext() ? step.apply(iterator.next()).map(true) : Future.succeededFuture(false));
    }

    /** Runs {@code body} again after a failure by the rules of {@code how}. {@link Retry#run} also gives the number. */
    public static <T> Future<T> retry(Retry how, Coroutine<T> body) {
        Objects.requireNonNull(how, "Tasks.retry: how is null");
        Objects.requireNonNull(body, "Tasks.retry: body is null");
        return RetryLoop.run(Scope.current("Tasks.retry"), how, number -> body);
    }
}
