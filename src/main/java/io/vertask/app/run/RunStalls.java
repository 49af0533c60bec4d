package io.vertask.app.run;

import io.vertask.app.job.Job;
import io.vertask.app.journal.RunEvent;
import io.vertask.app.workload.LoopCall;
import io.vertask.app.workload.Workload;
import io.vertask.task.Task;
import io.vertask.trace.SlowStep;
import io.vertask.trace.TaskListener;
import io.vertask.trace.Tracing;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The detector of stalls: it reports to the journal each time the run's own code blocked the event loop for too long.
 *
 * <p>{@link Tracing}'s daemon thread takes the stack of a loop whose turn has not ended in time.
 *
 * <p><b>Threads.</b> The run's event loop.
 */
final class RunStalls implements TaskListener {
    private static final Pattern LINE = Pattern.compile("\\(([^()]+:\\d+)\\)$");

    private final Tracing tracing;
    private final ItemsTask run;
    private final Task<?> main;

    private RunStalls(Tracing tracing, ItemsTask run, Task<?> main) {
        this.tracing = tracing;
        this.run = run;
        this.main = main;
    }

    /** Watches the event loop from now on until {@link #close}; called in the run's main task. */
    static RunStalls watch(Vertx vertx, ItemsTask run) {
        Tracing tracing = Tracing.of(vertx);
        RunStalls stalls = new RunStalls(tracing, run, Task.current().orElseThrow());
        tracing.listen(stalls);
        return stalls;
    }

    void close() {
        tracing.unlisten(this);
    }

    @Override
    public void slowStep(SlowStep step) {
        if (!step.isWithin(main)) {
            return;
        }
        run.journal.publish(stalled(run.job, run.workload, run::masked, step));
    }

    /** The event for {@code step}; any thread. */
    static RunEvent.Stalled stalled(Job job, Workload workload, UnaryOperator<String> masked, SlowStep step) {
        Optional<LoopCall> last = workload.lastOnTheLoop();
        String where = step.where();
        Matcher line = LINE.matcher(where == null ? "" : where);
        return new RunEvent.Stalled(
                step.at() + step.took().toNanos(),
                step.loop(),
                step.took(),
                job.step().loopCall(),
                last.map(call -> masked.apply(call.item().key())),
                line.find() ? Optional.of(line.group(1)) : Optional.empty(),
                last.map(LoopCall::others).orElse(0));
    }
}
