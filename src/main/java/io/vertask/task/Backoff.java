package io.vertask.task;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait after a failure, before the next attempt.
 *
 * <p>It is given the failure, so a server that says when to come back can be obeyed: {@code (failed, error, random) ->
 * …}.
 */
@FunctionalInterface
public interface Backoff {
    /** No pause at all: the next attempt gets the next turn. */
    Backoff NONE = (failed, error, random) -> Duration.ZERO;

    /**
     * The pause.
     *
     * @param failed how many attempts have failed, from 1
     * @param error what the last one failed with
     * @param random the source of chance, which a test can seed
     */
    Duration pause(int failed, Throwable error, RandomGenerator random);

    /** The same pause each time. */
    static Backoff constant(Duration pause) {
        return (failed, error, random) -> pause;
    }

    /** {@code first}, then twice as long after each failure, and never longer than {@code most}. */
    static Backoff doubling(Duration first, Duration most) {
        if (first.isNegative() || most.compareTo(first) < 0) {
            throw new IllegalArgumentException("Backoff.doubling: from " + first + " to " + most
                    + " is not possible; the first pause must be zero or more, and the longest no shorter");
        }
        return (failed, error, random) -> {
            int doublings = Math.min(failed - 1, 62);
            long longest = Nanos.of(most);
            boolean over = Nanos.of(first) > longest >> doublings;
            return over ? most : first.multipliedBy(1L << doublings);
        };
    }

    /**
     * {@link #doubling} with full jitter: a random time up to that. Those who failed together don't come back together.
     */
    static Backoff exponential(Duration first, Duration most) {
        return doubling(first, most).jittered();
    }

    /** A random time from zero to this one's pause. */
    default Backoff jittered() {
        return (failed, error, random) -> Duration.ofNanos(random.nextLong(Nanos.of(pause(failed, error, random)) + 1));
    }
}
