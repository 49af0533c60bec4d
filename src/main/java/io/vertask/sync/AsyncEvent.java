package io.vertask.sync;

import io.vertask.task.Waiter;
import io.vertx.core.Future;

/**
 * A flag that tasks can wait for.
 *
 * <p>{@link #set} lets all go on who wait at that moment, also when {@link #clear} follows at once.
 *
 * <p><b>Failure.</b> {@link #await} outside any task is an {@link IllegalStateException}.
 *
 * <p><b>Threads.</b> Any thread may call all but {@link #await}, which is for tasks, on any event loop.
 */
public final class AsyncEvent {
    private final String name;
    private final String waitText;
    private final Line<Void> line = new Line<>();
    private boolean set;

    private AsyncEvent(String name) {
        this.name = name;
        this.waitText = "event '" + name + "'";
    }

    /** An event that is not set. */
    public static AsyncEvent create() {
        return named("event");
    }

    /** {@link #create} with a name for messages and for people who look at the running tasks. */
    public static AsyncEvent named(String name) {
        return new AsyncEvent(name);
    }

    /** The name, for messages. */
    public String name() {
        return name;
    }

    /** Waits until it is set; when it is, the future is complete when it is returned. asyncio's {@code wait}. */
    public Future<Void> await() {
        return Waiter.await(waitText, this::passOrQueue);
    }

    private void passOrQueue(Waiter<Void> waiter) {
        synchronized (line) {
            if (set) {
                waiter.completeAtOnce(null);
            } else {
                line.enter(waiter);
            }
        }
    }

    /** Sets it, and wakes all who wait. */
    public void set() {
        synchronized (line) {
            set = true;
            line.pollAll().forEach(waiter -> waiter.resume(null));
        }
    }

    /** Takes it back: who comes now waits for the next {@link #set}. */
    public void clear() {
        synchronized (line) {
            set = false;
        }
    }

    /** Whether it is set. */
    public boolean isSet() {
        synchronized (line) {
            return set;
        }
    }

    /** How many wait. */
    public int waiting() {
        synchronized (line) {
            return line.size();
        }
    }

    @Override
    public String toString() {
        return "event '" + name + "': " + (isSet() ? "set" : "not set, " + waiting() + " waiting");
    }
}
