package io.vertask.task;

import io.vertask.task.CancelReason.Kind;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The block behind {@code race}: the first success ends its body and stops the others. A value that is not handed out
 * goes to {@link #undelivered}: that of a later success, or of a success in a race that was cancelled.
 */
final class RaceBlock<T> extends Block<T> {
    private final Consumer<? super T> undelivered;
    /** In the order of the arguments. */
    private final List<RunningTask<?>> tasks = new ArrayList<>();
    /** The failures, and the cancellations in which the failure of a cleanup is suppressed. */
    private final IdentityHashMap<RunningTask<?>, Throwable> failures = new IdentityHashMap<>(0);

    private @Nullable Throwable first;
    private @Nullable CancelledException stopped;
    private boolean won;
    private int running;

    RaceBlock(Scope outer, Consumer<? super T> undelivered) {
        super(outer);
        this.undelivered = undelivered;
    }

    Future<T> open(List<? extends Coroutine<? extends T>> bodies) {
        if (bodies.isEmpty()) {
            throw new IllegalArgumentException("Tasks.race: nobody can win a race of none");
        }
        return open(() -> {
            running = bodies.size();
            bodies.forEach(body -> tasks.add(RunningTask.startSeen(this, context, null, body)));
            // never completed: bodyOver ends the body
            return context.promise().future();
        });
    }

    @Override
    void childOver(RunningTask<?> child) {
        running--;
        Outcome<?> end = child.outcomeOrNull();
        Throwable lost = FailureRules.lostIn(end);
        if (end instanceof Outcome.Success<?> success) {
            if (life == Life.OPEN && requestInTime() == null) {
                won = true;
                bodyOver(success.value(), null);
            } else {
                dispose(success.value());
            }
        } else if (lost != null && won) {
            // from the cleanup of a loser, and lost otherwise
            context.reportException(lost);
        } else {
            if (lost != null) {
                failures.put(child, lost);
            }
            if (end instanceof Outcome.Failure<?> failure) {
                first = first == null ? failure.error() : first;
            } else if (end instanceof Outcome.Cancelled<?> cancelled) {
                stopped = stopped == null ? cancelled.cause() : stopped;
            }
        }
        if (running == 0) {
            // has no effect after a success
            bodyOver(null, first == null ? stopped : first);
        }
    }

    @Override
    String kind() {
        return "race";
    }

    @Override
    void bodyEnded(@Nullable Object result, @Nullable Throwable failure) {
        value = result;
        error = failure;
        if (failure == null && request == null) {
            // the reason for those that are stopped now
            request = CancelRequest.of(Kind.SIBLING_WON, path());
        }
    }

    @Override
    void conclude() {
        List<Throwable> inOrder = new ArrayList<>(failures.size());
        if (!failures.isEmpty()) {
            for (RunningTask<?> task : tasks) {
                Throwable lost = failures.get(task);
                if (lost != null) {
                    inOrder.add(lost);
                }
            }
        }
        concludeWith(inOrder);
    }

    @SuppressWarnings("unchecked")
    void dispose(@Nullable Object late) {
        context.dispatch((T) late, undelivered::accept);
    }
}
