package io.vertask.app.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.app.job.template.JsonText;
import io.vertask.app.job.template.Template;
import io.vertask.app.job.template.TemplateScope;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class AnswerJsonTest {
    private static Answer again(Answer answer) {
        return AnswerJson.read((JsonObject)
                Objects.requireNonNull(JsonText.value(AnswerJson.of(answer).toBuffer())));
    }

    private static String print(Answer answer, String template) {
        return Template.text(template).render(answer.scope());
    }

    private static final JsonObject BODY = new JsonObject()
            .put("id", 7)
            .put("owner", new JsonObject().put("login", "ann"))
            .put("price", new BigDecimal("1234567890.1234567890"))
            .putNull("none");

    @Test
    void everyNameOfABodyIsThereAgainAndTheBodyIsWrittenOnce() {
        TemplateScope item = TemplateScope.of(Map.of("k", List.of(1, 2))).with("status", 200);
        Answer answer = Answer.of(item.answer(BODY), BODY.encode(), BODY);
        assertThat(AnswerJson.of(answer).encode()).containsOnlyOnce("1234567890.1234567890");
        Answer same = again(answer);
        String all = "{id} {owner.login} {price} {none} {status} {item.k[1]} {item}";
        assertThat(print(same, all)).isEqualTo(print(answer, all));
        assertThat(same.line()).isEqualTo(answer.line());
        assertThat(same.value()).isEqualTo(answer.value());
        assertThat(same.empty()).isFalse();
        assertThat(same.more()).isFalse();
    }

    @Test
    void pickedNamesTextsAndPlainValuesAreThereAgain() {
        Map<String, Object> picked = new LinkedHashMap<>();
        picked.put("a", BODY);
        picked.put("b", null);
        JsonObject value = new JsonObject(picked);
        Answer answer = Answer.of(TemplateScope.of("i").with(picked), value.encode(), value);
        assertThat(AnswerJson.of(answer).encode()).containsOnlyOnce("ann");
        assertThat(print(again(answer), "{item} {a.owner.login} {b}")).isEqualTo("i ann null");

        Answer text = Answer.of(TemplateScope.of(null).with("body", "x\u0000y"), "x\u0000y", "x\u0000y");
        assertThat(print(again(text), "{body}")).isEqualTo("x\u0000y");
        assertThat(again(text).line()).isEqualTo("x\u0000y");

        Answer count =
                Answer.of(TemplateScope.of(1).with("count", 3), "3 rows", 3).withoutLine();
        assertThat(again(count).line()).isEqualTo("3 rows");
        assertThat(again(count).empty()).isTrue();
        assertThat(again(count).value()).isEqualTo(3);

        Answer none = Answer.of(TemplateScope.of("i"), "null", null);
        assertThat(again(none).value()).isNull();
        assertThat(again(none).line()).isEqualTo("null");
    }

    @Test
    void theRowsOfAPageAreThereAgain() {
        Answer row = Answer.of(TemplateScope.of("i").answer(BODY), BODY.encode(), BODY);
        Answer page = Answer.of(TemplateScope.of("i"), "1 row", new JsonObject().put("rows", 1))
                .withoutLine()
                .unfinished()
                .withRows(List.of(row, row));
        Answer same = again(page);
        assertThat(same.more()).isTrue();
        assertThat(same.rows())
                .hasSize(2)
                .allSatisfy(one -> assertThat(print(one, "{owner.login}")).isEqualTo("ann"));
        assertThat(again(Answer.of(TemplateScope.of("i"), "[]", new JsonArray()))
                        .value())
                .isEqualTo(new JsonArray());
    }
}
