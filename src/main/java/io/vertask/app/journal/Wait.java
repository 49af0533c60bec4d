package io.vertask.app.journal;

/**
 * The reasons for which an item waits while no attempt of it runs. The wait for a connection is a phase of an attempt.
 */
public enum Wait {
    /** As many attempts run as {@code concurrency} allows. */
    SLOT,
    /** It is not its turn at the job's {@code rate} yet. */
    RATE,
    /** A server has asked for a pause. */
    PAUSE,
    /** The back-off before another attempt. */
    RETRY
}
