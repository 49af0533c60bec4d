package io.vertask.app.workload.queue;

import io.vertask.app.job.DurationText;
import io.vertask.app.job.Item;
import io.vertask.app.job.Scope;
import io.vertask.app.job.SleepStep;
import io.vertask.app.workload.Answer;
import io.vertask.app.workload.CallFailure;
import io.vertask.app.workload.ItemCall;
import io.vertask.app.workload.Workload;
import io.vertask.client.Phase;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/** Waits, as a {@link SleepStep} says; the result is the item itself. */
public final class QueueWorkload extends Workload {
    private final SleepStep step;

    private QueueWorkload(SleepStep step) {
        super("queue");
        this.step = step;
    }

    /** For {@code step}. */
    public static QueueWorkload of(SleepStep step) {
        return new QueueWorkload(step);
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
            return Tasks.sleep(step.length()).map(slept -> Answer.of(Scope.of(item.value()), item.key(), item.value()));
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
