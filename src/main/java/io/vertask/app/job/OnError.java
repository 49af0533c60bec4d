package io.vertask.app.job;

/** What a failed item does to the others. */
public enum OnError {
    /** Its failure is its result, and the others go on. */
    VALUE,
    /** The others are cancelled and the job stops. */
    STOP
}
