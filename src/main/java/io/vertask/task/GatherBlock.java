package io.vertask.task;

import io.vertask.task.CancelReason.Kind;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The block behind {@code gather} and {@code settle}: one task for each coroutine.
 *
 * <p>{@code gather} is {@code Future.all}, but the first failure cancels the others and waits for their cleanup.
 * {@code settle} is {@code Future.join} with the outcomes as values.
 */
final class GatherBlock<T, R> extends Block<R> {
    private final List<RunningTask<? extends T>> tasks;
    private final boolean settle;
    private final List<Throwable> failures = new ArrayList<>(0);
    /** The wait of the body, for the first that does not succeed, or for all; one promise for all children. */
    private final Promise<Object> told;

    private GatherBlock(Scope outer, int size, boolean settle) {
        super(outer);
        this.tasks = new ArrayList<>(size);
        this.settle = settle;
        this.told = context.promise();
    }

    static <T> Future<List<T>> gather(Scope outer, List<? extends Coroutine<? extends T>> bodies) {
        return new GatherBlock<T, List<T>>(outer, bodies.size(), false).openAll(bodies);
    }

    static <T> Future<List<Outcome<T>>> settle(Scope outer, List<? extends Coroutine<? extends T>> bodies) {
        return new GatherBlock<T, List<Outcome<T>>>(outer, bodies.size(), true).openAll(bodies);
    }

    private Future<R> openAll(List<? extends Coroutine<? extends T>> bodies) {
        return open(() -> {
            for (Coroutine<? extends T> body : bodies) {
                tasks.add(RunningTask.startSeen(this, context, null, body));
            }
            return bodies.isEmpty() ? context.succeededFuture() : told.future();
        });
    }

    @Override
    void childOver(RunningTask<?> child) {
        Outcome<?> end = child.outcomeOrNull();
        Throwable lost = FailureRules.lostIn(end);
        if (lost != null) {
            failures.add(lost);
        }
        if (end != null && !settle && !end.isSuccess()) {
            told.tryFail(end.errorOrNull());
        }
    }

    @Override
    void emptied() {
        told.tryComplete();
    }

    @Override
    String kind() {
        return "gather";
    }

    @Override
    void bodyEnded(@Nullable Object result, @Nullable Throwable failure) {
        error = failure;
        if (failure != null && request == null) {
            // the reason for those that are stopped now
            request = CancelRequest.of(Kind.SIBLING_FAILED, path());
        }
    }

    @Override
    void conclude() {
        concludeWith(failures);
        if (error == null) {
            List<@Nullable Object> all = new ArrayList<>(tasks.size());
            tasks.forEach(task -> all.add(
                    !settle && task.outcomeOrNull() instanceof Outcome.Success<?> end
                            ? end.value()
                            : task.outcomeOrNull()));
            value = all;
        }
    }
}
