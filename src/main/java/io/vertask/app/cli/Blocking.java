package io.vertask.app.cli;

import io.vertx.core.Future;
import java.util.concurrent.CompletionException;

/** How a plain thread of the application waits for a future. */
final class Blocking {
    private Blocking() {}

    /** The value; throws the failure itself when it is unchecked, else wrapped. */
    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
