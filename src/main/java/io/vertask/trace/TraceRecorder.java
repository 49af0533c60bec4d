package io.vertask.trace;

import io.vertask.task.CancelReason;
import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.trace.TraceEvent.Span;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A listener that keeps the most recent events in bounded memory, for a timeline.
 *
 * <p>A task becomes one {@link Span} when it has ended; cancel requests and stalls are kept as they come, and events
 * from elsewhere when they are {@linkplain #add added}. At capacity, each new event drops the oldest one, which is
 * counted.
 *
 * <p><b>Threads.</b> Any.
 */
public final class TraceRecorder implements TaskListener {
    private final int capacity;
    private final ArrayDeque<TraceEvent> events = new ArrayDeque<>();
    private final Map<Long, Span> running = new LinkedHashMap<>();
    private long dropped;

    private TraceRecorder(int capacity) {
        this.capacity = capacity;
    }

    /**
     * An empty recorder, to be filled by {@link Tracing#listen}.
     *
     * @param capacity the maximum number of events, and of running tasks; at least 1
     */
    public static TraceRecorder of(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException(
                    "TraceRecorder.of: the capacity is " + capacity + ", and must be 1 at least");
        }
        return new TraceRecorder(capacity);
    }

    /**
     * The recorded events in the order in which they came, a span at its end; then the running tasks as spans without
     * an end.
     */
    public synchronized List<TraceEvent> events() {
        List<TraceEvent> all = new ArrayList<>(events.size() + running.size());
        all.addAll(events);
        all.addAll(running.values());
        return all;
    }

    /** The spans among {@link #events}. */
    public List<Span> spans() {
        return events().stream()
                .filter(Span.class::isInstance)
                .map(Span.class::cast)
                .toList();
    }

    /** The number of events dropped to make room for later ones. */
    public synchronized long dropped() {
        return dropped;
    }

    /**
     * Keeps an event that the library does not see itself: the span of an attempt, for example, with its phases.
     *
     * @param event its times are nanoseconds as of {@code Tasks.nanoTime}; a span needs an id that no task has, such as
     *     a negative number
     */
    public void add(TraceEvent event) {
        Objects.requireNonNull(event, "TraceRecorder.add: event is null");
        keep(event);
    }

    @Override
    public void started(Task<?> task, long at) {
        Span span = span(task, at, null, Task.State.RUNNING, null);
        synchronized (this) {
            if (running.size() < capacity) {
                running.put(task.id(), span);
            }
        }
    }

    @Override
    public void ended(Task<?> task, Outcome<?> outcome, long startedAt, long at) {
        Span span = span(task, startedAt, at, task.state(), why(outcome));
        synchronized (this) {
            running.remove(task.id());
            keep(span);
        }
    }

    @Override
    public void cancelRequested(Task<?> task, CancelReason reason, String by, long at) {
        keep(new TraceEvent.CancelAsked(task.id(), task.path(), reason, by, at));
    }

    @Override
    public void slowStep(SlowStep step) {
        keep(new TraceEvent.Stall(step));
    }

    private synchronized void keep(TraceEvent event) {
        if (events.size() == capacity) {
            events.remove();
            dropped++;
        }
        events.add(event);
    }

    private static Span span(Task<?> task, long at, @Nullable Long end, Task.State state, @Nullable String why) {
        return new Span(
                task.id(),
                task.parent().map(Task::id).orElse(null),
                task.name(),
                task.path(),
                Thread.currentThread().getName(),
                at,
                end,
                state,
                why);
    }

    static @Nullable String why(Outcome<?> outcome) {
        if (outcome instanceof Outcome.Cancelled<?> cancelled) {
            return cancelled.cause().reason() + ", asked by "
                    + cancelled.cause().by();
        }
        Throwable error = outcome.errorOrNull();
        return error == null ? null : error.toString();
    }
}
