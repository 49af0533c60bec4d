package io.vertask.app.workload.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    @Test
    void secondsAndDatesAreUnderstood() {
        assertThat(RetryAfter.parse("7", NOW)).contains(Duration.ofSeconds(7));
        assertThat(RetryAfter.parse("Tue, 24 Nov 2026 10:01:30 GMT", NOW)).contains(Duration.ofSeconds(90));
    }

    @Test
    void aDateInThePastIsNoWaitAndAnAbsurdOneIsBounded() {
        assertThat(RetryAfter.parse("Tue, 24 Nov 2026 09:00:00 GMT", NOW)).contains(Duration.ZERO);
        assertThat(RetryAfter.parse("999999999", NOW)).contains(RetryAfter.MOST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"9999999999", "99999999999999999999", "000000000000003601"})
    void aNumberOfAnyLengthIsOne(String text) {
        assertThat(RetryAfter.parse(text, NOW)).contains(RetryAfter.MOST);
        assertThat(RetryAfter.parse("0000000000000007", NOW)).contains(Duration.ofSeconds(7));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-1", "1.5", "+5", "1e9", "٣"})
    void anythingElseIsIgnored(String text) {
        assertThat(RetryAfter.parse(text, NOW)).isEmpty();
    }
}
