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
 * A verticle that makes one kind of call. Its clients are opened and closed with it. Everything that runs for it
 * belongs to one task group, so undeploying it cancels and awaits the tasks that still run.
 *
 * <p><b>Threads.</b> {@link #launch} from any thread, the rest on the verticle's own.
 */
public abstract class Workload extends VerticleBase {
    private final String kind;
    private @Nullable TaskGroup life;

    /** A workload with the name {@code kind} in the node file and in messages. */
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

    /** The context on which everything of this workload runs once it is deployed. */
    public final Context loop() {
        return context;
    }

    /** Opens the clients of the calls; fails with {@link StartFailure} when that is not possible. */
    protected abstract Future<?> openClients();

    /** Closes the clients that {@link #openClients} opened, also when it failed half-way. */
    protected abstract Future<?> closeClients();

    /** Makes the call for one item; nothing happens before its first attempt. */
    public abstract ItemCall call(Item item);

    /**
     * Makes the rest of an item's work when its call has been answered: recording the answer.
     *
     * @param answered gives the answer
     */
    public ItemCall recording(Item item, ItemCall answered) {
        return answered;
    }

    /**
     * Tells that all items are done and in the ledger, so the run will not be resumed.
     *
     * <p><b>Threads.</b> Any, before the workload is undeployed.
     */
    public void settled() {}

    /**
     * The site of {@code item}. A server's request to pause applies to all calls of the same site; an empty one stands
     * for all calls.
     *
     * <p>An item from which no call can be made has the empty site.
     */
    public String site(Item item) {
        return "";
    }

    /**
     * The last call that ran on the event loop itself; empty when the calls don't run there.
     *
     * <p><b>Threads.</b> Any: who asks may be waiting for a blocked loop.
     */
    public Optional<LoopCall> lastOnTheLoop() {
        return Optional.empty();
    }

    /**
     * The remarks on odd answers so far, one line each for people, without secrets.
     *
     * <p><b>Threads.</b> The verticle's own.
     */
    public List<String> remarks() {
        return List.of();
    }

    /**
     * The preview of the first attempt for {@code item}, in lines for people, without secrets; nothing has to be open.
     *
     * <p><b>Failure.</b> The failure that the call would have before anything is sent.
     */
    public abstract List<String> preview(Item item);

    /** The failure of an attempt that timed out after {@code limit} in {@code phase}. */
    public CallFailure timedOut(Duration limit, Phase phase) {
        return CallFailure.timeout(limit, phase);
    }
}
