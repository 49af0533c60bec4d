package io.vertask.trace;

import java.util.concurrent.locks.LockSupport;

/** A daemon thread that samples the event loops several times within the slow-step threshold, until it is closed. */
final class StackSampler extends Thread {
    private static final int LOOKS = 5;

    private final Tracing tracing;
    private volatile boolean closed;

    StackSampler(Tracing tracing) {
        super("vertask-sampler");
        this.tracing = tracing;
        setDaemon(true);
    }

    @Override
    public void run() {
        while (!closed) {
            tracing.probes().forEach(LoopProbe::look);
            LockSupport.parkNanos(this, Math.max(1_000_000, tracing.slowNanos() / LOOKS));
        }
    }

    void close() {
        closed = true;
        LockSupport.unpark(this);
    }
}
