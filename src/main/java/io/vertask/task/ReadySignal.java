package io.vertask.task;

import org.jspecify.annotations.Nullable;

/**
 * The signal of a child that it is ready, for which {@link TaskGroup#startReady} waits.
 *
 * <p><b>Threads.</b> Any.
 */
@FunctionalInterface
public interface ReadySignal<V> {
    /** Says that the child is ready. The starter gets {@code value}, such as a port. Only the first call counts. */
    void ready(@Nullable V value);
}
