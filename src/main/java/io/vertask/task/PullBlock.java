package io.vertask.task;

import io.vertask.task.CancelReason.Kind;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The block behind {@link Gather}: it pulls an item from its source when fewer than {@code limit} tasks run, and starts
 * a task for it. It holds only the items that run, and the results.
 *
 * <p>{@link #pull} starts tasks; {@link #childOver} takes the end of each and pulls again. The body of the block is
 * over ({@link #bodyOver}) when nothing runs and the source is exhausted, or at the first failure.
 */
final class PullBlock<I, T, R> extends Block<R> {
    /** The part of the ends that is kept as the result. */
    enum Keep {
        /** The values; a failure ends all. */
        VALUES,
        /** The outcomes; a failure is one of them. */
        OUTCOMES,
        /** Nothing; a failure ends all. */
        NOTHING
    }

    private final int limit;
    private final Iterator<? extends I> source;
    private final Function<? super I, ? extends Coroutine<? extends T>> bodyOf;
    private final Keep keep;
    /** The running tasks, each with its place in the result. */
    private final Map<RunningTask<?>, Integer> running = new HashMap<>();

    private final List<@Nullable Object> kept = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>(0);
    private int pulled;
    private boolean dry;

    PullBlock(
            Scope outer,
            int limit,
            Iterator<? extends I> source,
            Function<? super I, ? extends Coroutine<? extends T>> bodyOf,
            Keep keep) {
        super(outer);
        this.limit = limit;
        this.source = source;
        this.bodyOf = bodyOf;
        this.keep = keep;
    }

    Future<R> open() {
        return open(() -> {
            pull();
            // never completed: bodyOver ends the body at once, without a future's callbacks
            return context.promise().future();
        });
    }

    private void pull() {
        while (running.size() < limit && !dry && requestInTime() == null) {
            Coroutine<? extends T> body;
            try {
                dry = !source.hasNext();
                if (dry || request != null) {
                    break;
                }
                body = bodyOf.apply(source.next());
            } catch (Throwable thrown) {
                failures.add(thrown);
                bodyOver(null, thrown);
                return;
            }
            RunningTask<? extends T> task = RunningTask.start(this, context, null, body);
            task.markSeen();
            running.put(task, pulled++);
            if (keep != Keep.NOTHING) {
                kept.add(null);
            }
        }
        if (!running.isEmpty()) {
            return;
        }
        if (dry || request == null) {
            bodyOver(keep == Keep.NOTHING ? null : kept, null);
        } else {
            bodyOver(null, cancelled(request));
        }
    }

    @Override
    void childOver(RunningTask<?> child) {
        Integer place = running.remove(child);
        Outcome<?> end = child.outcomeOrNull();
        if (place == null || end == null) {
            return;
        }
        if (keep == Keep.OUTCOMES) {
            kept.set(place, end);
        } else if (end instanceof Outcome.Success<?> success) {
            if (keep == Keep.VALUES) {
                kept.set(place, success.value());
            }
        } else {
            Throwable lost = FailureRules.lostIn(end);
            if (lost != null) {
                failures.add(lost);
            }
            Throwable error = end.errorOrNull();
            if (life == Life.OPEN && error != null) {
                bodyOver(null, error);
            }
        }
        if (life == Life.OPEN) {
            context.dispatch(this::pull);
        }
    }

    @Override
    String kind() {
        return "gather";
    }

    @Override
    void bodyEnded(@Nullable Object result, @Nullable Throwable failure) {
        value = result;
        error = failure;
        if (failure != null && request == null) {
            // the reason for those that are stopped now
            request = CancelRequest.of(Kind.SIBLING_FAILED, path());
        }
    }

    @Override
    void conclude() {
        concludeWith(failures);
    }
}
