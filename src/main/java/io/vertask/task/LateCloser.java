package io.vertask.task;

import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * A service that closes connections which come when the task that waited for them has been cancelled. It is found by
 * the service loader.
 *
 * <p>Most values need no closing, and values of one's own are closed by the dispose hook of a verb, such as that of
 * {@link Tasks#await(Future, java.util.function.Function, java.util.function.Consumer)}.
 */
public interface LateCloser {
    /** Closes {@code value} when it is a connection of the kind that this service knows; else returns null. */
    @Nullable
    Future<?> close(Object value);
}
