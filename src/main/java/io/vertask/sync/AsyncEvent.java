package io.vertask.sync;

import io.vertask.task.Waiter;
import io.vertx.core.Future;
import java.util.Objects;

/**
 * A flag that tasks can wait for.
 *
 * <p>{@link #set} wakes every task that waits at that moment, even if {@link #clear} follows at once.
 *
 * <p><b>Failure.</b> {@link #await} outside any task is an {@link IllegalStateException}.
 *
 * <p><b>Threads.</b> {@link #await} is for tasks, on any event loop; any thread may call the rest.
 */
public final class AsyncEvent {
    private final String name;
    private final String waitText;
    private final WaitQueue<Void> queue = new WaitQueue<>();
    private boolean set;

    private AsyncEvent(String name) {
        this.name = name;
        this.waitText = "event '" + name + "'";
    }

    /** An event that is not set. */
    public static AsyncEvent create() {
        return named("event");
    }

    /** {@link #create} with a name, shown in messages and in the task tree. */
    public static AsyncEvent named(String name) {
        Objects.requireNonNull(name, "AsyncEvent.named: name is null");
        return new AsyncEvent(name);
    }

    /** The name, for messages. */
    public String name() {
        return name;
    }

    /**
     * Waits until the event is set; when it is set already, the returned future is already complete. asyncio's
     * {@code wait}.
     */
    public Future<Void> await() {
        return Waiter.await(waitText, this::passOrQueue);
    }

    private void passOrQueue(Waiter<Void> waiter) {
        synchronized (queue) {
            if (set) {
                waiter.completeAtOnce(null);
            } else {
                queue.enter(waiter);
            }
        }
    }

    /** Sets the event and wakes all waiting tasks. */
    public void set() {
        synchronized (queue) {
            set = true;
            queue.pollAll().forEach(waiter -> waiter.resume(null));
        }
    }

    /** Unsets the event: later waits last until the next {@link #set}. */
    public void clear() {
        synchronized (queue) {
            set = false;
        }
    }

    /** Whether the event is set. */
    public boolean isSet() {
        synchronized (queue) {
            return set;
        }
    }

    /** The number of waiting tasks. */
    public int waiting() {
        synchronized (queue) {
            return queue.size();
        }
    }

    @Override
    public String toString() {
        return "event '" + name + "': " + (isSet() ? "set" : "not set, " + waiting() + " waiting");
    }
}
