package io.vertask.app.workload.offload;

import io.vertask.app.job.CallStep;
import io.vertask.app.job.Item;
import io.vertask.app.job.Job;
import io.vertask.app.job.template.Param;
import io.vertask.app.job.template.TemplateScope;
import io.vertask.app.job.yaml.DurationText;
import io.vertask.app.memory.OutOfMemory;
import io.vertask.app.step.CallableStep;
import io.vertask.app.step.StepCall;
import io.vertask.app.workload.Answer;
import io.vertask.app.workload.CallFailure;
import io.vertask.app.workload.ItemCall;
import io.vertask.app.workload.LoopCall;
import io.vertask.app.workload.StartFailure;
import io.vertask.app.workload.StepKind;
import io.vertask.app.workload.Workload;
import io.vertask.client.Phase;
import io.vertask.client.PhaseListener;
import io.vertask.client.Reached;
import io.vertask.offload.StuckJobException;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Calls the class of a {@link CallStep}. */
public final class OffloadWorkload extends Workload {
    /** Steps that call a Java class; the console is told of threads that don't stop. */
    public static final StepKind<CallStep> KIND = new StepKind<>(
            List.of(CallStep.FORM),
            CallStep.class,
            (step, run) -> new OffloadWorkload(run.job(), step, run.reached(), run.console()));

    private final CallStep step;
    private final int concurrency;
    private final boolean isPrinted;
    private final Consumer<String> say;
    private final Reached reached;
    private @Nullable CallableStep code;
    private @Nullable Pool pool;
    private volatile @Nullable LoopCall onTheLoop;
    private int open;

    private OffloadWorkload(Job job, CallStep step, Reached reached, Consumer<String> say) {
        super("offload");
        this.step = step;
        this.concurrency = job.limits().concurrency();
        this.isPrinted = job.print().isPresent();
        this.reached = reached;
        this.say = say;
    }

    @Override
    protected Future<?> openClients() {
        try {
            code = step.type().getConstructor().newInstance();
        } catch (InvocationTargetException e) {
            OutOfMemory.check(e);
            return Future.failedFuture(new StartFailure("do.call: new " + step.name() + "() failed: " + e.getCause()));
        } catch (ReflectiveOperationException | LinkageError e) {
            return Future.failedFuture(new StartFailure("do.call: " + step.name() + " can't be used: " + e));
        }
        context.exceptionHandler(this::unexpected);
        pool = Pool.of(vertx, step.offload(), concurrency, reached, say);
        return Future.succeededFuture();
    }

    /** An error in the step's code that no call waits for. */
    private void unexpected(Throwable error) {
        OutOfMemory.check(error);
        if (!(error instanceof StuckJobException)) { // reported already
            say.accept("do.call: in " + step.name() + ", and no item waited for it: " + error);
        }
    }

    @Override
    protected Future<?> closeClients() {
        Future<Void> closed = pool == null ? Future.succeededFuture() : pool.close();
        return closed.eventually(() -> code instanceof AutoCloseable closeable
                ? vertx.executeBlocking(() -> {
                    closeable.close();
                    return null;
                })
                : Future.succeededFuture());
    }

    @Override
    public Optional<LoopCall> lastOnTheLoop() {
        return Optional.ofNullable(onTheLoop);
    }

    @Override
    public ItemCall call(Item item) {
        return phases -> attempt(item, phases);
    }

    @Override
    public List<String> preview(Item item) {
        String where = step.offload() == CallStep.Offload.NONE
                ? "on the event loop"
                : "on the pool `" + step.offload().name().toLowerCase(Locale.ROOT) + "`";
        JsonObject with = with(item.scope());
        return List.of(
                "call " + step.type().getName() + " " + where + (with.isEmpty() ? "" : " with " + with.encode()));
    }

    private JsonObject with(TemplateScope scope) {
        JsonObject with = new JsonObject();
        step.with().forEach((name, param) -> with.put(name, value(param, scope)));
        return with;
    }

    private Future<Answer> attempt(Item item, PhaseListener phases) {
        TemplateScope scope = item.scope();
        StepCall call = new StepCall(item.value(), item.key(), with(scope));
        CallableStep known = Objects.requireNonNull(code);
        Pool its = Objects.requireNonNull(pool);
        open++;
        Future<Object> result = its.call(item.key(), phases, () -> {
            if (step.offload() == CallStep.Offload.NONE) {
                onTheLoop = new LoopCall(item, open - 1);
            }
            return known.call(call);
        });
        return result.compose(value -> value instanceof Future<?> later
                        ? Tasks.<Object>await(later.map(it -> (Object) it))
                        : Future.succeededFuture(value))
                .onComplete(end -> open--)
                .transform(end -> end.succeeded()
                        ? StepResults.of(scope, end.result(), step.name(), isPrinted)
                        : Future.failedFuture(begun(StepResults.failure(end.cause(), step.name()))));
    }

    /**
     * The failure of a call that has begun: nobody knows what it has done, so only the job can say that it may again.
     */
    private Throwable begun(Throwable failure) {
        return failure instanceof CallFailure known && !step.retryUnsafe() ? known.once() : failure;
    }

    private static @Nullable Object value(Param param, TemplateScope scope) {
        return param.value(scope);
    }

    @Override
    public CallFailure timedOut(Duration limit, Phase phase) {
        String where = phase == Phase.QUEUED ? "waiting for a thread" : "in " + step.name();
        CallFailure failure = CallFailure.passing(
                        phase == Phase.QUEUED ? "timeout in queue" : "timeout in call",
                        "timed out after " + DurationText.format(limit) + " " + where)
                .kind("timeout", phase);
        return phase == Phase.QUEUED || step.retryUnsafe() ? failure : failure.once();
    }
}
