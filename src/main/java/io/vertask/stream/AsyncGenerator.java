package io.vertask.stream;

import io.vertask.task.Waiter;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A sequence that a piece of code makes, one element at each pull: asyncio's asynchronous generator.
 *
 * <p>{@code AsyncGenerator.of(emitter -> Tasks.forEach(urls, url -> fetch(url).compose(emitter::emit)))} fetches one
 * page when it is asked for one.
 *
 * <p>Nothing of the body runs before the first pull, and it goes on from an {@link Emitter#emit} when the next element
 * is asked for. It runs as a task of its own, a companion of the one in which the generator was made; so a limit that
 * it opens, and leaves open across an element, can strike the body only and never its consumer.
 *
 * <p><b>Failure.</b> That of the body comes out of the pull that was waiting for it.
 *
 * <p><b>Cancellation.</b> {@link #close} cancels the body, and waits for its cleanup; before the first pull the body
 * never runs. An element that is emitted during that is an {@link IllegalStateException} in the body.
 *
 * @param <T> the type of the elements
 */
public final class AsyncGenerator<T> implements AsyncIterator<T> {
    /** What makes the elements. */
    @FunctionalInterface
    public interface Body<T> {
        /** The work; the sequence ends when the future completes. */
        Future<?> run(Emitter<T> emitter) throws Exception;
    }

    /**
     * Where the body of a generator puts its elements.
     *
     * <p><b>Threads.</b> In the tasks of the body; several may emit at once, and take turns.
     */
    public sealed interface Emitter<T> {
        /**
         * Gives an element to the consumer, and returns when that one asks for the next. asyncio's {@code yield}.
         *
         * <p><b>Failure.</b> {@link IllegalStateException} when the generator is being closed, or is over.
         *
         * <p><b>Cancellation.</b> Takes the element back unless the consumer has it.
         */
        Future<Void> emit(T element);
    }

    private final String name;
    private final ProducerIterator<T> production;
    /** Emits whose element has been taken: they return at the next pull. */
    private final List<Waiter<Void>> taken = new ArrayList<>(1);

    private AsyncGenerator(String name, Body<T> body) {
        this.name = name;
        this.production = new ProducerIterator<>(
                name,
                toString(name),
                inbox -> Objects.requireNonNull(
                        body.run(new Putting<>(this, inbox)), () -> "the body of " + this + " returned no future"));
    }

    /** The sequence that {@code body} emits. */
    public static <T> AsyncGenerator<T> of(Body<T> body) {
        return named("generator", body);
    }

    /** {@link #of} with a name for messages and for people who look at the running tasks. */
    public static <T> AsyncGenerator<T> named(String name, Body<T> body) {
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
