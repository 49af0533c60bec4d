package io.vertask.sync;

/** A barrier was aborted, or reset while somebody waited at it. The message names the barrier. */
public final class BarrierBrokenException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    BarrierBrokenException(String message) {
        super(message);
    }
}
