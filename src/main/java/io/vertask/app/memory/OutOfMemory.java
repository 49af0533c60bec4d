package io.vertask.app.memory;

import java.lang.Thread.UncaughtExceptionHandler;
import org.jspecify.annotations.Nullable;

/**
 * The check of caught errors for an {@link OutOfMemoryError}, direct memory included.
 *
 * <p>After one, any queue, lock or connection of the process may be half-changed, so it must not go on. Such an error
 * is handed to the thread's handler of uncaught exceptions, in which the command ends the process.
 *
 * <p><b>Threads.</b> Any.
 */
public final class OutOfMemory {
    private static final int DEEPEST = 20;

    private OutOfMemory() {}

    /** Hands {@code caught} to the current thread's handler when it is such an error, or was caused by one. */
    public static void check(@Nullable Throwable caught) {
        OutOfMemoryError error = in(caught);
        if (error == null) {
            return;
        }
        Thread here = Thread.currentThread();
        UncaughtExceptionHandler handler = Thread.getDefaultUncaughtExceptionHandler();
        if (handler != null) {
            handler.uncaughtException(here, error);
        }
    }

    /** The first such error among {@code caught} and its causes; null when there is none. */
    public static @Nullable OutOfMemoryError in(@Nullable Throwable caught) {
        Throwable next = caught;
        for (int i = 0; next != null && i < DEEPEST; i++) {
            if (next instanceof OutOfMemoryError error) {
                return error;
            }
            next = next.getCause();
        }
        return null;
    }
}
