package io.vertask.app.workload;

/** A listener of an attempt that also takes the time of the call's code, measured where that runs. */
public interface CallClock {
    /** The code of the call has returned; on the run's event loop, before the attempt ends. */
    void returned(long nanos);
}
