package io.vertask.task;

import java.util.Objects;

/** The error of using an object after it was closed. The message names the object. */
public final class ClosedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /** With a message such as {@code queue 'orders' is closed}. */
    public ClosedException(String message) {
        super(Objects.requireNonNull(message, "ClosedException: message is null"));
    }
}
