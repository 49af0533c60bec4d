package io.vertask.client;

/**
 * Is told how far a call is, and what cancelling it has reached.
 *
 * <p><b>Failure.</b> What it throws is reported to the context's exception handler; the call goes on.
 *
 * <p><b>Threads.</b> Called on the event loop of the task that made the call.
 */
@FunctionalInterface
public interface PhaseListener {
    /** The call has entered {@code phase}. */
    void phase(Phase phase);

    /** Stopping the call has reached {@code what}; before the call ends. */
    default void reached(Reached.What what) {}

    /** Listens to nothing. */
    PhaseListener NONE = phase -> {};
}
