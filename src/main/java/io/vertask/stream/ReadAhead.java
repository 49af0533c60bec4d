package io.vertask.stream;

import io.vertask.task.Coroutine;
import io.vertask.task.TaskGroup;
import io.vertask.task.TaskGroupException;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Streams that pull their source ahead of their consumer, by a bounded number of elements. */
final class ReadAhead {
    private ReadAhead() {}

    static <T> AsyncIterator<T> buffer(int elements, AsyncIterator<T> source) {
        String label = "a buffer of " + elements + " of " + source;
        return new ProducerIterator<T>(
                "buffer", label, inbox -> pump(source, new InFlightLimit(elements), inbox), source::close);
    }

    static <T> AsyncIterator<T> merge(List<? extends AsyncIterator<? extends T>> sources) {
        return new ProducerIterator<T>(
                "merge",
                "a merge of " + sources.size() + " streams",
                inbox -> Tasks.gather(sources.stream()
                        .<Coroutine<Void>>map(source -> () -> pump(source, new InFlightLimit(1), inbox))
                        .toList()),
                () -> closeAll(sources));
    }

    private static Future<Void> closeAll(List<? extends AsyncIterator<?>> sources) {
        return sources.isEmpty()
                ? Future.succeededFuture()
                : Future.join(sources.stream().map(AsyncIterator::close).toList())
                        .mapEmpty();
    }

    private static <T> Future<Void> pump(AsyncIterator<? extends T> source, InFlightLimit slots, Inbox<T> inbox) {
        return Pump.run(source, slots::take, element -> inbox.put(element, slots::free));
    }

    static <T, R> AsyncIterator<R> mapConcurrent(
            int limit, AsyncIterator<T> source, boolean inOrder, Function<? super T, Future<R>> function) {
        String label = "mapConcurrent over " + source;
        return new ProducerIterator<R>(
                "mapConcurrent",
                label,
                inbox -> new Mapping<T, R>(label, limit, inOrder, function, inbox).run(source),
                source::close);
    }

    /** One run of a concurrent map. An element holds a slot from before it is pulled until its result is taken. */
    private static final class Mapping<T, R> {
        private static final class Result<R> {
            private @Nullable R value;
        }

        private final String name;
        private final InFlightLimit slots;
        private final Inbox<R> inbox;
        private final boolean inOrder;
        private final Function<? super T, Future<R>> function;
        /** In source order: calls that run, and calls that have finished behind one that runs. */
        private final ArrayDeque<Result<R>> results = new ArrayDeque<>();

        Mapping(String name, int limit, boolean inOrder, Function<? super T, Future<R>> function, Inbox<R> inbox) {
            this.name = name;
            this.slots = new InFlightLimit(limit);
            this.inOrder = inOrder;
            this.function = function;
            this.inbox = inbox;
        }

        Future<Void> run(AsyncIterator<T> source) {
            return TaskGroup.with(name, group -> Pump.run(source, slots::take, this::start))
                    .recover(error -> Future.failedFuture(
                            error instanceof TaskGroupException group ? firstOf(group.failures()) : error));
        }

        private static Throwable firstOf(List<Throwable> failures) {
            Throwable first = failures.get(0);
            failures.stream().filter(other -> other != first).forEach(first::addSuppressed);
            return first;
        }

        private void start(T element) {
            Result<R> result = new Result<>();
            if (inOrder) {
                results.add(result);
            }
            // this runs in the scope of the group, so the task is a child of the group
            Tasks.start(() -> TransformIterator.notNull(name, function.apply(element))
                    .map(value -> {
                        finished(result, TransformIterator.notNull(name, value));
                        return null;
                    }));
        }

        private void finished(Result<R> result, R value) {
            if (!inOrder) {
                inbox.put(value, slots::free);
                return;
            }
            result.value = value;
            for (Result<R> head = results.peek(); head != null && head.value != null; head = results.peek()) {
                results.remove();
                inbox.put(head.value, slots::free);
            }
        }
    }
}
