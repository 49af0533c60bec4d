package io.vertask.task;

import org.jspecify.annotations.Nullable;

/**
 * How a child tells that it is ready: {@link TaskGroup#startReady} waits for it.
 *
 * <p><b>Threads.</b> Any.
 */
@FunctionalInterface
public interface ReadySignal<V> {
    /** Ready, with what the starter gets: a port, say. Only the first call counts. */
    void ready(@Nullable V value);
}
