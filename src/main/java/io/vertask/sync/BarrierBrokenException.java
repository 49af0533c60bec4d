package io.vertask.sync;

/** Thrown from a wait at a barrier that was aborted or reset. The message names the barrier. */
public final class BarrierBrokenException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    BarrierBrokenException(String message) {
        super(message);
    }
}
