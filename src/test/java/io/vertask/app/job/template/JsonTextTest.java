package io.vertask.app.job.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-1",
                "2147483648",
                "9223372036854775807",
                "9223372036854775808",
                "12345678901234567890123",
                "1.5",
                "1.10",
                "0.00",
                "-0.0",
                "1234567890.123456789012345678",
                "0.1000000000000000055511151231257827",
                "1E+400",
                "1E-400",
                "-1.5E+1000000000",
                "[1.0,{\"a\":2.50}]",
                "true",
                "null",
                "\"1.10\"",
            })
    void everyNumberIsWrittenAsItWasRead(String json) {
        assertThat(Json.encode(JsonText.value(json))).isEqualTo(json);
        assertThat(Json.encode(JsonText.value(Buffer.buffer(json)))).isEqualTo(json);
    }

    @ParameterizedTest
    @CsvSource({"1e400, 1E+400", "1E+2, 1E+2", "12e2, 1.2E+3", "1e-2, 0.01", "-0e7, -0.0", "1.0E10, 1.0E+10"})
    void anExponentMayBeWrittenInAnotherWayWithTheSameDigits(String json, String written) {
        assertThat(Json.encode(JsonText.value(json))).isEqualTo(written);
        assertThat(new BigDecimal(written)).isEqualByComparingTo(new BigDecimal(json));
    }

    @ParameterizedTest
    @CsvSource({"1e2, 100", "1.10, 1.10", "1e400, 1E+400", "1e1000000000, 1E+1000000000"})
    void aTextHasNoExponentUnlessItWouldBeLong(String json, String text) {
        assertThat(Values.text(JsonText.value(json))).isEqualTo(text);
    }

    @Test
    void objectsAndArraysAreThoseOfVertx() {
        Object value = JsonText.value("{\"a\": [1, {\"b\": null}], \"a2\": \"\\u00e9\", \"a\": 3}");
        assertThat(value).isEqualTo(new JsonObject().put("a", 3).put("a2", "é"));
        assertThat(JsonText.value(" [] ")).isEqualTo(new JsonArray());
        byte[] utf16 = "{\"a\": \"é\"}".getBytes(StandardCharsets.UTF_16BE);
        assertThat(JsonText.value(Buffer.buffer(utf16))).isEqualTo(new JsonObject().put("a", "é"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "1 2", "{\"a\": 1", "01", "1e99999999999", "1e-2147483649", ""})
    void whatIsNotJsonOrOutOfRangeIsRefused(String text) {
        assertThatThrownBy(() -> JsonText.value(text)).isInstanceOf(DecodeException.class);
    }

    @Test
    void aNumberOfMoreThanAThousandDigitsIsRefused() {
        assertThat(JsonText.value("1".repeat(1_000))).hasToString("1".repeat(1_000));
        assertThatThrownBy(() -> JsonText.value("1".repeat(1_001))).isInstanceOf(DecodeException.class);
    }
}
