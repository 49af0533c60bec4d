package io.vertask.app.run;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before another attempt: full jitter, a random time from zero to the base doubled for each attempt.
 *
 * <p>The rule is «Exponential Backoff And Jitter» of the AWS Architecture Blog (2015): spreading over the whole
 * interval keeps those who failed together from coming back together.
 */
record Backoff(Duration base, RandomGenerator random) {
    private static final Duration MOST = Duration.ofSeconds(30);

    /** Before the attempt after the {@code failed}-th. */
    Duration before(int failed) {
        long ceiling = base.toMillis() << Math.min(failed - 1, 16);
        long bounded = Math.min(Math.max(ceiling, 1), MOST.toMillis());
        return Duration.ofMillis(random.nextLong(bounded + 1));
    }
}
