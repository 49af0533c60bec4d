package io.vertask.offload;

import java.time.Duration;
import java.util.Objects;

/**
 * The limits of an {@link Offload}.
 *
 * @param threads the number of concurrent jobs, at least 1
 * @param interruptLimit the time an interrupted thread has to leave its job before it is given up
 * @param closeLimit the time {@link Offload#close} lets jobs end by themselves
 * @param listener is told the effects of cancellation
 */
public record OffloadOptions(int threads, Duration interruptLimit, Duration closeLimit, OffloadListener listener) {
    /** Checks that there is at least one thread. */
    public OffloadOptions {
        Objects.requireNonNull(interruptLimit, "OffloadOptions: interruptLimit is null");
        Objects.requireNonNull(closeLimit, "OffloadOptions: closeLimit is null");
        Objects.requireNonNull(listener, "OffloadOptions: listener is null");
        if (threads < 1) {
            throw new IllegalArgumentException("a pool of " + threads + " threads: it takes 1 or more");
        }
    }

    /** Options for {@code threads} threads, 10 s for an interrupted thread, 10 s for a close, and no listener. */
    public static OffloadOptions threads(int threads) {
        return new OffloadOptions(threads, Duration.ofSeconds(10), Duration.ofSeconds(10), OffloadListener.NONE);
    }

    /** These options with another {@link #interruptLimit}. */
    public OffloadOptions withInterruptLimit(Duration limit) {
        Objects.requireNonNull(limit, "OffloadOptions.withInterruptLimit: limit is null");
        return new OffloadOptions(threads, limit, closeLimit, listener);
    }

    /** These options with another {@link #closeLimit}. */
    public OffloadOptions withCloseLimit(Duration limit) {
        Objects.requireNonNull(limit, "OffloadOptions.withCloseLimit: limit is null");
        return new OffloadOptions(threads, interruptLimit, limit, listener);
    }

    /** These options with another {@link #listener}. */
    public OffloadOptions withListener(OffloadListener other) {
        Objects.requireNonNull(other, "OffloadOptions.withListener: other is null");
        return new OffloadOptions(threads, interruptLimit, closeLimit, other);
    }
}
