package io.vertask.task;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The futures that the tasks of one event loop have given up and that are not complete. A future that nothing can
 * complete any more is forgotten.
 *
 * <p><b>Threads.</b> The event loop.
 */
final class LeftFutures {
    private final Map<Future<?>, LeftFuture> all = new WeakHashMap<>(0);

    /** Adds {@code future}, for which {@code scope} had waited; one that is listed already stays as it is. */
    LeftFuture add(Future<?> future, Scope scope) {
        return all.computeIfAbsent(future, it -> new LeftFuture(scope));
    }

    /** Notes that somebody has got the result of {@code future}. */
    void seen(@Nullable Future<?> future) {
        if (!all.isEmpty()) {
            LeftFuture left = all.remove(future);
            if (left != null) {
                left.seen();
            }
        }
    }

    List<Survey.LeftRunning> infos() {
        all.keySet().removeIf(Future::isComplete);
        List<Survey.LeftRunning> infos = new ArrayList<>();
        all.values().forEach(left -> infos.add(left.info()));
        return infos;
    }
}
