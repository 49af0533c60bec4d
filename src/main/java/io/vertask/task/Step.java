package io.vertask.task;

/** Something that waits in the ready queue for its turn. */
interface Step {
    /** The turn; on the event loop, outside any context. */
    void turn();
}
