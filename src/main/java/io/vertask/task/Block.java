package io.vertask.task;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A scope inside a task, such as a timeout, a group, a gather or a cleanup. Its result goes to the code that opened it.
 *
 * <p>A body that ends without ever waiting ends the block at once; any other end is handed out by the ready queue. A
 * cancel that comes in between does not replace a value; see the package's decisions.
 */
abstract class Block<T> extends Scope {
    final Scope outer;

    @Nullable
    Object value;

    @Nullable
    Throwable error;

    private final @Nullable RunningTask<?> task;
    private final Promise<T> promise;
    private boolean opening = true;

    Block(Scope outer) {
        super(contextFrom(outer.context), outer.ready);
        this.outer = outer;
        this.task = outer.task();
        this.promise = outer.context.promise();
        own(context);
    }

    /**
     * Runs {@code body} in this block.
     *
     * <p><b>Cancellation.</b> In a cancelled scope it fails without running {@code body}, unless this block is a
     * shield.
     */
    final Future<T> open(Coroutine<?> body) {
        CancelRequest refusal = shielded ? null : outer.refusal();
        if (refusal != null) {
            outer.bodyWasTold(refusal);
            request = refusal;
            life = Life.OVER;
            return outer.context.failedFuture(outer.cancelled(refusal));
        }
        outer.attach(this);
        try {
            run(body);
        } catch (Throwable error) {
            // the stack or the memory is exhausted
            bodyOver(null, error);
        }
        opening = false;
        if (life == Life.OVER) {
            turn();
        } else {
            opened();
        }
        return promise.future();
    }

    @Override
    final @Nullable RunningTask<?> task() {
        return task;
    }

    /** Called when the body has begun and waits for something. */
    void opened() {}

    /** The word for this kind of block in a survey. */
    abstract String kind();

    /** The name that it was given; null when it has none. */
    @Nullable
    String nameOrNull() {
        return null;
    }

    /** The time left until its limit, negative once that has passed; null when it has none. */
    @Nullable
    Duration remainingOrNull() {
        return null;
    }

    @Override
    boolean needsChildren() {
        return true;
    }

    @Override
    @Nullable
    String leftOver() {
        return shielded ? null : "a " + kind();
    }

    @Override
    final void announceOver() {
        if (!opening) {
            ready.post(this);
        }
    }

    /**
     * Sets the error of a block whose body is its children: a cancel from outside that came before the end was decided
     * replaces it, and the other failures are suppressed in it.
     */
    final void concludeWith(List<Throwable> failures) {
        if (cancelledFirst && outer.request != null) {
            error = outer.cancelled(outer.request);
        }
        Throwable first = error;
        if (first != null) {
            failures.forEach(other -> FailureRules.suppress(first, other, context));
        }
    }

    /** Called when everything in it has ended, to set {@link #value} and {@link #error} for good. */
    void conclude() {}

    @Override
    @SuppressWarnings("unchecked")
    public final void turn() {
        conclude();
        outer.detach(this);
        Throwable failure = error;
        CancelRequest outside = outer.request;
        if (failure instanceof CancelledException stopped && !shielded && outside != null) {
            outer.bodyWasTold(outside);
            failure = stopped.answers(outside) ? stopped : inPlaceOf(stopped, outer.cancelled(outside));
        }
        if (failure != null && nobodyLooks() && !isBareCancel(failure)) {
            outer.context.reportException(failure);
        }
        CancelRequest before = ready.late;
        ready.late = failure == null && !cancelledFirst ? outer.request : null;
        try {
            promise.complete(failure == null ? (T) value : null, failure);
        } finally {
            ready.late = before;
            outer.endIfEmpty();
        }
    }

    /** The cancel from outside, for a body that was stopped by another; failures suppressed there are taken over. */
    private static CancelledException inPlaceOf(CancelledException stopped, CancelledException fromOutside) {
        for (Throwable failed : stopped.getSuppressed()) {
            fromOutside.addSuppressed(failed);
        }
        return fromOutside;
    }

    /** Whether an error would get lost, because the code that opened this block has ended. */
    boolean nobodyLooks() {
        return outer.life != Life.OPEN;
    }

    private static boolean isBareCancel(Throwable failure) {
        return failure instanceof CancelledException && failure.getSuppressed().length == 0;
    }

    @Override
    void leaveBehind() {
        CancelRequest told = request;
        if (life != Life.OVER && told != null) {
            life = Life.OVER;
            outer.detach(this);
            promise.tryFail(cancelled(told));
        }
    }

    @Override
    final boolean isBroken() {
        return opening;
    }

    /** That of the task, since a block is a part of it, with the names of the groups in between. */
    @Override
    final String path() {
        List<String> groups = new ArrayList<>(0);
        Scope scope = this;
        while (scope instanceof Block<?> block && groups.size() < TaskPath.NAMES) {
            if (block.isInPaths()) {
                groups.add(Objects.requireNonNull(block.nameOrNull()));
            }
            scope = block.outer;
        }
        if (groups.isEmpty()) {
            return scope.path();
        }
        String last = groups.remove(0);
        if (scope instanceof Block) {
            return TaskPath.above(groups, true) + last;
        }
        String before = scope.task() == null ? "" : scope.path() + "/";
        return before + (groups.isEmpty() ? "" : TaskPath.above(groups, false)) + last;
    }

    /** Whether the name of this block is a part of paths. */
    boolean isInPaths() {
        return false;
    }
}
