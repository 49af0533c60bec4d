package io.vertask.trace;

import io.vertask.task.CancelReason;
import io.vertask.task.Outcome;
import io.vertask.task.Task;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jdk.jfr.FlightRecorder;

/** The listener that makes JFR events; with the event classes, the only code that needs the module {@code jdk.jfr}. */
final class JfrListener implements TaskListener {
    /** The events of running tasks that started during a recording, by task id. */
    private final Map<Long, JfrTask> begun = new ConcurrentHashMap<>();

    private JfrListener() {}

    static JfrListener create() {
        // registers the events here, so that no event loop has to
        FlightRecorder.register(JfrTask.class);
        FlightRecorder.register(JfrCancel.class);
        FlightRecorder.register(JfrStall.class);
        return new JfrListener();
    }

    @Override
    public void started(Task<?> task, long at) {
        JfrTask event = new JfrTask();
        if (event.isEnabled()) {
            event.begin();
            begun.put(task.id(), event);
        }
    }

    @Override
    public void ended(Task<?> task, Outcome<?> outcome, long startedAt, long at) {
        JfrTask event = begun.isEmpty() ? null : begun.remove(task.id());
        if (event == null) {
            return;
        }
        event.end();
        if (event.shouldCommit()) {
            event.id = task.id();
            event.parent = task.parent().map(Task::id).orElse(0L);
            event.name = task.name();
            event.path = task.path();
            event.outcome = task.state().name();
            event.reason = TraceRecorder.why(outcome);
            event.commit();
        }
    }

    @Override
    public void cancelRequested(Task<?> task, CancelReason reason, String by, long at) {
        JfrCancel event = new JfrCancel();
        if (event.isEnabled()) {
            event.id = task.id();
            event.path = task.path();
            event.reason = reason.toString();
            event.by = by;
            event.commit();
        }
    }

    @Override
    public void slowStep(SlowStep step) {
        JfrStall event = new JfrStall();
        if (event.isEnabled()) {
            event.loop = step.loop();
            event.path = step.task();
            event.took = step.took().toNanos();
            event.where = step.where();
            event.commit();
        }
    }

    /** The number of running tasks with an event. */
    int begun() {
        return begun.size();
    }
}
