package io.vertask.bench;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A Vertx with one event loop, on which a benchmark runs its batches. */
final class BenchLoop {
    private final VertxInternal vertx = (VertxInternal) Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    final ContextInternal context = vertx.createEventLoopContext();

    /** The measured code, called on the event loop. */
    interface Batch {
        Future<?> start();
    }

    void run(Batch batch) throws ExecutionException, InterruptedException, TimeoutException {
        Promise<Object> done = Promise.promise();
        context.runOnContext(turn -> batch.start().<Object>mapEmpty().onComplete(done));
        await(done.future());
    }

    void close() throws ExecutionException, InterruptedException, TimeoutException {
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws ExecutionException, InterruptedException, TimeoutException {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
