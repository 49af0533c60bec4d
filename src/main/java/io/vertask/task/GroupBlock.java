package io.vertask.task;

import io.netty.channel.EventLoop;
import io.vertask.task.CancelReason.Kind;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The block behind {@link TaskGroup}: it waits for its children, and stops them all when one fails. */
final class GroupBlock<T> extends Block<T> implements AwaitedTasks {
    /** The number of tasks that a report names at most. */
    private static final int NAMES = 16;

    final String name;
    private final TaskGroup.Options options;
    /** Whether it was made by {@link TaskGroup#open}: then nobody looks at its end before it is being closed. */
    private final boolean byHand;

    volatile boolean closing;
    private final List<Throwable> failures = new ArrayList<>(0);
    /** The children that are not ready yet, each with the wait of its starter. */
    private final Map<RunningTask<?>, ReadyHandshake<?>> starting = new HashMap<>(0);

    private Timers.@Nullable Alarm grace;

    GroupBlock(Scope outer, TaskGroup.Options options, boolean byHand) {
        super(outer);
        this.name = options.name();
        this.options = options;
        this.byHand = byHand;
    }

    <C> RunningTask<C> start(@Nullable String childName, Coroutine<C> body) {
        return RunningTask.start(this, starter(), childName, supervised(body));
    }

    <C> RunningTask<C> startEager(@Nullable String childName, Coroutine<C> body) {
        return RunningTask.startEager(this, starter(), childName, supervised(body));
    }

    private <C> Coroutine<C> supervised(Coroutine<C> body) {
        Supervision how = options.supervision();
        return how != null && how.restarts() > 0 ? RestartLoop.body(how, body) : body;
    }

    /**
     * The context of the code that starts a child.
     *
     * <p><b>Failure.</b> {@link IllegalStateException} when the group takes no children, here or any more.
     */
    private ContextInternal starter() {
        if (!ready.isHere()) {
            throw new IllegalStateException("task group '" + name + "' was used on thread "
                    + Thread.currentThread().getName() + ", but it belongs to another event loop");
        }
        if (life == Life.OVER) {
            throw new ClosedException("task group '" + name + "' is closed");
        }
        if (request != null) {
            throw new ClosedException("task group '" + name + "' is ending (" + request.reason + ")");
        }
        ContextInternal here = ContextInternal.current();
        return here == null ? context : here;
    }

    void starting(RunningTask<?> child, ReadyHandshake<?> handshake) {
        starting.put(child, handshake);
    }

    /** Whether {@code child} was still starting; it is not any more. */
    boolean started(RunningTask<?> child) {
        return starting.remove(child) != null;
    }

    @Override
    void childOver(RunningTask<?> child) {
        ReadyHandshake<?> handshake = starting.remove(child);
        if (handshake != null) {
            child.markSeen();
            handshake.ended(child);
        } else if (child.outcomeOrNull() instanceof Outcome.Failure<?> failure) {
            if (staysItsOwn(failure.error())) {
                child.reportUnlessSeen(context, child.path());
                return;
            }
            child.markSeen();
            // a child that passes on the cancellation of something it waited for is no failure
            if (!(failure.error() instanceof CancelledException)) {
                failed(failure.error(), child.path());
            }
        }
    }

    private boolean staysItsOwn(Throwable failure) {
        return options.supervision() != null
                && !(failure instanceof ChildFailedException)
                && !(failure instanceof CancelledException)
                && !FailureRules.isFatal(failure);
    }

    private void failed(Throwable failure, String whose) {
        failures.add(failure);
        cancel(CancelRequest.of(Kind.SIBLING_FAILED, whose));
    }

    @Override
    String kind() {
        return "group";
    }

    @Override
    String nameOrNull() {
        return name;
    }

    @Override
    void bodyEnded(@Nullable Object result, @Nullable Throwable failure) {
        value = result;
        if (failure instanceof CancelledException) {
            // without a request, the body passes on the cancellation of something it waited for
            error = request == null ? failure : null;
            cancel(CancelRequest.of(Kind.SIBLING_FAILED, path()));
        } else if (failure != null) {
            failed(failure, path());
        }
    }

    @Override
    void cancelAsked() {
        grace = ready.timers.set(ready.loop, Durations.nanos(options.grace()), () -> ready.post(this::reportHoldUps));
    }

    private void reportHoldUps() {
        if (life == Life.OVER) {
            return;
        }
        List<String> names = new ArrayList<>();
        if (life == Life.OPEN) {
            names.add("its body");
        }
        for (Node node = firstNode(); node != null && names.size() < NAMES; node = node.next) {
            if (node instanceof RunningTask<?> child) {
                names.add(child.toString());
            }
        }
        context.reportException(new StillRunningException(name, options.grace(), names));
    }

    @Override
    boolean nobodyLooks() {
        return byHand ? !closing : super.nobodyLooks();
    }

    @Override
    boolean cancelsWhatIsLeft() {
        return false;
    }

    @Override
    void leaveBehind() {
        super.leaveBehind();
        if (grace != null) {
            grace.cancel();
        }
    }

    @Override
    void conclude() {
        if (grace != null) {
            grace.cancel();
        }
        if (!failures.isEmpty()) {
            error = failures.stream()
                    .filter(FailureRules::isFatal)
                    .findFirst()
                    .map(fatal -> withOthers(fatal, failures))
                    .orElseGet(() -> new TaskGroupException(name, failures));
        } else if (cancelledFirst && outer.request != null) {
            error = outer.cancelled(outer.request);
        }
    }

    private Throwable withOthers(Throwable fatal, List<Throwable> all) {
        all.forEach(other -> FailureRules.suppress(fatal, other, context));
        return fatal;
    }

    @Override
    public List<RunningTask<?>> awaitedOn(EventLoop loop) {
        List<RunningTask<?>> children = new ArrayList<>();
        for (@Nullable Node node = ready.loop == loop ? firstNode() : null; node != null; node = node.next) {
            if (node instanceof RunningTask<?> child) {
                children.add(child);
            }
        }
        return children;
    }

    @Override
    public String toString() {
        return "the end of group '" + name + "'";
    }

    @Override
    boolean isInPaths() {
        return true;
    }
}
