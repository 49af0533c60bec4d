package io.vertask.client;

/**
 * A listener to the phases of a call, so that a timeout can be reported with the phase it came in.
 *
 * <p><b>Failure.</b> What it throws is reported to the context's exception handler; the call goes on.
 *
 * <p><b>Threads.</b> Called on the event loop of the task that made the call.
 */
@FunctionalInterface
public interface PhaseListener {
    /** The call has entered {@code phase}. */
    void phase(Phase phase);

    /** Listens to nothing. */
    PhaseListener NONE = phase -> {};
}
