package io.vertask.app.run;

import io.vertask.app.workload.LoopCall;
import io.vertask.trace.SlowStep;
import io.vertask.trace.TaskListener;
import io.vertask.trace.Tracing;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Counts how often the event loop was blocked during a run, and names the step that did it.
 *
 * <p>{@link Tracing}'s daemon thread takes the stack of a loop that has not come to the end of a turn in time.
 *
 * <p><b>Threads.</b> The run's event loop; counted up to when the run is over.
 */
final class Stalls implements TaskListener {
    /** The next ones are like them. */
    private static final int SHOWN = 3;

    private static final Pattern LINE = Pattern.compile("\\(([^()]+:\\d+)\\)$");
    private static final Pattern THREAD = Pattern.compile("^.*-(\\d+)$");

    private final Tracing tracing;
    private final JobRun run;
    private final Consumer<String> say;
    private long count;
    private int shown;

    private Stalls(Tracing tracing, JobRun run, Consumer<String> say) {
        this.tracing = tracing;
        this.run = run;
        this.say = say;
    }

    /** From now on, until {@link #close}. */
    static Stalls watch(Vertx vertx, JobRun run, Consumer<String> say) {
        Tracing tracing = Tracing.of(vertx);
        Stalls stalls = new Stalls(tracing, run, say);
        tracing.listen(stalls);
        return stalls;
    }

    void close() {
        tracing.unlisten(this);
    }

    long count() {
        return count;
    }

    @Override
    public void slowStep(SlowStep step) {
        count++;
        Optional<String> call = run.job.step().loopCall();
        if (call.isPresent() && shown++ < SHOWN) {
            say.accept(words(step, call.get()) + (shown == SHOWN ? " Further ones are only counted." : ""));
        }
    }

    private String words(SlowStep step, String call) {
        Optional<LoopCall> last = run.workload.lastOnTheLoop();
        String item = last.map(its -> ", item " + its.item().key()).orElse("");
        String where = step.where();
        Matcher line = LINE.matcher(where == null ? "" : where);
        int others = last.map(LoopCall::others).orElse(0);
        return THREAD.matcher(step.loop()).replaceFirst("loop-$1") + " was blocked "
                + step.took().toMillis() + " ms by step `" + call + "`" + item
                + (line.find() ? " (" + line.group(1) + ")" : "") + ". "
                + (others == 0 ? "" : others + (others == 1 ? " task" : " tasks") + " waited. ")
                + "Add `offload: io`.";
    }
}
