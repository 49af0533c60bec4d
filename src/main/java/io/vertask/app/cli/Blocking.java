package io.vertask.app.cli;

import io.vertx.core.Future;
import java.util.concurrent.CompletionException;

/** A blocking wait for a future, for plain threads of the application. */
final class Blocking {
    private Blocking() {}

    /** Returns the value. Throws an unchecked failure as it is and any other one wrapped. */
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
