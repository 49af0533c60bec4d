package io.vertask.app.workload;

/**
 * What cancelling has reached on threads of a workload's own.
 *
 * <p><b>Threads.</b> The workload's event loop; read when the run is over.
 */
public final class Threads {
    private long interrupted;
    private long stuck;

    /** A thread was interrupted in the middle of a call. */
    public void interrupted() {
        interrupted++;
    }

    /** A thread did not answer its interrupt and is left behind. */
    public void stuck() {
        stuck++;
    }

    /** How many were interrupted. */
    public long countInterrupted() {
        return interrupted;
    }

    /** How many still run. */
    public long countStuck() {
        return stuck;
    }
}
