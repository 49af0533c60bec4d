package io.vertask.app.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Rates and early stops as job files write them. */
class RateTest {
    @Test
    void aRateIsSoManyASecondAMinuteOrAnHour() {
        assertThat(Rate.parse("10/s"))
                .isEqualTo(new Rate(10, Duration.ofSeconds(1)))
                .hasToString("10/s");
        assertThat(Rate.parse("600/m"))
                .isEqualTo(new Rate(600, Duration.ofMinutes(1)))
                .hasToString("600/m");
        assertThat(Rate.parse("5000/h"))
                .isEqualTo(new Rate(5000, Duration.ofHours(1)))
                .hasToString("5000/h");
    }

    @Test
    void aNumberStopsAtOnceAndAShareOnceEnoughHaveFinished() {
        assertThat(StopAfter.parse("3").reached(2, 2)).isFalse();
        assertThat(StopAfter.parse("3").reached(3, 3)).isTrue();
        assertThat(StopAfter.parse("5%").reached(99, 99)).isFalse();
        assertThat(StopAfter.parse("5%").reached(4, 100)).isFalse();
        assertThat(StopAfter.parse("5%").reached(5, 100)).isTrue();
        assertThat(StopAfter.parse("5%").reached(5, 101)).isFalse();
    }
}
