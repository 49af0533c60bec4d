package io.vertask.task;

import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is told of every step of the tasks of one event loop: the seam for those who watch, {@code io.vertask.trace}
 * above all. Where none is installed, it costs a null check.
 *
 * <p>Times are nanoseconds on the clock of the loop, see {@link Tasks#nanoTime}.
 *
 * <p><b>Failure.</b> A probe must not throw.
 *
 * <p><b>Threads.</b> The event loop, but {@link #site} on the thread that starts a task. It looks, and changes nothing:
 * it is called in the middle of things.
 */
public interface Probe {
    /**
     * Who watches from the beginning; found by the service loader when the system property {@code vertask.debug} is
     * true.
     */
    interface AtStart {
        /** Called once for each Vertx that runs tasks, before its first one, on any thread. */
        void watch(Vertx vertx);
    }

    /** A task is in its scope, and queued. */
    void started(Task<?> task, long at);

    /** A task is over; its path and parent are still known. */
    void ended(Task<?> task, Outcome<?> outcome, long startedAt, long at);

    /** A request to stop has reached a task for the first time. */
    void cancelRequested(Task<?> task, CancelReason reason, String by, long at);

    /** A turn of the ready queue begins, in which code of {@code task} goes on; null when it is no task's. */
    void turnBegins(@Nullable Task<?> task);

    /** That turn has ended; so many others of its round are ready. */
    void turnEnds(int ready);

    /** What is cancelled now because the body of {@code where} ended well without it, and nobody waits for it. */
    void leftOver(String where, List<String> what);

    /** Where a task is being started, for messages; null when that is not asked for. */
    @Nullable
    String site();

    /** Whether a wait that closes a cycle of tasks waiting for each other is to fail. */
    boolean findsCycles();

    /**
     * Makes {@code probes} watch every event loop of {@code vertx}, one each, from their next turn on, in place of
     * those that did; null: nobody watches.
     *
     * <p><b>Threads.</b> Any.
     */
    static void install(Vertx vertx, @Nullable Supplier<Probe> probes) {
        AllHomes.of(vertx).watch(probes);
    }
}
