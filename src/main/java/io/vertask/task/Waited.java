package io.vertask.task;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;

/**
 * The result of {@link Tasks#waitUntil}: the tasks that were over, and those that were not.
 *
 * @param done the tasks that are over, in the order given
 * @param pending the others, to which nothing was done
 */
public record Waited<K extends Task<?>>(Set<K> done, Set<K> pending) {
    /** Checks that nothing is null. */
    public Waited {
        Objects.requireNonNull(done, "Waited: done is null");
        Objects.requireNonNull(pending, "Waited: pending is null");
    }

    static <K extends Task<?>> Waited<K> of(Collection<K> tasks) {
        Set<K> done = new LinkedHashSet<>();
        Set<K> pending = new LinkedHashSet<>();
        for (K task : tasks) {
            (task.state().isDone() ? done : pending).add(task);
        }
        return new Waited<>(Collections.unmodifiableSet(done), Collections.unmodifiableSet(pending));
    }
}
