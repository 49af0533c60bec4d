package io.vertask.app.step;

import org.jspecify.annotations.Nullable;

/**
 * Work in Java that a job does with each item.
 *
 * <p>With {@code offload: io} or {@code offload: cpu} it runs on a thread of a pool and may block. Without, it runs on
 * the event loop and must return at once: a {@link io.vertx.core.Future} when it waits for something, which it makes
 * with Vert.x or with the verbs of {@code io.vertask.task.Tasks}. A step that blocks the event loop is reported by
 * name.
 *
 * <p>One instance serves the whole run, several items at a time, so what it keeps must bear that. An
 * {@link AutoCloseable} one is closed at the end.
 */
@FunctionalInterface
public interface CallableStep {
    /**
     * Does the work.
     *
     * <p><b>Failure.</b> What it throws, or its future fails with, is the item's failure, and another attempt is made
     * if {@code limits.retries} allows.
     *
     * <p><b>Cancellation.</b> An offloaded thread is interrupted; long computations ask
     * {@code Offload.checkCancelled()}. Otherwise the tasks started in it are cancelled.
     *
     * @return what {@code print} knows as {@code result}; the fields of a map or JSON object are names too. Null: there
     *     is nothing to print
     */
    @Nullable
    Object call(StepCall call) throws Exception;
}
