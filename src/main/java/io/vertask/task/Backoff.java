package io.vertask.task;

import java.time.Duration;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * The pause between a failure and the next attempt.
 *
 * <p>It is given the failure, so it can follow a server that names a time to come back: {@code (failed, error, random)
 * -> …}.
 */
@FunctionalInterface
public interface Backoff {
    /** No pause: the next attempt gets the next turn. */
    Backoff NONE = (failed, error, random) -> Duration.ZERO;

    /**
     * The pause.
     *
     * @param failed the number of attempts that have failed, from 1
     * @param error the failure of the last one
     * @param random the source of random numbers, which a test can seed
     */
    Duration pause(int failed, Throwable error, RandomGenerator random);

    /** The same pause each time. */
    static Backoff constant(Duration pause) {
        Objects.requireNonNull(pause, "Backoff.constant: pause is null");
        return (failed, error, random) -> pause;
    }

    /** {@code first}, then twice as long after each further failure, but at most {@code most}. */
    static Backoff doubling(Duration first, Duration most) {
        Objects.requireNonNull(first, "Backoff.doubling: first is null");
        Objects.requireNonNull(most, "Backoff.doubling: most is null");
        if (first.isNegative() || most.compareTo(first) < 0) {
            throw new IllegalArgumentException("Backoff.doubling: from " + first + " to " + most
                    + " is not possible; the first pause must be zero or more, and the longest no shorter");
        }
        return (failed, error, random) -> {
            int doublings = Math.min(failed - 1, 62);
            long longest = Durations.nanos(most);
            boolean over = Durations.nanos(first) > longest >> doublings;
            return over ? most : first.multipliedBy(1L << doublings);
        };
    }

    /**
     * {@link #doubling} with full jitter: a random time up to that, so that callers that failed together don't come
     * back together.
     */
    static Backoff exponential(Duration first, Duration most) {
        Objects.requireNonNull(first, "Backoff.exponential: first is null");
        Objects.requireNonNull(most, "Backoff.exponential: most is null");
        return doubling(first, most).jittered();
    }

    /** A random time from zero to this one's pause. */
    default Backoff jittered() {
        return (failed, error, random) ->
                Duration.ofNanos(random.nextLong(Durations.nanos(pause(failed, error, random)) + 1));
    }
}
