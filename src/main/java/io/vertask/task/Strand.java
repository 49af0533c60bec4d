package io.vertask.task;

import io.vertx.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import java.util.Objects;

/**
 * Code of one scope that runs on a thread of its own and takes turns with everything else of its context; straight-line
 * code is made of it.
 *
 * <pre>
 *  event loop   turn, turn, [its turn: go] · · no other turn · · [starts what it waits for], turn, turn, …
 *                                  │                              ▲
 *  its thread                      └──── runs up to its wait ─────┘ parks until its next turn
 * </pre>
 *
 * <p>So one body of a context runs at a time, as in asyncio, whether it is straight-line code or made of futures, and
 * each body sees the writes of the others. The event loop itself is never blocked: sockets and timers go on, and so do
 * the callbacks that are not turns (a request handler, a callback on a future that is not of this library).
 *
 * <p><b>Threads.</b> {@link #open} and {@link #begin} on the scope's event loop; {@link #await} and {@link #end} on the
 * strand's thread, while it has the turn; the callbacks come on the event loop, and must not wait.
 */
public final class Strand {
    private final Scope scope;

    private Strand(Scope scope) {
        this.scope = scope;
    }

    /** A strand in the current scope. */
    public static Strand open() {
        Scope scope = Scope.current("Strand.open");
        scope.extras().straight = true;
        return new Strand(scope);
    }

    /** The context of the scope, on which {@link #await} begins its operation. */
    public ContextInternal context() {
        return scope.context;
    }

    /** Whether both belong to one context, so that they never run at the same time. */
    public boolean takesTurnsWith(Strand other) {
        Objects.requireNonNull(other, "Strand.takesTurnsWith: other is null");
        return scope.ready == other.scope.ready;
    }

    /**
     * Asks for the first turn. {@code go} succeeds when the turn has come and the thread may run. It fails when the
     * scope was cancelled before; then there is no turn.
     */
    public void begin(Completable<Void> go) {
        Objects.requireNonNull(go, "Strand.begin: go is null");
        scope.ready.post(() -> {
            CancelRequest refusal = scope.refusal();
            if (refusal == null) {
                scope.ready.hold();
                go.succeed();
            } else {
                scope.bodyWasTold(refusal);
                go.fail(scope.cancelled(refusal));
            }
        });
    }

    /**
     * Begins {@code operation} in the scope, gives the turn away until it has ended, and then completes {@code then}
     * with its result: the thread may run on. With an operation that need not wait, the strand keeps the turn.
     *
     * <p><b>Failure.</b> {@link ClosedException} when the event loop has ended.
     *
     * <p><b>Cancellation.</b> Reaches everything that {@code operation} has started in the scope; the wait ends with
     * it, or at once when the operation is not of this library.
     */
    public <T> void await(Coroutine<T> operation, Completable<? super T> then) {
        Objects.requireNonNull(operation, "Strand.await: operation is null");
        Objects.requireNonNull(then, "Strand.await: then is null");
        Ready ready = scope.ready;
        boolean handed = onLoop(() -> {
            Future<T> future = inScope(() -> scope.call(operation, null));
            if (future.isComplete()) {
                then.complete(future.result(), future.cause());
                return;
            }
            future.onComplete((value, error) -> ready.postNext(() -> {
                ready.hold();
                then.complete(value, error);
            }));
            ready.release();
        });
        if (!handed) {
            throw new ClosedException("the event loop of task '" + scope.path() + "' has ended");
        }
    }

    /** Runs {@code last} and gives the last turn away; without effect when the event loop has ended. */
    public void end(Runnable last) {
        Objects.requireNonNull(last, "Strand.end: last is null");
        onLoop(() -> {
            try {
                Future<Void> ended = inScope(() -> {
                    last.run();
                    return Future.succeededFuture();
                });
                if (ended.failed()) {
                    scope.context.reportException(ended.cause());
                }
            } finally {
                scope.ready.release();
            }
        });
    }

    private boolean onLoop(Runnable action) {
        return scope.ready.execute(action);
    }

    private <T> Future<T> inScope(Coroutine<T> operation) {
        ContextInternal before = scope.context.beginDispatch();
        try {
            return scope.begin(operation);
        } finally {
            scope.context.endDispatch(before);
        }
    }
}
