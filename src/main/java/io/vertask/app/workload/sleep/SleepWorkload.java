package io.vertask.app.workload.sleep;

import io.vertask.app.job.Item;
import io.vertask.app.job.SleepStep;
import io.vertask.app.job.yaml.DurationText;
import io.vertask.app.workload.Answer;
import io.vertask.app.workload.CallFailure;
import io.vertask.app.workload.ItemCall;
import io.vertask.app.workload.StepKind;
import io.vertask.app.workload.Workload;
import io.vertask.client.Phase;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/** The workload of a {@link SleepStep}: it waits; the result is the item itself. */
public final class SleepWorkload extends Workload {
    /** Steps that wait. */
    public static final StepKind<SleepStep> KIND =
            new StepKind<>(List.of(SleepStep.FORM), SleepStep.class, (step, run) -> new SleepWorkload(step));

    private final SleepStep step;

    private SleepWorkload(SleepStep step) {
        super("sleep");
        this.step = step;
    }

    @Override
    protected Future<?> openClients() {
        return Future.succeededFuture();
    }

    @Override
    protected Future<?> closeClients() {
        return Future.succeededFuture();
    }

    @Override
    public ItemCall call(Item item) {
        return phases -> {
            phases.phase(Phase.RESPONSE);
            return Tasks.sleep(step.length()).map(slept -> Answer.of(item.scope(), item.key(), item.value()));
        };
    }

    @Override
    public List<String> preview(Item item) {
        return List.of("sleep " + DurationText.format(step.length()));
    }

    @Override
    public CallFailure timedOut(Duration limit, Phase phase) {
        return CallFailure.passing("timeout in sleep", "timed out after " + DurationText.format(limit) + " sleeping")
                .kind("timeout", phase);
    }
}
