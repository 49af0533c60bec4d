package io.vertask.testing;

import io.vertx.core.Future;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** How the thread of a test waits for a future. */
public final class Blocked {
    private static final long LIMIT_SECONDS = 30;

    private Blocked() {}

    /** The value of {@code future}, which has to come within half a minute. */
    public static <T> T on(Future<T> future) {
        try {
            // not orTimeout: completing that one takes a lock, which an event loop must not
            return future.toCompletionStage().toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
