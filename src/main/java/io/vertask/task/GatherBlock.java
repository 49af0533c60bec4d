package io.vertask.task;

import io.vertask.task.CancelReason.Kind;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The block behind {@code gather} and {@code settle}: one task for each coroutine.
 *
 * <p>{@code gather} is {@code Future.all} over them, and what that lacks: the first failure cancels the others and
 * waits for their cleanup. {@code settle} is {@code Future.join} over them, with the outcomes as values.
 */
final class GatherBlock<T, R> extends Block<R> {
    private final List<RunningTask<? extends T>> tasks;
    private final boolean settle;
    private final List<Throwable> failures = new ArrayList<>(0);

    private GatherBlock(Scope outer, int size, boolean settle) {
        super(outer);
        this.tasks = new ArrayList<>(size);
        this.settle = settle;
    }

    static <T> Future<List<T>> gather(Scope outer, List<? extends Coroutine<? extends T>> bodies) {
        GatherBlock<T, List<T>> block = new GatherBlock<>(outer, bodies.size(), false);
        return block.open(() -> Future.all(block.startAll(bodies)).map(all -> all.<T>list()));
    }

    static <T> Future<List<Outcome<T>>> settle(Scope outer, List<? extends Coroutine<? extends T>> bodies) {
        GatherBlock<T, List<Outcome<T>>> block = new GatherBlock<>(outer, bodies.size(), true);
        return block.open(() -> Future.join(block.startAll(bodies)).transform(all -> Future.succeededFuture()));
    }

    private List<Future<?>> startAll(List<? extends Coroutine<? extends T>> bodies) {
        List<Future<?>> futures = new ArrayList<>(bodies.size());
        for (Coroutine<? extends T> body : bodies) {
            RunningTask<? extends T> task = RunningTask.start(this, context, null, body);
            task.markSeen();
            tasks.add(task);
            futures.add(task.result());
        }
        return futures;
    }

    @Override
    void childOver(RunningTask<?> child) {
        if (child.outcomeOrNull() instanceof Outcome.Failure<?> failure) {
            failures.add(failure.error());
        }
    }

    @Override
    void bodyEnded(@Nullable Object result, @Nullable Throwable failure) {
        value = result;
        error = failure;
        if (failure != null && request == null) {
            // for those still running: why they are stopped now
            request = CancelRequest.of(Kind.SIBLING_FAILED, path());
        }
    }

    @Override
    void conclude() {
        if (cancelledFirst && outer.request != null && request == outer.request) {
            error = outer.request.in(outer);
        } else if (settle) {
            value = tasks.stream().map(RunningTask::outcomeOrNull).toList();
            return;
        }
        Throwable first = error;
        if (first != null) {
            failures.forEach(other -> Secondary.add(first, other, context));
        }
    }
}
