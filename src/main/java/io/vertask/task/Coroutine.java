package io.vertask.task;

import io.vertx.core.Future;

/**
 * A piece of asynchronous work that has not been started: it runs when it is given to a verb of {@link Tasks}.
 *
 * <p>Started twice, it runs twice. {@code task::future} makes a coroutine of a running task.
 *
 * <p><b>Failure.</b> A body that throws equals a body that returns a failed future.
 *
 * <p><b>Threads.</b> The body and everything chained to its futures run on the event loop of the scope that started it.
 *
 * @param <T> the type of the result
 */
@FunctionalInterface
public interface Coroutine<T> {
    /** Begins the work. Called by the library only, on the context of the scope that runs it. */
    Future<T> call() throws Exception;
}
