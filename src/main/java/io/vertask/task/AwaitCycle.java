package io.vertask.task;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The search for tasks that wait for each other, so that none of them can go on; in debug mode only.
 *
 * <p>It runs a turn after a wait has begun, when the body that began it has come to rest, since that body may wait for
 * something else as well. There is a cycle only when all tasks that can be reached wait for tasks and nothing else; one
 * sleep among them may be the way out. Tasks of other event loops can't be read, and count as a way out.
 */
final class AwaitCycle {
    private final Ready ready;
    private final RunningTask<?> start;
    /** The tasks that were reached, each with one that waits for it. */
    private final Map<RunningTask<?>, RunningTask<?>> reached = new LinkedHashMap<>();

    private final ArrayDeque<RunningTask<?>> toSee = new ArrayDeque<>();
    private @Nullable RunningTask<?> last;

    private AwaitCycle(RunningTask<?> start) {
        this.ready = start.ready;
        this.start = start;
    }

    /** Calls {@code fail} on a later turn, if the task of {@code scope} is in a cycle then. */
    static void lookLater(Scope scope, Consumer<Throwable> fail) {
        Probe probe = scope.ready.homes.probe;
        RunningTask<?> task = scope.task();
        if (probe == null || task == null || !probe.findsCycles()) {
            return;
        }
        scope.ready.post(() -> {
            String cycle = new AwaitCycle(task).find();
            if (cycle != null) {
                fail.accept(new IllegalStateException("tasks wait for each other and would never end: " + cycle));
            }
        });
    }

    /** {@code future} for code of {@code scope}; in debug mode it fails when waiting for it closes a cycle. */
    static <T> Future<T> unlessIn(Scope scope, Future<T> future) {
        if (scope.ready.homes.probe == null) {
            return future;
        }
        Promise<T> promise = scope.context.promise();
        future.onComplete(promise::tryComplete, promise::tryFail);
        lookLater(scope, promise::tryFail);
        return promise.future();
    }

    private @Nullable String find() {
        toSee.add(start);
        for (RunningTask<?> task = toSee.poll(); task != null; task = toSee.poll()) {
            if (hasAWayOut(task)) {
                return null;
            }
        }
        return last == null ? null : names(last);
    }

    private boolean hasAWayOut(RunningTask<?> task) {
        if (task.ready.loop != ready.loop) {
            return true;
        }
        int held = 0;
        ArrayDeque<Scope> scopes = new ArrayDeque<>(2);
        scopes.add(task);
        for (Scope scope = scopes.poll(); scope != null; scope = scopes.poll()) {
            for (@Nullable Node node = scope.firstNode(); node != null; node = node.next) {
                if (node instanceof Waiter<?> wait) {
                    List<RunningTask<?>> awaited = wait.awaited();
                    if (awaited.isEmpty() || wait.isComing()) {
                        return true;
                    }
                    awaited.forEach(other -> reach(other, task));
                    held++;
                } else if (node instanceof RunningTask<?> child) {
                    if (child.isNeeded()) {
                        reach(child, task);
                        held++;
                    }
                } else if (node instanceof Scope inner) {
                    scopes.add(inner);
                }
            }
        }
        return held == 0;
    }

    private void reach(RunningTask<?> task, RunningTask<?> by) {
        if (task == start) {
            last = by;
        } else if (reached.putIfAbsent(task, by) == null) {
            toSee.add(task);
        }
    }

    private String names(RunningTask<?> end) {
        List<String> names = new ArrayList<>();
        names.add(start.path());
        for (RunningTask<?> task = end; task != null && task != start; task = reached.get(task)) {
            names.add(task.path());
        }
        names.add(start.path());
        Collections.reverse(names);
        return String.join(" → ", names);
    }
}
