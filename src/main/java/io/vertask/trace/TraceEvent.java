package io.vertask.trace;

import io.vertask.task.CancelReason;
import io.vertask.task.Task;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An event that a {@link TraceRecorder} keeps. Times are nanoseconds as of {@code Tasks.nanoTime}. */
public sealed interface TraceEvent {
    /** The time of the event; for a span, its start. */
    long at();

    /**
     * The life of a task, or of other work with a start and an end.
     *
     * @param id the id of the task
     * @param parent the id of the parent task; null for a root
     * @param path the names from the root to the task
     * @param loop the name of its event loop's thread
     * @param at its start
     * @param end its end; null while it runs
     * @param state its final state, or {@code RUNNING}
     * @param why the reason and origin of its cancellation, or the error it failed with; null otherwise
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
            implements TraceEvent {
        /** Checks that nothing is null. */
        public Span {
            Objects.requireNonNull(name, "TraceEvent.Span: name is null");
            Objects.requireNonNull(path, "TraceEvent.Span: path is null");
            Objects.requireNonNull(loop, "TraceEvent.Span: loop is null");
            Objects.requireNonNull(state, "TraceEvent.Span: state is null");
        }
    }

    /** A cancel request reached a task. */
    record CancelAsked(long id, String path, CancelReason reason, String by, long at) implements TraceEvent {
        /** Checks that nothing is null. */
        public CancelAsked {
            Objects.requireNonNull(path, "TraceEvent.CancelAsked: path is null");
            Objects.requireNonNull(reason, "TraceEvent.CancelAsked: reason is null");
            Objects.requireNonNull(by, "TraceEvent.CancelAsked: by is null");
        }
    }

    /** A span entered a new phase of its work, such as connecting after waiting for a connection. */
    record Phase(long id, String phase, long at) implements TraceEvent {
        /** Checks that nothing is null. */
        public Phase {
            Objects.requireNonNull(phase, "TraceEvent.Phase: phase is null");
        }
    }

    /** A turn blocked its event loop. */
    record Stall(SlowStep step) implements TraceEvent {
        /** Checks that nothing is null. */
        public Stall {
            Objects.requireNonNull(step, "TraceEvent.Stall: step is null");
        }

        @Override
        public long at() {
            return step.at();
        }
    }
}
