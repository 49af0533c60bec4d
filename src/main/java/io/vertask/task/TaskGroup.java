package io.vertask.task;

import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A scope for tasks that belong together: it is over when its body and all its children are, and the first of them to
 * fail stops the rest.
 *
 * <p>{@code TaskGroup.with(group -> …)} is asyncio's {@code async with TaskGroup() as tg}. {@link #open} makes a group
 * that lives until {@link #close} is called: a verticle's own, say.
 *
 * <p><b>Failure.</b> {@link TaskGroupException} with every failure of the children and the body; a child that is
 * cancelled on its own is none. Fatal errors pass unwrapped.
 *
 * <p><b>Cancellation.</b> Cancelling the enclosing scope cancels the children; the group still waits for all of them.
 *
 * <p><b>Threads.</b> {@link #start} on the group's event loop only; {@link #cancel} and {@link #close} from any thread.
 */
public final class TaskGroup {
    /**
     * The options of a group.
     *
     * @param name for messages
     * @param grace the time after a cancel until the tasks that still run are reported, once, to the exception handler
     * @param supervision the rules for a child's failure; null when it fails the group
     */
    public record Options(
            String name, Duration grace, @Nullable Supervision supervision) {
        /** Checks that nothing is null. */
        public Options {
            Objects.requireNonNull(name, "TaskGroup.Options: name is null");
            Objects.requireNonNull(grace, "TaskGroup.Options: grace is null");
        }

        /** Thirty seconds of grace, no supervision. */
        public static Options named(String name) {
            Objects.requireNonNull(name, "TaskGroup.Options.named: name is null");
            return new Options(name, GRACE, null);
        }

        /** With this grace period. */
        public Options grace(Duration period) {
            Objects.requireNonNull(period, "TaskGroup.Options.grace: period is null");
            return new Options(name, period, supervision);
        }

        /** Supervised: a child's failure is its own. */
        public Options supervised(Supervision how) {
            Objects.requireNonNull(how, "TaskGroup.Options.supervised: how is null");
            return new Options(name, grace, how);
        }
    }

    private static final Duration GRACE = Duration.ofSeconds(30);

    private final GroupBlock<?> block;
    /** The wait of an open group's body to be closed. */
    private @Nullable Waiter<Object> closed;

    private @Nullable Future<?> end;
    /** The waits of callers of {@link #close}, of any event loop. */
    private final Set<Waiter<Void>> closers = Collections.synchronizedSet(new LinkedHashSet<>(0));

    private TaskGroup(GroupBlock<?> block) {
        this.block = block;
    }

    /** Runs {@code body} with a new group, and waits for all children before its own end. */
    public static <T> Future<T> with(Function<TaskGroup, Future<T>> body) {
        return with(Options.named("group"), body);
    }

    /** {@link #with(Function)} with a name for messages. */
    public static <T> Future<T> with(String name, Function<TaskGroup, Future<T>> body) {
        Objects.requireNonNull(name, "TaskGroup.with: name is null");
        return with(Options.named(name), body);
    }

    /** {@link #with(Function)} with options: supervised, say. */
    public static <T> Future<T> with(Options options, Function<TaskGroup, Future<T>> body) {
        Objects.requireNonNull(options, "TaskGroup.with: options is null");
        Objects.requireNonNull(body, "TaskGroup.with: body is null");
        GroupBlock<T> block = new GroupBlock<>(Scope.current("TaskGroup.with"), options, false);
        TaskGroup group = new TaskGroup(block);
        Coroutine<T> run = () -> body.apply(group);
        return block.open(run);
    }

    /**
     * A group that takes children until it is closed, cancelled or fails; it lives in the current task, or else in the
     * current Vert.x context (a verticle: undeploying it cancels the group).
     *
     * <p><b>Failure.</b> {@link IllegalStateException} on a thread that has no Vert.x context. A group that fails
     * before anybody has called {@link #close} is reported to the exception handler at once.
     */
    public static TaskGroup open(String name) {
        Objects.requireNonNull(name, "TaskGroup.open: name is null");
        return open(Options.named(name));
    }

    /** {@link #open(String)} with options: supervised, say. */
    public static TaskGroup open(Options options) {
        Objects.requireNonNull(options, "TaskGroup.open: options is null");
        String name = options.name();
        ContextInternal context = ContextInternal.current();
        if (context == null) {
            throw new IllegalStateException(
                    "TaskGroup.open('" + name + "') needs a Vert.x context: call it in a verticle");
        }
        Scope outer = Scope.currentOrNull() == null ? Home.of(context) : Scope.current("TaskGroup.open");
        GroupBlock<Object> block = new GroupBlock<>(outer, options, true);
        TaskGroup group = new TaskGroup(block);
        // a cancellable wait, so that a cancel from outside, such as the verticle's end, ends the group too
        group.end = block.open(() -> Waiter.<Object>await("group '" + name + "' to be closed", group::awaitClose));
        group.end.onComplete((value, error) -> group.resumeClosers(error));
        return group;
    }

    private void awaitEnd(Future<?> ended, Waiter<Void> wait) {
        // not a listener of the future for each: such a one can't be taken back
        closers.add(wait);
        wait.onCancel(cause -> {
            closers.remove(wait);
            return true;
        });
        if (ended.isComplete()) {
            resumeClosers(ended.cause());
        }
    }

    private void resumeClosers(@Nullable Throwable error) {
        List<Waiter<Void>> waits;
        synchronized (closers) {
            waits = List.copyOf(closers);
            closers.clear();
        }
        for (Waiter<Void> wait : waits) {
            if (error == null) {
                wait.resume(null);
            } else {
                wait.fail(error);
            }
        }
    }

    private void awaitClose(Waiter<Object> wait) {
        if (block.closing) {
            wait.completeAtOnce(null);
        } else {
            closed = wait;
        }
    }

    /** The name, for messages. */
    public String name() {
        return block.name;
    }

    /**
     * Starts a child; it begins on the next turn of the loop.
     *
     * <p><b>Failure.</b> {@link ClosedException} when the group is over or being stopped; {@code body} never runs then.
     */
    public <C> Task<C> start(Coroutine<C> body) {
        Objects.requireNonNull(body, "TaskGroup.start: body is null");
        return block.start(null, body);
    }

    /** {@link #start(Coroutine)} with a name. */
    public <C> Task<C> start(String childName, Coroutine<C> body) {
        Objects.requireNonNull(childName, "TaskGroup.start: childName is null");
        Objects.requireNonNull(body, "TaskGroup.start: body is null");
        return block.start(childName, body);
    }

    /** {@link #start(Coroutine)}, with the first step taken at once; see {@link Tasks#startEager(Coroutine)}. */
    public <C> Task<C> startEager(Coroutine<C> body) {
        Objects.requireNonNull(body, "TaskGroup.startEager: body is null");
        return block.startEager(null, body);
    }

    /** {@link #startEager(Coroutine)} with a name. */
    public <C> Task<C> startEager(String childName, Coroutine<C> body) {
        Objects.requireNonNull(childName, "TaskGroup.startEager: childName is null");
        Objects.requireNonNull(body, "TaskGroup.startEager: body is null");
        return block.startEager(childName, body);
    }

    /**
     * Starts a child and waits until it signals that it is ready: {@code group.startReady("server", ready -> serve(port
     * -> ready.ready(port)))} gives the port. trio's {@code nursery.start}.
     *
     * <p><b>Failure.</b> That of a child which fails before it is ready; the group does not fail with it.
     * {@link IllegalStateException} when it ends without having been ready. Afterwards it is a child like any other.
     *
     * <p><b>Cancellation.</b> Cancelling the caller before the child is ready cancels the child, and waits for it.
     */
    public <V> Future<V> startReady(String childName, Function<ReadySignal<V>, ? extends Future<?>> body) {
        Objects.requireNonNull(childName, "TaskGroup.startReady: childName is null");
        Objects.requireNonNull(body, "TaskGroup.startReady: body is null");
        return ReadyHandshake.start(block, childName, body);
    }

    /**
     * Stops the children and the body; the group then ends without an error of its own. It has no effect after the end.
     */
    public void cancel(CancelReason reason) {
        Objects.requireNonNull(reason, "TaskGroup.cancel: reason is null");
        CancelRequest asked = Scope.requestFromHere(reason);
        if (block.ready.isHere()) {
            block.cancel(asked);
        } else {
            block.ready.execute(() -> block.cancel(asked));
        }
    }

    /**
     * Waits for the children, then ends a group made by {@link #open}; children may still start others meanwhile. A
     * group made by {@link #with} closes by itself, and this does nothing.
     *
     * <p><b>Failure.</b> As the group's own, see above.
     *
     * <p><b>Cancellation.</b> Cancelling the caller ends its wait; the group goes on closing.
     */
    public Future<Void> close() {
        Future<?> ended = end;
        if (ended == null) {
            return Future.succeededFuture();
        }
        block.closing = true;
        if (closed != null) {
            closed.resume(null);
        }
        Scope here = Scope.currentOrNull();
        if (here != null && here.ready.isHere()) {
            return Waiter.await(block, wait -> {
                awaitEnd(ended, wait);
                AwaitCycle.lookLater(here, wait::fail);
            });
        }
        if (ended.isComplete()) {
            // without the group's context, whose event loop may have ended
            return ended.succeeded() ? Future.succeededFuture() : Future.failedFuture(ended.cause());
        }
        ContextInternal context = ContextInternal.current();
        return context == null ? ended.mapEmpty() : context.future(ended.<Void>mapEmpty()::onComplete);
    }
}
