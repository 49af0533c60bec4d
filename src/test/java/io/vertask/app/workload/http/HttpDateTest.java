package io.vertask.app.workload.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpDateTest {
    private static final Clock NOW = Clock.fixed(Instant.parse("2026-11-24T10:00:00Z"), ZoneOffset.UTC);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sun, 06 Nov 1994 08:49:37 GMT",
                "Sunday, 06-Nov-94 08:49:37 GMT",
                "Sun Nov  6 08:49:37 1994",
            })
    void theThreeFormsOfTheStandardAreOneMoment(String text) {
        assertThat(HttpDate.parse(text, NOW)).contains(Instant.parse("1994-11-06T08:49:37Z"));
    }

    @Test
    void aYearOfTwoDigitsIsNeverMoreThanFiftyYearsAhead() {
        assertThat(HttpDate.parse("Tuesday, 24-Nov-76 10:00:00 GMT", NOW))
                .contains(Instant.parse("2076-11-24T10:00:00Z"));
        assertThat(HttpDate.parse("Thursday, 24-Nov-77 10:00:00 GMT", NOW))
                .contains(Instant.parse("1977-11-24T10:00:00Z"));
        assertThat(HttpDate.parse("Tue Nov 24 10:00:00 2026", NOW)).contains(NOW.instant());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 31 Feb 1994 08:49:37 GMT", "0"})
    void anythingElseIsNone(String text) {
        assertThat(HttpDate.parse(text, NOW)).isEmpty();
    }
}
