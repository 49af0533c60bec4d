package io.vertask.stream;

import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collector;

/**
 * The operations on streams: iterate, transform, merge and read ahead.
 *
 * <p>Each operation takes ownership of its sources: it closes them, and no other code may pull them from then on.
 * Elements are pulled on demand; only {@link #buffer}, {@link #merge} and {@link #mapConcurrent} pull ahead, by a
 * bounded number.
 *
 * <p><b>Failure.</b> A failure of the source or of a function ends the stream and closes its sources. A function that
 * throws equals one that returns a failed future; one that returns null is a {@link NullPointerException}.
 */
public final class Streams {
    private Streams() {}

    // ---- consuming

    /**
     * Runs {@code body} for each element, one after the other, on a flat stack: asyncio's {@code async for}.
     *
     * <p>Unlike there, {@code source} is closed however the iteration ends, and its cleanup ends before the returned
     * future does.
     *
     * <p><b>Failure.</b> That of the body or the source, with that of the close suppressed in it; that of the close
     * when the rest succeeded.
     *
     * <p><b>Cancellation.</b> Ends the pull or the body, then closes {@code source}. The close has
     * {@link Tasks#CLEANUP_LIMIT}; beyond that it continues in the background and is reported.
     */
    public static <T> Future<Void> forEach(AsyncIterator<T> source, Function<? super T, ? extends Future<?>> body) {
        Objects.requireNonNull(source, "Streams.forEach: source is null");
        Objects.requireNonNull(body, "Streams.forEach: body is null");
        return forEachWhile(source, element -> body.apply(element).map(true));
    }

    /** {@link #forEach} while {@code body} gives true; false is {@code break}. */
    public static <T> Future<Void> forEachWhile(AsyncIterator<T> source, Function<? super T, Future<Boolean>> body) {
        Objects.requireNonNull(source, "Streams.forEachWhile: source is null");
        Objects.requireNonNull(body, "Streams.forEachWhile: body is null");
        return Tasks.finallyDo(
                () -> Tasks.loopWhile(() -> source.next()
                        .compose(next -> next.isPresent() ? body.apply(next.get()) : Future.succeededFuture(false))),
                source::close);
    }

    /**
     * Collects all elements in a list.
     *
     * <p><b>Failure.</b> {@link IllegalStateException} when there are more than {@code most}; the source is then
     * closed.
     */
    public static <T> Future<List<T>> toList(AsyncIterator<T> source, int most) {
        Objects.requireNonNull(source, "Streams.toList: source is null");
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
     * Collects all elements with {@code collector}.
     *
     * <p><b>Failure.</b> That of the source, or an exception of the collector.
     */
    public static <T, A, R> Future<R> collect(AsyncIterator<T> source, Collector<? super T, A, R> collector) {
        Objects.requireNonNull(source, "Streams.collect: source is null");
        Objects.requireNonNull(collector, "Streams.collect: collector is null");
        A container = collector.supplier().get();
        return forEach(source, element -> {
                    collector.accumulator().accept(container, element);
                    return Future.succeededFuture();
                })
                .map(v -> collector.finisher().apply(container));
    }

    // ---- sources

    /** A stream of {@code items}, in their order. */
    public static <T> AsyncIterator<T> of(Iterable<? extends T> items) {
        Objects.requireNonNull(items, "Streams.of: items is null");
        return TransformIterator.of(items.iterator());
    }

    // ---- one element at a time

    /** A stream of the values of {@code function}, which does not wait. */
    public static <T, R> AsyncIterator<R> map(AsyncIterator<T> source, Function<? super T, ? extends R> function) {
        Objects.requireNonNull(source, "Streams.map: source is null");
        Objects.requireNonNull(function, "Streams.map: function is null");
        String name = TransformIterator.name("a map of ", source);
        return TransformIterator.after(
                name, source, element -> one(TransformIterator.notNull(name, function.apply(element))));
    }

    /**
     * A stream of the values that the futures of {@code function} bring, one call at a time; for concurrent calls, see
     * {@link #mapConcurrent}.
     */
    public static <T, R> AsyncIterator<R> compose(AsyncIterator<T> source, Function<? super T, Future<R>> function) {
        Objects.requireNonNull(source, "Streams.compose: source is null");
        Objects.requireNonNull(function, "Streams.compose: function is null");
        String name = TransformIterator.name("a composition with ", source);
        return TransformIterator.after(
                name,
                source,
                element -> TransformIterator.notNull(name, function.apply(element))
                        .compose(value -> one(TransformIterator.notNull(name, value))));
    }

    /** A stream of the elements of all collections that {@code function} returns. */
    public static <T, R> AsyncIterator<R> flatMap(
            AsyncIterator<T> source, Function<? super T, ? extends Iterable<? extends R>> function) {
        Objects.requireNonNull(source, "Streams.flatMap: source is null");
        Objects.requireNonNull(function, "Streams.flatMap: function is null");
        String name = TransformIterator.name("a flat map of ", source);
        return TransformIterator.after(
                name,
                source,
                element -> Future.succeededFuture(
                        TransformIterator.notNull(name, function.apply(element)).iterator()));
    }

    /** A stream of the elements for which {@code wanted} is true. */
    public static <T> AsyncIterator<T> filter(AsyncIterator<T> source, Predicate<? super T> wanted) {
        Objects.requireNonNull(source, "Streams.filter: source is null");
        Objects.requireNonNull(wanted, "Streams.filter: wanted is null");
        return TransformIterator.after(
                "a filter of " + source,
                source,
                element -> wanted.test(element) ? one(element) : Future.succeededFuture(Collections.emptyIterator()));
    }

    private static <R> Future<Iterator<? extends R>> one(R value) {
        return Future.succeededFuture(List.of(value).iterator());
    }

    /**
     * A stream of the first {@code most} elements; it never pulls one more, and the pull that finds its end closes the
     * source.
     */
    public static <T> AsyncIterator<T> take(long most, AsyncIterator<T> source) {
        Objects.requireNonNull(source, "Streams.take: source is null");
        if (most < 0) {
            throw new IllegalArgumentException("take " + most + ": it takes 0 or more");
        }
        return new TakeIterator<>(source, most);
    }

    // ---- pulling ahead

    /**
     * A stream of the same elements, pulled ahead: from the first pull on, up to {@code elements} elements are being
     * pulled or wait to be taken.
     */
    public static <T> AsyncIterator<T> buffer(int elements, AsyncIterator<T> source) {
        Objects.requireNonNull(source, "Streams.buffer: source is null");
        return ReadAhead.buffer(checked("buffer", elements), source);
    }

    /**
     * A stream of the elements of all sources as they come; each source keeps its order and is pulled one element
     * ahead.
     *
     * <p><b>Failure.</b> The first source that fails cancels the others and drops the elements that have not been
     * taken.
     */
    public static <T> AsyncIterator<T> merge(List<? extends AsyncIterator<? extends T>> sources) {
        Objects.requireNonNull(sources, "Streams.merge: sources is null");
        for (int i = 0; i < sources.size(); i++) {
            Objects.requireNonNull(sources.get(i), "Streams.merge: sources has null at index " + i);
        }
        return ReadAhead.merge(List.copyOf(sources));
    }

    /** {@link #merge(List)}. */
    @SafeVarargs
    @SuppressWarnings("varargs")
    public static <T> AsyncIterator<T> merge(AsyncIterator<? extends T>... sources) {
        Objects.requireNonNull(sources, "Streams.merge: sources is null");
        return merge(Arrays.asList(sources));
    }

    /**
     * A stream of the values that the futures of {@code function} bring, in source order, from up to {@code limit}
     * concurrent calls, each a task of its own.
     *
     * <p>From the first pull on, elements are pulled ahead. At most {@code limit} elements are being pulled, being
     * processed, or finished and not taken: a slow call holds up the rest once that many have finished behind it.
     *
     * <p><b>Failure.</b> The first failure cancels the other calls and drops the values that have not been taken; later
     * failures are suppressed in it.
     *
     * <p><b>Cancellation.</b> Closing the stream stops the pulls, cancels the calls and waits for them.
     */
    public static <T, R> AsyncIterator<R> mapConcurrent(
            int limit, AsyncIterator<T> source, Function<? super T, Future<R>> function) {
        Objects.requireNonNull(source, "Streams.mapConcurrent: source is null");
        Objects.requireNonNull(function, "Streams.mapConcurrent: function is null");
        return ReadAhead.mapConcurrent(checked("mapConcurrent", limit), source, true, function);
    }

    /** {@link #mapConcurrent} with the values as they come: a slow call holds up no other. */
    public static <T, R> AsyncIterator<R> mapConcurrentUnordered(
            int limit, AsyncIterator<T> source, Function<? super T, Future<R>> function) {
        Objects.requireNonNull(source, "Streams.mapConcurrentUnordered: source is null");
        Objects.requireNonNull(function, "Streams.mapConcurrentUnordered: function is null");
        return ReadAhead.mapConcurrent(checked("mapConcurrentUnordered", limit), source, false, function);
    }

    private static int checked(String verb, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException(verb + " with " + limit + ": it takes 1 or more");
        }
        return limit;
    }
}
