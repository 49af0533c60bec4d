package io.vertask.client;

/**
 * Is told how far a call is, so that whoever sees it time out can say in which phase it was.
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
