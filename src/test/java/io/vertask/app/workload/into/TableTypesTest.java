package io.vertask.app.workload.into;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableTypesTest {
    private static final BigInteger HUGE = BigInteger.ONE.shiftLeft(64);
    private static final String TIME = "2026-01-02T03:04:05Z";

    /** The type of a column that has these values, row by row. */
    private static @Nullable String typeOf(@Nullable Object... values) {
        List<JsonObject> rows = Arrays.stream(values)
                .map(value -> new JsonObject().put("c", value))
                .toList();
        return TableTypes.of(rows).get("c");
    }

    @Test
    void eachKindOfJsonHasItsType() {
        assertThat(typeOf(1)).isEqualTo("bigint");
        assertThat(typeOf(1L << 40)).isEqualTo("bigint");
        assertThat(typeOf(HUGE)).isEqualTo("numeric");
        assertThat(typeOf(1.5)).as("a float of a query or step").isEqualTo("double precision");
        assertThat(typeOf(new BigDecimal("1.5"))).as("a number of JSON").isEqualTo("numeric");
        assertThat(typeOf(-0.0)).as("the only float of JSON").isEqualTo("numeric");
        assertThat(typeOf(true)).isEqualTo("boolean");
        assertThat(typeOf("x")).isEqualTo("text");
        assertThat(typeOf(TIME)).isEqualTo("timestamptz");
        assertThat(typeOf(new JsonObject())).isEqualTo("jsonb");
        assertThat(typeOf(new JsonArray())).isEqualTo("jsonb");
    }

    @Test
    void nullSaysNothingAndNothingButNullIsText() {
        assertThat(typeOf(null, 1)).isEqualTo("bigint");
        assertThat(typeOf(true, null)).isEqualTo("boolean");
        assertThat(typeOf(null, null)).isEqualTo("text");
    }

    @Test
    void theWiderNumberHoldsBothInWhateverOrderTheyCome() {
        assertThat(typeOf(1, HUGE)).isEqualTo("numeric");
        assertThat(typeOf(HUGE, 1)).isEqualTo("numeric");
        assertThat(typeOf(1, 0.5)).isEqualTo("double precision");
        assertThat(typeOf(0.5, 1)).isEqualTo("double precision");
        assertThat(typeOf(0.5, HUGE, 1)).isEqualTo("numeric");
        assertThat(typeOf(0.5, new BigDecimal("0.5"))).isEqualTo("numeric");
        assertThat(typeOf(1, new BigDecimal("1.10"))).isEqualTo("numeric");
    }

    @Test
    void whatDoesNotGoTogetherIsTextOrJsonWhereOneOfThemIs() {
        assertThat(typeOf(1, "x")).isEqualTo("text");
        assertThat(typeOf("x", 1)).isEqualTo("text");
        assertThat(typeOf(true, 1)).isEqualTo("text");
        assertThat(typeOf(TIME, "yesterday")).isEqualTo("text");
        assertThat(typeOf("yesterday", TIME)).isEqualTo("text");
        assertThat(typeOf(1, new JsonArray())).isEqualTo("jsonb");
        assertThat(typeOf(new JsonObject(), "x")).isEqualTo("jsonb");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-01-02T03:04:05Z",
                "2026-12-31T23:59:59.123456789Z",
                "2026-01-02T03:04:05+01:00",
                "2026-01-02T03:04:05.5-14:30",
            })
    void aTimeHasADateATimeAndAnOffset(String text) {
        assertThat(typeOf(text)).isEqualTo("timestamptz");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-01-02",
                "2026-01-02T03:04:05",
                "2026-01-02 03:04:05Z",
                "2026-13-02T03:04:05Z",
                "2026-01-32T03:04:05Z",
                "2026-01-02T24:04:05Z",
                "2026-01-02T03:60:05Z",
                "2026-01-02T03:04:05.Z",
                "2026-01-02T03:04:05+15:00",
                "2026-01-02T03:04:05+0100",
                "20260102T030405Z",
                "x2026-01-02T03:04:05Z",
            })
    void whatIsNotWhollyThatIsText(String text) {
        assertThat(typeOf(text)).isEqualTo("text");
    }

    @Test
    void columnsComeInTheOrderInWhichTheyAppear() {
        List<JsonObject> rows = List.of(
                new JsonObject().put("b", 1).put("a", "x"),
                new JsonObject().put("c", true).put("a", "y"));
        assertThat(TableTypes.of(rows).keySet()).containsExactly("b", "a", "c");
        assertThat(TableTypes.of(List.of())).isEmpty();
    }
}
