package io.vertask.app.demo;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The demo's Postgres cannot run on this machine. The message gives the reason and the alternative. */
public final class DemoUnavailable extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    DemoUnavailable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
