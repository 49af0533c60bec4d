package io.vertask.task;

/** Something that waits in the ready queue for its turn. */
interface Step {
    /** The turn; on the event loop, in no scope. */
    void turn();
}
