package io.vertask.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
    @Test
    void theWaitIsRandomUpToTheDoubledBaseAndBounded() {
        Backoff backoff = new Backoff(Duration.ofMillis(100), new Random(1));
        for (int failed = 1; failed <= 40; failed++) {
            long most = Math.min(100L << Math.min(failed - 1, 16), 30_000);
            long longest = 0;
            long shortest = Long.MAX_VALUE;
            for (int i = 0; i < 500; i++) {
                long wait = backoff.before(failed).toMillis();
                longest = Math.max(longest, wait);
                shortest = Math.min(shortest, wait);
            }
            assertThat(longest).isBetween(most * 9 / 10, most);
            assertThat(shortest).isLessThan(most / 10);
        }
    }
}
