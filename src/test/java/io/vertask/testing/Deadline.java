package io.vertask.testing;

import java.time.Duration;

/** The point in time at which a wait gives up. */
record Deadline(long nanos) {
    static Deadline in(Duration length) {
        return new Deadline(System.nanoTime() + length.toNanos());
    }

    /**
     * The milliseconds left: 0 when it has passed, otherwise at least 1, because {@link Object#wait(long)} takes 0 for
     * no limit.
     */
    long millisLeft() {
        long left = nanos - System.nanoTime();
        return left <= 0 ? 0 : Math.max(1, left / 1_000_000);
    }
}
