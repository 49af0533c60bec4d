package io.vertask.testing;

import java.time.Duration;

/** A point in time until which somebody waits. */
record Deadline(long nanos) {
    static Deadline in(Duration length) {
        return new Deadline(System.nanoTime() + length.toNanos());
    }

    /** Zero when it has passed, else at least 1, as {@link Object#wait(long)} takes zero for «without end». */
    long millisLeft() {
        long left = nanos - System.nanoTime();
        return left <= 0 ? 0 : Math.max(1, left / 1_000_000);
    }
}
