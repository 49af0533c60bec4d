package io.vertask.task;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The wait behind {@link Tasks#waitUntil}: a block with one wait for each task. When enough tasks are over, the block
 * ends, and the waits that are left end with it; the tasks go on.
 */
final class WaitUntil<K extends Task<?>> {
    private final Until until;
    private final Set<K> tasks;
    private final Promise<Void> enough;
    private int over;

    private WaitUntil(Scope scope, Until until, Set<K> tasks) {
        this.until = until;
        this.tasks = tasks;
        this.enough = scope.context.promise();
    }

    static <K extends Task<?>> Future<Waited<K>> on(
            Scope outer, Until until, Collection<? extends K> given, @Nullable Duration limit) {
        Set<K> tasks = new LinkedHashSet<>(given);
        if (tasks.isEmpty()) {
            throw new IllegalArgumentException("Tasks.waitUntil: there is no task to wait for");
        }
        for (K task : tasks) {
            if (task == null) {
                throw new IllegalArgumentException("Tasks.waitUntil: one of the tasks is null");
            }
            if (task == outer.task()) {
                throw new IllegalStateException("task '" + task.path() + "' waits for itself and would never end");
            }
        }
        BodyBlock<Void> block = new BodyBlock<>(outer);
        Coroutine<Void> wait = () -> new WaitUntil<>(block, until, tasks).begin(block, limit);
        return block.open(wait).map(v -> Waited.of(tasks));
    }

    private Future<Void> begin(Scope block, @Nullable Duration limit) {
        for (K task : tasks) {
            Join.watched((RunningTask<?>) task).onComplete((outcome, cancelled) -> {
                if (cancelled != null) {
                    enough.tryFail(cancelled);
                } else {
                    ended(outcome);
                }
            });
        }
        if (limit != null) {
            Sleep.in(block, limit).onSuccess(v -> enough.tryComplete());
        }
        return enough.future();
    }

    private void ended(Outcome<?> outcome) {
        over++;
        boolean first =
                until == Until.FIRST_COMPLETED || (until == Until.FIRST_FAILED && outcome instanceof Outcome.Failure);
        if (first || over == tasks.size()) {
            enough.tryComplete();
        }
    }
}
