package io.vertask.client;

/**
 * A listener to the phases of a call and to the effects of cancelling it.
 *
 * <p><b>Failure.</b> An exception it throws is reported to the context's exception handler; the call goes on.
 *
 * <p><b>Threads.</b> Called on the event loop of the task that made the call.
 */
@FunctionalInterface
public interface PhaseListener {
    /** The call has entered {@code phase}. */
    void phase(Phase phase);

    /** Stopping the call has had the effect {@code what}; called before the call ends. */
    default void reached(Reached.What what) {}

    /**
     * The server has said that it did not process the request, which is now sent again: the call begins again at
     * {@link Phase#CONNECTING}.
     */
    default void notProcessed() {}

    /** A listener that does nothing. */
    PhaseListener NONE = phase -> {};
}
