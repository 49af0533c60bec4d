package io.vertask.stream;

import io.vertask.task.CancelledException;
import io.vertask.task.Tasks;
import io.vertask.task.Waiter;
import io.vertx.core.Future;
import java.util.Collections;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A stream that turns each element of its source into zero or more elements, and pulls the source only when none is
 * left.
 */
final class TransformIterator<T, R> implements AsyncIterator<R> {
    private static final int LONGEST = 100;

    private final String name;
    private final @Nullable AsyncIterator<T> source;
    private final Function<? super T, Future<Iterator<? extends R>>> step;
    private Iterator<? extends R> made;
    /** The element whose step was cancelled with its pull; the next pull runs the step again. */
    private Optional<T> givenUp = Optional.empty();
    /** Whether a step has failed or the stream was closed. */
    private boolean over;

    private TransformIterator(
            String name,
            @Nullable AsyncIterator<T> source,
            Function<? super T, Future<Iterator<? extends R>>> step,
            Iterator<? extends R> made) {
        this.name = name;
        this.source = source;
        this.step = step;
        this.made = made;
    }

    static <T, R> AsyncIterator<R> after(
            String name, AsyncIterator<T> source, Function<? super T, Future<Iterator<? extends R>>> step) {
        return new TransformIterator<T, R>(
                name, Objects.requireNonNull(source, "source"), step, Collections.emptyIterator());
    }

    /** A name for messages; that of a long chain of streams is cut. */
    static String name(String what, AsyncIterator<?> source) {
        String from = String.valueOf(source);
        return what + (from.length() > LONGEST ? from.substring(0, LONGEST) + "…" : from);
    }

    static <R> AsyncIterator<R> of(Iterator<? extends R> items) {
        return new TransformIterator<R, R>("a stream of items", null, item -> Future.succeededFuture(), items);
    }

    /** Checks the result of a user's function, which must not be null. */
    static <R> R notNull(String name, @Nullable R returned) {
        return Objects.requireNonNull(returned, () -> "the function of " + name + " returned null");
    }

    @Override
    public Future<Optional<R>> next() {
        return unlessCancelled().compose(notCancelled -> {
            Optional<R> left;
            try {
                left = left();
            } catch (Throwable thrown) {
                return stop(thrown);
            }
            return left.isPresent() || over || source == null ? Future.succeededFuture(left) : pull(source);
        });
    }

    private Optional<R> left() {
        return over || !made.hasNext() ? Optional.empty() : Optional.of(notNull(name, made.next()));
    }

    private Future<Optional<R>> pull(AsyncIterator<T> from) {
        return Tasks.loopWhile(() -> nextOf(from)
                        .compose(element -> element.isPresent() ? make(element.get()) : Future.succeededFuture(false)))
                .compose(v -> {
                    try {
                        return Future.succeededFuture(left());
                    } catch (Throwable thrown) {
                        return stop(thrown);
                    }
                });
    }

    private Future<Optional<T>> nextOf(AsyncIterator<T> from) {
        Optional<T> again = givenUp;
        givenUp = Optional.empty();
        return again.isPresent() ? Future.succeededFuture(again) : from.next();
    }

    /** Makes elements of {@code element}; true when there are none. */
    private Future<Boolean> make(T element) {
        return Tasks.call(() -> notNull(name, step.apply(element))).transform(end -> {
            try {
                if (end.succeeded()) {
                    made = end.result();
                    return Future.succeededFuture(!made.hasNext());
                }
            } catch (Throwable thrown) {
                return stop(thrown);
            }
            if (end.cause() instanceof CancelledException && unlessCancelled().failed()) {
                // the pull was cancelled, so it must have taken nothing
                givenUp = Optional.of(element);
                return Future.failedFuture(end.cause());
            }
            return stop(end.cause());
        });
    }

    /** A future that fails in a cancelled scope and is otherwise already succeeded. */
    private Future<Void> unlessCancelled() {
        return Waiter.await(name, wait -> wait.completeAtOnce(null));
    }

    private <V> Future<V> stop(Throwable error) {
        over = true;
        return source == null
                ? Future.failedFuture(error)
                : Tasks.finallyDo(() -> Future.failedFuture(error), source::close);
    }

    @Override
    public Future<Void> close() {
        // a loop, since a chain of streams may be longer than the stack is deep
        TransformIterator<?, ?> last = this;
        last.over = true;
        while (last.source instanceof TransformIterator<?, ?> before) {
            last = before;
            last.over = true;
        }
        return last.source == null ? Future.succeededFuture() : last.source.close();
    }

    @Override
    public String toString() {
        return name;
    }
}
