package io.vertask.task;

import org.jspecify.annotations.Nullable;

/** An entry of the ready queue: code that runs when its turn comes. */
interface Turn {
    /** Runs on the event loop, in no scope. It must not throw. */
    void turn();

    /** The task whose code goes on in this turn; null when it is no task's. For a {@link Probe}, before the turn. */
    default @Nullable Task<?> whose() {
        return null;
    }
}
