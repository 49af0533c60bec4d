package io.vertask.stream;

import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collector;

/**
 * The verbs for streams: how they are walked, changed, joined and read ahead.
 *
 * <p>Each takes the streams it is given over: it closes them, and nobody else may pull them from then on. Nothing is
 * pulled before it is asked for; only {@link #buffer}, {@link #merge} and {@link #mapConcurrent} pull ahead, by a
 * stated number.
 *
 * <p><b>Failure.</b> An element that can't be had, or made, ends the stream, and closes what it comes from. A function
 * that throws equals one that returns a failed future; one that gives null is a {@link NullPointerException}.
 */
public final class Streams {
    private Streams() {}

    // ---- using one

    /**
     * Runs {@code body} for each element, one after the other, on a flat stack: asyncio's {@code async for}.
     *
     * <p>Other than there, {@code source} is closed however this ends, and its cleanup is over before this is.
     *
     * <p><b>Failure.</b> The body's or the source's, with that of the closing suppressed; that of the closing when all
     * else went well.
     *
     * <p><b>Cancellation.</b> Ends the pull or the body, then closes {@code source}; the closing has
     * {@link Tasks#CLEANUP_LIMIT}, and what that cuts goes on on its own and is reported.
     */
    public static <T> Future<Void> forEach(AsyncIterator<T> source, Function<? super T, ? extends Future<?>> body) {
        return forEachWhile(source, element -> body.apply(element).map(true));
    }

    /** {@link #forEach} as long as {@code body} gives true; false is {@code break}. */
    public static <T> Future<Void> forEachWhile(AsyncIterator<T> source, Function<? super T, Future<Boolean>> body) {
        return Tasks.finallyDo(
                () -> Tasks.loopWhile(() -> source.next()
                        .compose(next -> next.isPresent() ? body.apply(next.get()) : Future.succeededFuture(false))),
                source::close);
    }

    /**
     * All elements as a list.
     *
     * <p><b>Failure.</b> {@link IllegalStateException} when there are more than {@code most}; the source is closed
     * then.
     */
    public static <T> Future<List<T>> toList(AsyncIterator<T> source, int most) {
        List<T> all = new ArrayList<>();
        return forEach(source, element -> {
                    if (all.size() == most) {
                        throw new IllegalStateException("toList took " + most + " elements of " + source
                                + " and there are more: take(…) fewer, or allow for more");
                    }
                    all.add(element);
                    return Future.succeededFuture();
                })
                .map(all);
    }

    /**
     * All elements in {@code collector}, which decides what is kept.
     *
     * <p><b>Failure.</b> What the collector throws, too.
     */
    public static <T, A, R> Future<R> collect(AsyncIterator<T> source, Collector<? super T, A, R> collector) {
        A container = collector.supplier().get();
        return forEach(source, element -> {
                    collector.accumulator().accept(container, element);
                    return Future.succeededFuture();
                })
                .map(v -> collector.finisher().apply(container));
    }

    // ---- making one

    /** The elements of {@code items}, in their order. */
    public static <T> AsyncIterator<T> of(Iterable<? extends T> items) {
        return TransformIterator.of(items.iterator());
    }

    // ---- one element at a time

    /** The values of {@code function}, which does not wait. */
    public static <T, R> AsyncIterator<R> map(AsyncIterator<T> source, Function<? super T, ? extends R> function) {
        String name = "a map of " + source;
        return TransformIterator.after(
                name, source, element -> one(TransformIterator.notNull(name, function.apply(element))));
    }

    /**
     * The values that the futures of {@code function} bring, one call at a time; for several, {@link #mapConcurrent}.
     */
    public static <T, R> AsyncIterator<R> compose(AsyncIterator<T> source, Function<? super T, Future<R>> function) {
        String name = "a composition with " + source;
        return TransformIterator.after(
                name,
                source,
                element -> TransformIterator.notNull(name, function.apply(element))
                        .compose(value -> one(TransformIterator.notNull(name, value))));
    }

    /** All elements of what {@code function} makes of each element. */
    public static <T, R> AsyncIterator<R> flatMap(
            AsyncIterator<T> source, Function<? super T, ? extends Iterable<? extends R>> function) {
        String name = "a flat map of " + source;
        return TransformIterator.after(
                name,
                source,
                element -> Future.succeededFuture(
                        TransformIterator.notNull(name, function.apply(element)).iterator()));
    }

    /** The elements for which {@code wanted} is true. */
    public static <T> AsyncIterator<T> filter(AsyncIterator<T> source, Predicate<? super T> wanted) {
        return TransformIterator.after(
                "a filter of " + source,
                source,
                element -> wanted.test(element) ? one(element) : Future.succeededFuture(Collections.emptyIterator()));
    }

    private static <R> Future<Iterator<? extends R>> one(R value) {
        return Future.succeededFuture(List.of(value).iterator());
    }

    /** The first elements; the source is not pulled for one more, and closed by the pull that finds the end. */
    public static <T> AsyncIterator<T> take(long most, AsyncIterator<T> source) {
        if (most < 0) {
            throw new IllegalArgumentException("take " + most + ": it takes 0 or more");
        }
        return new TakeIterator<>(source, most);
    }

    // ---- pulling ahead

    /**
     * The same elements, pulled ahead: from the first pull on, up to {@code elements} are pulled, being pulled, or
     * waiting to be taken.
     */
    public static <T> AsyncIterator<T> buffer(int elements, AsyncIterator<T> source) {
        return ReadAhead.buffer(checked("buffer", elements), source);
    }

    /**
     * The elements of all sources as they come, of each in its order; one of each is pulled ahead.
     *
     * <p><b>Failure.</b> The first source that fails cancels the others, and drops what nobody has taken.
     */
    public static <T> AsyncIterator<T> merge(List<? extends AsyncIterator<? extends T>> sources) {
        return ReadAhead.merge(List.copyOf(sources));
    }

    /** {@link #merge(List)}. */
    @SafeVarargs
    @SuppressWarnings("varargs")
    public static <T> AsyncIterator<T> merge(AsyncIterator<? extends T>... sources) {
        return merge(List.of(sources));
    }

    /**
     * The values that the futures of {@code function} bring, in the order of the source, from up to {@code limit} calls
     * at a time, each a task of its own.
     *
     * <p>From the first pull on, elements are pulled ahead. What is being pulled, runs, or has finished and not been
     * taken is {@code limit} at most: one slow call holds the rest up when so many have finished behind it.
     *
     * <p><b>Failure.</b> The first failure cancels the other calls and drops what nobody has taken; later ones are
     * suppressed in it.
     *
     * <p><b>Cancellation.</b> Closing it pulls nothing more, cancels the calls, and waits for all.
     */
    public static <T, R> AsyncIterator<R> mapConcurrent(
            int limit, AsyncIterator<T> source, Function<? super T, Future<R>> function) {
        return ReadAhead.mapConcurrent(checked("mapConcurrent", limit), source, true, function);
    }

    /** {@link #mapConcurrent} with the values as they come: a slow call holds up nothing but its own. */
    public static <T, R> AsyncIterator<R> mapConcurrentUnordered(
            int limit, AsyncIterator<T> source, Function<? super T, Future<R>> function) {
        return ReadAhead.mapConcurrent(checked("mapConcurrentUnordered", limit), source, false, function);
    }

    private static int checked(String verb, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException(verb + " with " + limit + ": it takes 1 or more");
        }
        return limit;
    }
}
