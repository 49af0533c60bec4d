package io.vertask.task;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * A {@code gather} with options: the number that run at a time, and the effect of a failure on the others.
 *
 * <p>{@code Gather.limit(5).all(urls, url -> fetch(url))} fetches five at a time and gives the values in the order of
 * the URLs. An item is pulled from its source when there is a place for it, so the source may be of any length;
 * {@code stream::iterator} and {@code () -> iterator} make a source of a stream and of an iterator.
 *
 * <p>Without a limit all of them run at once: {@link Tasks#gather(List)} and {@link Tasks#settle(List)}.
 *
 * <p><b>Failure.</b> The first failure stops the pulling, cancels those that run, and waits for their cleanup. The
 * gather then fails with it, and later ones are suppressed in it. A failure thrown by the source counts like any other.
 * {@link #settle} and {@link #leaveRunning} differ.
 *
 * <p><b>Cancellation.</b> Stops the pulling and reaches all that run.
 */
public final class Gather {
    private final int limit;

    private Gather(int limit) {
        this.limit = limit;
    }

    /**
     * At most {@code atOnce} at a time.
     *
     * <p><b>Failure.</b> {@link IllegalArgumentException} when that is less than one.
     */
    public static Gather limit(int atOnce) {
        if (atOnce < 1) {
            throw new IllegalArgumentException(
                    "Gather.limit: " + atOnce + " would never run anything; name 1 or more to run at a time");
        }
        return new Gather(atOnce);
    }

    /** The values, in the order of the coroutines. */
    public <T> Future<List<T>> all(List<? extends Coroutine<? extends T>> bodies) {
        Objects.requireNonNull(bodies, "Gather.all: bodies is null");
        return this.<Coroutine<? extends T>, T, List<T>>pull(
                checked("Gather.all", bodies), body -> body, PullBlock.Keep.VALUES);
    }

    /** The values of {@code fn} for each item, in the order of the items. */
    public <I, T> Future<List<T>> all(
            Iterable<? extends I> source, Function<? super I, ? extends Future<? extends T>> fn) {
        Objects.requireNonNull(source, "Gather.all: source is null");
        Objects.requireNonNull(fn, "Gather.all: fn is null");
        return this.<I, T, List<T>>pull(source, calling(fn), PullBlock.Keep.VALUES);
    }

    /** The outcomes, in the order of the coroutines: no failure stops the others. */
    public <T> Future<List<Outcome<T>>> settle(List<? extends Coroutine<? extends T>> bodies) {
        Objects.requireNonNull(bodies, "Gather.settle: bodies is null");
        return this.<Coroutine<? extends T>, T, List<Outcome<T>>>pull(
                checked("Gather.settle", bodies), body -> body, PullBlock.Keep.OUTCOMES);
    }

    /** The outcomes of {@code fn} for each item, in the order of the items: no failure stops the others. */
    public <I, T> Future<List<Outcome<T>>> settle(
            Iterable<? extends I> source, Function<? super I, ? extends Future<? extends T>> fn) {
        Objects.requireNonNull(source, "Gather.settle: source is null");
        Objects.requireNonNull(fn, "Gather.settle: fn is null");
        return this.<I, T, List<Outcome<T>>>pull(source, calling(fn), PullBlock.Keep.OUTCOMES);
    }

    /** Runs {@code fn} for each item and keeps no results: it needs memory only for the items that run. */
    public <I> Future<Void> each(Iterable<? extends I> source, Function<? super I, ? extends Future<?>> fn) {
        Objects.requireNonNull(source, "Gather.each: source is null");
        Objects.requireNonNull(fn, "Gather.each: fn is null");
        return this.<I, Object, Void>pull(source, calling(fn), PullBlock.Keep.NOTHING);
    }

    private <I, T, R> Future<R> pull(
            Iterable<? extends I> source,
            Function<? super I, ? extends Coroutine<? extends T>> bodyOf,
            PullBlock.Keep keep) {
        return new PullBlock<I, T, R>(Scope.current("Gather"), limit, source.iterator(), bodyOf, keep).open();
    }

    /**
     * Runs all at once, as CPython's {@code gather} does: the first failure is given to the caller at once, and the
     * others go on. They live in the current scope, which cancels and awaits at its end those that still run; their
     * later failures go to the exception handler.
     *
     * <p><b>Cancellation.</b> Before the first failure it reaches all of them and waits for their cleanup; afterwards
     * only the end of the scope does.
     */
    public static <T> Future<List<T>> leaveRunning(List<? extends Coroutine<? extends T>> bodies) {
        Objects.requireNonNull(bodies, "Gather.leaveRunning: bodies is null");
        List<? extends Coroutine<? extends T>> all = checked("Gather.leaveRunning", bodies);
        Scope scope = Scope.current("Gather.leaveRunning");
        return Waiter.<List<T>>await("a gather of " + all.size(), wait -> leaveRunning(scope, all, wait));
    }

    private static <T> void leaveRunning(
            Scope scope, List<? extends Coroutine<? extends T>> bodies, Waiter<List<T>> wait) {
        List<RunningTask<? extends T>> tasks = new ArrayList<>(bodies.size());
        List<Future<?>> ends = new ArrayList<>(bodies.size());
        for (Coroutine<? extends T> body : bodies) {
            RunningTask<? extends T> task = RunningTask.start(scope, scope.context, null, body);
            task.markSeen();
            tasks.add(task);
            ends.add(task.result());
        }
        boolean[] cancelled = {false};
        Future.all(ends).onComplete((values, failure) -> {
            if (failure == null) {
                wait.resume(values.list());
            } else if (!cancelled[0]) {
                tasks.stream().filter(task -> task.outcomeOrNull() == null).forEach(RunningTask::markUnseen);
                wait.fail(failure);
            }
        });
        wait.onCancel(cause -> {
            // the same cancel reaches the tasks, which live in the same scope
            cancelled[0] = true;
            Future.join(ends).onComplete(end -> wait.resume(null));
            return false;
        });
    }

    /** A coroutine for each item. */
    @SuppressWarnings("unchecked") // a future only gives values
    static <I, T> Function<I, Coroutine<T>> calling(Function<? super I, ? extends Future<? extends T>> fn) {
        return item -> () -> (Future<T>) fn.apply(item);
    }

    /** {@code bodies} as they are now, none of them null. */
    static <C> List<C> checked(String verb, List<C> bodies) {
        for (int i = 0; i < bodies.size(); i++) {
            if (bodies.get(i) == null) {
                throw new IllegalArgumentException(verb + ": argument " + (i + 1) + " is null; nothing was started");
            }
        }
        return List.copyOf(bodies);
    }
}
