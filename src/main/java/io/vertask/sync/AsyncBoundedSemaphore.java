package io.vertask.sync;

import java.util.Objects;

/**
 * A semaphore that never has more permits than it began with: releasing more than were acquired is an error.
 *
 * <p><b>Failure.</b> {@link #release} is an {@link IllegalStateException} when no permit is taken, and changes nothing.
 */
public final class AsyncBoundedSemaphore extends AsyncSemaphore {
    private final int bound;

    private AsyncBoundedSemaphore(String name, int bound) {
        super("bounded semaphore", name, bound);
        this.bound = bound;
    }

    /** A semaphore with {@code bound} permits, all free; 0 is allowed. */
    public static AsyncBoundedSemaphore of(int bound) {
        return named("semaphore", bound);
    }

    /** {@link #of} with a name, shown in messages and in the task tree. */
    public static AsyncBoundedSemaphore named(String name, int bound) {
        Objects.requireNonNull(name, "AsyncBoundedSemaphore.named: name is null");
        return new AsyncBoundedSemaphore(name, bound);
    }

    /** The number of permits, free or taken. */
    public int bound() {
        return bound;
    }

    @Override
    public void release() {
        permits.releaseOf(bound);
    }

    @Override
    public String toString() {
        return permits + ", of " + bound;
    }
}
