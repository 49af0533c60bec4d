package io.vertask.offload;

import java.time.Duration;

/**
 * The limits of an {@link Offload}.
 *
 * @param threads how many jobs run at a time, at least 1
 * @param interruptLimit how long an interrupted thread may take to leave its job before it is given up
 * @param closeLimit how long {@link Offload#close} lets jobs end by themselves
 * @param listener told what a cancellation has reached
 */
public record OffloadOptions(int threads, Duration interruptLimit, Duration closeLimit, OffloadListener listener) {
    /** Refuses fewer than one thread. */
    public OffloadOptions {
        if (threads < 1) {
            throw new IllegalArgumentException("a pool of " + threads + " threads: it takes 1 or more");
        }
    }

    /** With {@code threads} threads, 10 s for an interrupted thread, 10 s for a close, and nobody who listens. */
    public static OffloadOptions threads(int threads) {
        return new OffloadOptions(threads, Duration.ofSeconds(10), Duration.ofSeconds(10), OffloadListener.NONE);
    }

    /** With another {@link #interruptLimit}. */
    public OffloadOptions withInterruptLimit(Duration limit) {
        return new OffloadOptions(threads, limit, closeLimit, listener);
    }

    /** With another {@link #closeLimit}. */
    public OffloadOptions withCloseLimit(Duration limit) {
        return new OffloadOptions(threads, interruptLimit, limit, listener);
    }

    /** With another {@link #listener}. */
    public OffloadOptions withListener(OffloadListener other) {
        return new OffloadOptions(threads, interruptLimit, closeLimit, other);
    }
}
