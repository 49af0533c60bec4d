package io.vertask.task;

/** You closed it: something was asked of an object after its end. The message names the object. */
public final class ClosedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /** With the message to show, such as {@code queue 'orders' is closed}. */
    public ClosedException(String message) {
        super(message);
    }
}
