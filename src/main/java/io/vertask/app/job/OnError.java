package io.vertask.app.job;

/** The effect of a failed item on the others. */
public enum OnError {
    /** Its failure is its result, and the others go on. */
    VALUE,
    /** The others are cancelled and the job stops. */
    STOP
}
