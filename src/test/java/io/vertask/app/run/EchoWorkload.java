package io.vertask.app.run;

import io.vertask.app.job.Item;
import io.vertask.app.job.template.TemplateScope;
import io.vertask.app.workload.Answer;
import io.vertask.app.workload.CallFailure;
import io.vertask.app.workload.ItemCall;
import io.vertask.app.workload.StepKind;
import io.vertask.app.workload.Workload;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** The workload of an {@link EchoStep}. */
final class EchoWorkload extends Workload {
    private final EchoStep step;
    private final Set<String> broken;
    private final Consumer<String> called;

    private EchoWorkload(EchoStep step, Set<String> broken, Consumer<String> called) {
        super("echo");
        this.step = step;
        this.broken = broken;
        this.called = called;
    }

    /** The kind, whose calls fail for the {@code broken} items; {@code called} takes the key of each item. */
    static StepKind<EchoStep> kind(Set<String> broken, Consumer<String> called) {
        return new StepKind<>(
                List.of(EchoStep.FORM), EchoStep.class, (step, run) -> new EchoWorkload(step, broken, called));
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
            called.accept(item.key());
            if (broken.contains(item.key())) {
                return Future.failedFuture(CallFailure.lasting("broken", "is broken"));
            }
            String text = text(item);
            return Future.succeededFuture(
                    Answer.of(TemplateScope.of(item.value()).with("echoed", text), text, text));
        };
    }

    @Override
    public List<String> preview(Item item) {
        return List.of("echo " + text(item));
    }

    private String text(Item item) {
        return step.text().render(TemplateScope.of(item.value())).repeat(step.times());
    }
}
