package io.vertask.stream;

import io.vertask.task.Waiter;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A stream whose elements a body of code emits, one for each pull: asyncio's asynchronous generator.
 *
 * <p>{@code AsyncGenerator.of(emitter -> Tasks.forEach(urls, url -> fetch(url).compose(emitter::emit)))} fetches a page
 * when one is pulled.
 *
 * <p>The body starts at the first pull and continues after an {@link Emitter#emit} when the next element is pulled. It
 * runs as a task of its own, a companion of the task that made the generator, so a timeout that it opens and keeps open
 * across an element can hit only the body and never its consumer.
 *
 * <p><b>Failure.</b> A failure of the body fails the pull that waits.
 *
 * <p><b>Cancellation.</b> {@link #close} cancels the body and waits for its cleanup; before the first pull the body
 * never runs. Emitting an element meanwhile is an {@link IllegalStateException} in the body.
 *
 * @param <T> the type of the elements
 */
public final class AsyncGenerator<T> implements AsyncIterator<T> {
    /** The code that emits the elements. */
    @FunctionalInterface
    public interface Body<T> {
        /** Emits the elements; the stream ends when the future completes. */
        Future<?> run(Emitter<T> emitter) throws Exception;
    }

    /**
     * The door through which a generator's body emits elements.
     *
     * <p><b>Threads.</b> For the tasks of the body; concurrent emits are served one after the other.
     */
    public sealed interface Emitter<T> {
        /**
         * Gives an element to the consumer, and completes when the consumer pulls the next. asyncio's {@code yield}.
         *
         * <p><b>Failure.</b> {@link IllegalStateException} when the generator is being closed or has ended.
         *
         * <p><b>Cancellation.</b> Withdraws the element unless the consumer has it.
         */
        Future<Void> emit(T element);
    }

    private final String name;
    private final ProducerIterator<T> production;
    /** Emits whose element has been taken; they complete at the next pull. */
    private final List<Waiter<Void>> taken = new ArrayList<>(1);

    private AsyncGenerator(String name, Body<T> body) {
        this.name = name;
        this.production = new ProducerIterator<>(
                name,
                toString(name),
                inbox -> Objects.requireNonNull(
                        body.run(new Putting<>(this, inbox)), () -> "the body of " + this + " returned no future"));
    }

    /** A stream of the elements that {@code body} emits. */
    public static <T> AsyncGenerator<T> of(Body<T> body) {
        Objects.requireNonNull(body, "AsyncGenerator.of: body is null");
        return named("generator", body);
    }

    /** {@link #of} with a name, shown in messages and in the task tree. */
    public static <T> AsyncGenerator<T> named(String name, Body<T> body) {
        Objects.requireNonNull(name, "AsyncGenerator.named: name is null");
        Objects.requireNonNull(body, "AsyncGenerator.named: body is null");
        return new AsyncGenerator<>(name, body);
    }

    @Override
    public Future<Optional<T>> next() {
        return production.next(this::goOn);
    }

    private void goOn() {
        List<Waiter<Void>> waiting;
        synchronized (taken) {
            if (taken.isEmpty()) {
                return;
            }
            waiting = List.copyOf(taken);
            taken.clear();
        }
        waiting.forEach(emit -> emit.resume(null));
    }

    private void taken(Waiter<Void> emit) {
        synchronized (taken) {
            taken.add(emit);
        }
    }

    private boolean forget(Waiter<Void> emit) {
        synchronized (taken) {
            taken.remove(emit);
        }
        return true;
    }

    @Override
    public Future<Void> close() {
        return production.close();
    }

    @Override
    public String toString() {
        return toString(name);
    }

    private static String toString(String name) {
        return "generator '" + name + "'";
    }

    private record Putting<T>(AsyncGenerator<T> generator, Inbox<T> inbox) implements Emitter<T> {
        @Override
        public Future<Void> emit(T element) {
            Objects.requireNonNull(element, () -> generator + " emitted null; an element is never null");
            if (generator.production.isEnding()) {
                return Future.failedFuture(
                        new IllegalStateException(generator + " emitted an element while it was being closed"));
            }
            return Waiter.await("the next pull of " + generator, wait -> {
                Inbox.Entry<T> entry = inbox.put(element, () -> generator.taken(wait));
                wait.onCancel(cause -> {
                    inbox.remove(entry);
                    return generator.forget(wait);
                });
            });
        }
    }
}
