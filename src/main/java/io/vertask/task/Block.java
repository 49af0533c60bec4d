package io.vertask.task;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A scope inside a task: a timeout, a group, a gather, a cleanup. Its end goes back to the code that opened it.
 *
 * <p>A body that ends without ever waiting ends the block at once; any other end is handed out by the ready queue. A
 * cancel that comes between does not replace a value; see the package's decisions.
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
     * Runs {@code body} in this block; in a cancelled scope it fails without running it, unless this block is a shield.
     */
    final Future<T> open(Coroutine<?> body) {
        CancelRequest refusal = shielded ? null : outer.refusal();
        if (refusal != null) {
            outer.bodyWasTold(refusal);
            request = refusal;
            life = Life.OVER;
            return outer.context.failedFuture(refusal.in(outer));
        }
        outer.attach(this);
        run(body);
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

    /** The body has begun and waits for something. */
    void opened() {}

    @Override
    final void announceOver() {
        if (!opening) {
            ready.post(this);
        }
    }

    /**
     * The last word of a block whose body is its children: a cancel from outside that came before the end was decided
     * is its error, and whatever else has failed is suppressed in its error.
     */
    final void concludeWith(List<Throwable> failures) {
        if (cancelledFirst && outer.request != null) {
            error = outer.request.in(outer);
        }
        Throwable first = error;
        if (first != null) {
            failures.forEach(other -> Secondary.add(first, other, context));
        }
    }

    /** Everything has ended: the last word on {@link #value} and {@link #error}. */
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
            failure = stopped.answers(outside) ? stopped : inPlaceOf(stopped, outside.in(outer));
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

    /** The cancel from outside, for a body that was stopped by another; what failed while it stopped stays known. */
    private static CancelledException inPlaceOf(CancelledException stopped, CancelledException fromOutside) {
        for (Throwable failed : stopped.getSuppressed()) {
            fromOutside.addSuppressed(failed);
        }
        return fromOutside;
    }

    /** Whether an error would have nowhere to go: the code that opened this block has ended without it. */
    boolean nobodyLooks() {
        return outer.life != Life.OPEN;
    }

    private static boolean isBareCancel(Throwable failure) {
        return failure instanceof CancelledException && failure.getSuppressed().length == 0;
    }

    /** A block has no name of its own: it is part of its task. */
    @Override
    String path() {
        return outer.path();
    }
}
