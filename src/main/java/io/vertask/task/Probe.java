package io.vertask.task;

import io.vertx.core.Vertx;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A listener to every step of the tasks of one event loop, for tools such as {@code io.vertask.trace}. Without one, a
 * step costs a null check.
 *
 * <p>Times are nanoseconds on the clock of the loop, see {@link Tasks#nanoTime}.
 *
 * <p><b>Failure.</b> A probe must not throw.
 *
 * <p><b>Threads.</b> The event loop, but {@link #site} on the thread that starts a task. A probe must change nothing,
 * since it is called while states are being changed.
 */
public interface Probe {
    /**
     * A service that installs probes before the first task of a Vertx runs. The service loader looks for one when the
     * system property {@code vertask.debug} is true.
     */
    interface AtStart {
        /** Called once for each Vertx that runs tasks, before its first one, on any thread. */
        void watch(Vertx vertx);
    }

    /** Called when a task has been queued in its scope. */
    void started(Task<?> task, long at);

    /** Called when a task is over; its path and parent are still known. */
    void ended(Task<?> task, Outcome<?> outcome, long startedAt, long at);

    /** Called when a request to stop has reached a task for the first time. */
    void cancelRequested(Task<?> task, CancelReason reason, String by, long at);

    /**
     * Called when a turn of the ready queue begins, in which code of {@code task} goes on; null when it is no task's.
     */
    void turnBegins(@Nullable Task<?> task);

    /** Called when that turn has ended, and {@code ready} others of its round are ready. */
    void turnEnds(int ready);

    /**
     * Called when the body of {@code where} has ended well, and what is left over in it, which nobody waits for, is
     * cancelled.
     */
    void leftOver(String where, List<String> what);

    /** The line that starts a task now, for messages; null when it is not wanted. */
    @Nullable
    String site();

    /** Whether a wait fails that closes a cycle of tasks waiting for each other. */
    boolean findsCycles();

    /**
     * Installs probes on every event loop of {@code vertx}, one each, from their next turn on, in place of earlier
     * ones; null removes them.
     *
     * <p><b>Threads.</b> Any.
     */
    static void install(Vertx vertx, @Nullable Supplier<Probe> probes) {
        Objects.requireNonNull(vertx, "Probe.install: vertx is null");
        AllHomes.of(vertx).watch(probes);
    }
}
