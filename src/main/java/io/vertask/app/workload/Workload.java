package io.vertask.app.workload;

import io.vertask.app.job.Item;
import io.vertask.client.Phase;
import io.vertask.task.CancelReason;
import io.vertask.task.Coroutine;
import io.vertask.task.Task;
import io.vertask.task.TaskGroup;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One kind of call, deployed as a verticle: its clients are opened and closed with it, and everything that runs for it
 * lives in one task group, so undeploying it cancels and awaits whatever still runs.
 *
 * <p><b>Threads.</b> {@link #launch} from any thread, the rest on the verticle's own.
 */
public abstract class Workload extends VerticleBase {
    private final String kind;
    private @Nullable TaskGroup life;

    /** {@code kind}: what the node file and messages call it. */
    protected Workload(String kind) {
        this.kind = kind;
    }

    @Override
    public final Future<?> start() {
        life = TaskGroup.open(kind);
        return openClients();
    }

    @Override
    public final Future<?> stop() {
        TaskGroup group = life;
        if (group == null) {
            return closeClients();
        }
        group.cancel(CancelReason.SHUTDOWN);
        return group.close().transform(ended -> closeClients());
    }

    /**
     * Starts {@code body} in this workload's group; the task is there as soon as the verticle's loop has started it.
     */
    public final <T> Future<Task<T>> launch(String name, Coroutine<T> body) {
        Promise<Task<T>> started = Promise.promise();
        context.runOnContext(here -> {
            TaskGroup group = life;
            if (group == null) {
                started.fail(new IllegalStateException("workload " + kind + " is not deployed"));
            } else {
                started.complete(group.start(name, body));
            }
        });
        return started.future();
    }

    /** The context everything of this workload runs on, once it is deployed. */
    public final Context loop() {
        return context;
    }

    /** Opens what the calls need; fails with {@link StartFailure} when that can't be had. */
    protected abstract Future<?> openClients();

    /** Closes what {@link #openClients} opened, also when it failed half-way. */
    protected abstract Future<?> closeClients();

    /** What is to be done for one item; nothing happens before its first attempt. */
    public abstract ItemCall call(Item item);

    /**
     * Tells that all there was to do is done and in the ledger, and that nobody will ask for it again.
     *
     * <p><b>Threads.</b> Any, before the workload is undeployed.
     */
    public void settled() {}

    /**
     * Which calls a server means when it asks for a pause: those that have the same site as {@code item}. Empty: all.
     *
     * <p>An item of which no call can be made has the empty one.
     */
    public String site(Item item) {
        return "";
    }

    /** The call that the event loop itself has made last; empty when the calls don't run there. */
    public Optional<LoopCall> lastOnTheLoop() {
        return Optional.empty();
    }

    /**
     * What the first attempt for {@code item} would send, in lines for people, secrets hidden; nothing has to be open.
     *
     * <p><b>Failure.</b> What the call would fail with before anything is sent.
     */
    public abstract List<String> preview(Item item);

    /** What to say of an attempt that was cut after {@code limit} in {@code phase}. */
    public CallFailure timedOut(Duration limit, Phase phase) {
        return CallFailure.timeout(limit, phase);
    }
}
