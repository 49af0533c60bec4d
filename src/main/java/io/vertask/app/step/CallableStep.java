package io.vertask.app.step;

import org.jspecify.annotations.Nullable;

/**
 * The Java code that a job calls for each item.
 *
 * <p>With {@code offload: io} or {@code offload: cpu} it runs on a thread of a pool and may block. Without, it runs on
 * the event loop and must return at once: when it waits for something it returns a {@link io.vertx.core.Future}, made
 * with Vert.x or with the verbs of {@code io.vertask.task.Tasks}. A step that blocks the event loop is reported by
 * name.
 *
 * <p>One instance serves the whole run, several items at a time, so its fields must be safe for that. An instance that
 * is {@link AutoCloseable} is closed at the end.
 */
@FunctionalInterface
public interface CallableStep {
    /**
     * Does the work.
     *
     * <p><b>Failure.</b> An exception, thrown or of the future, is the item's failure; {@code limits.retries} says
     * whether another attempt is made.
     *
     * <p><b>Cancellation.</b> An offloaded thread is interrupted; long computations ask
     * {@code Offload.checkCancelled()}. Otherwise the tasks started in it are cancelled.
     *
     * @return the value that {@code print} names {@code result}; the fields of a map or JSON object are names too. Null
     *     prints nothing
     */
    @Nullable
    Object call(StepCall call) throws Exception;
}
