package io.vertask.trace;

import io.vertask.task.CancelReason;
import io.vertask.task.Task;
import org.jspecify.annotations.Nullable;

/** Something that a {@link TraceRecorder} has kept. Times are nanoseconds as of {@code Tasks.nanoTime}. */
public sealed interface TraceEvent {
    /** When: for a span, its beginning. */
    long at();

    /**
     * The life of a task, from its start to its end.
     *
     * @param id the task
     * @param parent the id of the task it was started in; null for a root
     * @param path the names from the root to the task
     * @param loop the name of its event loop's thread
     * @param at when it was started
     * @param end when it was over; null while it is not
     * @param state how it ended, or {@code RUNNING}
     * @param why the reason of its cancellation and who asked, or the error it failed with; null otherwise
     */
    record Span(
            long id,
            @Nullable Long parent,
            String name,
            String path,
            String loop,
            long at,
            @Nullable Long end,
            Task.State state,
            @Nullable String why)
            implements TraceEvent {}

    /** A task was asked to stop. */
    record CancelAsked(long id, String path, CancelReason reason, String by, long at) implements TraceEvent {}

    /** Some part of a task's work began: what waits for a connection connects now, say. */
    record Phase(long id, String phase, long at) implements TraceEvent {}

    /** A turn blocked its event loop. */
    record Stall(SlowStep step) implements TraceEvent {
        @Override
        public long at() {
            return step.at();
        }
    }
}
