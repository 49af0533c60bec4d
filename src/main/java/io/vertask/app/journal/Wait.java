package io.vertask.app.journal;

/**
 * The reasons for which an item waits while no attempt of it runs. The wait for a connection is a phase of an attempt.
 */
public enum Wait {
    /** The wait for a slot, because as many attempts run as {@code concurrency} allows. */
    SLOT,
    /** The wait for its turn at the job's {@code rate}. */
    RATE,
    /** The wait for the end of a pause that a server has asked for. */
    PAUSE,
    /** The back-off before another attempt. */
    RETRY
}
