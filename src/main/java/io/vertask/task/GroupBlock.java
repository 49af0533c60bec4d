package io.vertask.task;

import io.vertask.task.CancelReason.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The block behind {@link TaskGroup}: waits for its children, and stops them all when one fails. */
final class GroupBlock<T> extends Block<T> {
    final String name;
    private final List<Throwable> failures = new ArrayList<>(0);

    GroupBlock(Scope outer, String name) {
        super(outer);
        this.name = name;
    }

    <C> RunningTask<C> start(@Nullable String childName, Coroutine<C> body) {
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
        Scope here = Scope.currentOrNull();
        return RunningTask.start(this, here == null ? context : here.context, childName, body);
    }

    @Override
    void childOver(RunningTask<?> child) {
        if (child.outcomeOrNull() instanceof Outcome.Failure<?> failure) {
            child.markSeen();
            failed(failure.error(), child.path());
        }
    }

    private void failed(Throwable failure, String whose) {
        failures.add(failure);
        cancel(CancelRequest.of(Kind.SIBLING_FAILED, whose));
    }

    @Override
    void bodyEnded(@Nullable Object result, @Nullable Throwable failure) {
        value = result;
        if (failure != null && (request == null || !(failure instanceof CancelledException))) {
            failed(failure, path());
        }
    }

    @Override
    boolean cancelsWhatIsLeft() {
        return false;
    }

    @Override
    void conclude() {
        if (!failures.isEmpty()) {
            error = failures.stream()
                    .filter(e -> e instanceof VirtualMachineError || e instanceof LinkageError)
                    .findFirst()
                    .map(fatal -> withOthers(fatal, failures))
                    .orElseGet(() -> new TaskGroupException(name, failures));
        } else if (outer.request != null && !shielded) {
            error = outer.request.in(outer);
        }
    }

    private static Throwable withOthers(Throwable fatal, List<Throwable> all) {
        all.stream().filter(e -> e != fatal).forEach(fatal::addSuppressed);
        return fatal;
    }

    @Override
    String path() {
        return outer.task == null ? name : outer.path() + "/" + name;
    }
}
