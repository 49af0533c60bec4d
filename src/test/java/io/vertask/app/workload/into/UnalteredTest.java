package io.vertask.app.workload.into;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.app.job.Into;
import io.vertask.app.workload.CallFailure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnalteredTest {
    private static void check(boolean create, String type, Object value) {
        Into into = new Into("db", Optional.empty(), "t", List.of(), create);
        Table table = new Table(into, Map.of("c", new Table.Column(type, false, true)), List.of());
        List<JsonObject> rows = List.of(new JsonObject().put("c", "1"), new JsonObject().put("c", value));
        Unaltered.check(table, rows, Recorder.text(rows));
    }

    @ParameterizedTest
    @CsvSource({
        "bigint, 01067",
        "bigint, +5",
        "bigint, ' 5'",
        "bigint, 1_000",
        "numeric, 0x1F",
        "double precision, .5",
        "boolean, yes",
        "timestamp with time zone, yesterday",
        "timestamp with time zone, now"
    })
    void aTextThatTheServerWouldTakeForSomethingElseIsRefusedWhereTheJobChoseTheType(String type, String text) {
        boolean one = type.equals("boolean");
        assertThatThrownBy(() -> check(true, type, text))
                .isInstanceOf(CallFailure.class)
                .hasMessageContaining("into t: row " + (one ? 1 : 2) + ", column `c` (" + type + ")");
        assertThatCode(() -> check(false, type, text)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "bigint, -5",
        "numeric, 1.50",
        "numeric, NaN",
        "double precision, -Infinity",
        "double precision, 1e-5",
        "text, 01067",
        "jsonb, 01067",
        "character varying(5), yes"
    })
    void aTextThatIsAValueOfTheTypeIsTaken(String type, String text) {
        assertThatCode(() -> check(true, type, text)).doesNotThrowAnyException();
    }

    @Test
    void halfACharacterIsRefusedAlsoDeepInJson() {
        JsonObject deep = new JsonObject().put("k", new JsonArray().add("\ud83d"));
        assertThatThrownBy(() -> check(false, "jsonb", deep))
                .hasMessage("into t: row 2, column `c` (jsonb) has half a character, which UTF-8 has no bytes for");
        assertThatCode(() -> check(false, "text", "\ud83d\ude00")).doesNotThrowAnyException();
        assertThatThrownBy(() -> check(false, "text", "\ude00")).isInstanceOf(CallFailure.class);
    }
}
