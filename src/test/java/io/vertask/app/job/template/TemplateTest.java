package io.vertask.app.job.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.app.job.Job;
import io.vertask.app.job.SqlStep;
import io.vertask.testing.Jobs;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateTest {

    private static final JsonObject BODY = new JsonObject()
            .put("owner", new JsonObject().put("login", "ada"))
            .put("items", new JsonArray().add(new JsonObject().put("id", 7)))
            .putNull("license");

    private final TemplateScope scope =
            TemplateScope.of("a/b c&d").with("status", 200).answer(BODY);

    @ParameterizedTest
    @CsvSource({
        "/r/{item},                 /r/a%2Fb%20c%26d",
        "/r/{+item},                /r/a/b%20c&d",
        "/r{?item},                 /r?item=a%2Fb%20c%26d",
        "/r?n={status}&o={owner.login}, /r?n=200&o=ada",
        "/r/{item:1},               /r/a",
    })
    void urlTemplateIsRfc6570(String template, String url) {
        assertThat(Template.url(template).render(scope)).isEqualTo(url);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "{item}: {status},          a/b c&d: 200",
                "{owner.login} {items[0].id}, ada 7",
                "{license},                 null",
                "{owner},                   {\"login\":\"ada\"}",
                "{{x}} {status},            {x} 200",
                "plain,                     plain",
            })
    void textTemplateHasDottedPathsAndEncodesNothing(String template, String text) {
        assertThat(Template.text(template).render(scope)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{nope}            | {nope}: no such name; there is: item status owner items license",
                "{owner.name}      | {owner.name}: `owner` has no `name`; it has: login",
                "{license.name}    | {license.name}: `license` is null",
                "{items[3].id}     | {items[3].id}: `items` has no [3]",
                "{items[0].x}      | {items[0].x}: `items[0]` has no `x`; it has: id",
            })
    void aNameThatIsNotThereIsAClearError(String template, String message) {
        Template parsed = Template.text(template);

        assertThatThrownBy(() -> parsed.render(scope))
                .isInstanceOf(TemplateException.class)
                .hasMessage(message);
    }

    @Test
    void nullInAUrlIsAnError() {
        assertThatThrownBy(() -> Template.url("/r/{item}").render(TemplateScope.of(null)))
                .hasMessage("{item} is null");
    }

    @Test
    void aVariableInsideAnExpressionIsShownAsTheFileHasIt() {
        Template inside = UrlTemplate.parse("https://h/{item}", "https://h/{${NAME}}");
        assertThat(inside.shown(TemplateScope.of("a"))).isEqualTo("https://h/{${NAME}}");
    }

    @Test
    void onePlaceholderKeepsItsType() {
        assertThat(Param.of(Template.text("{item}")).value(TemplateScope.of(7L)))
                .isEqualTo(7L);
        assertThat(Param.of(Template.text("{item.id}")).value(TemplateScope.of(Map.of("id", true))))
                .isEqualTo(true);
        assertThat(Param.of(Template.text("{item}")).value(TemplateScope.of(null)))
                .isNull();
        assertThat(Param.of(Template.text("n{item}")).value(TemplateScope.of(7L)))
                .isEqualTo("n7");
    }

    @Test
    void fixedParametersKeepTheirTypeToo() {
        Job job = Jobs.read(
                "x.yaml",
                "job: j\nclients: {d: {postgres: }}\ndo: {sql: x, params: [5, 1.50, true, null, no, \"5\"]}\n",
                Map.of(),
                List.of());

        assertThat(((SqlStep) job.step()).params())
                .extracting(param -> param.value(TemplateScope.of(null)))
                .containsExactly(5L, new BigDecimal("1.50"), true, null, "no", "5");
    }

    @ParameterizedTest
    @CsvSource({
        "owner.login, ada",
        "items[0].id, 7",
        "=item, x",
        "owner.nope.deeper,",
        "license.name,",
        "items[9],",
    })
    void selectorFindsAValueOrNull(String selector, String value) {
        Object selected = Selector.parse(selector).select(BODY, "x");

        assertThat(selected == null ? null : selected.toString()).isEqualTo(value);
    }

    @Test
    void selectorReadsPlainMapsListsAndTheItemsFields() {
        Map<String, Object> item = new HashMap<>(Map.of("id", 3));

        assertThat(Selector.parse("[1].a").select(List.of(1, Map.of("a", 2)), null))
                .isEqualTo(2);
        assertThat(Selector.parse("=item.id").select(BODY, item)).isEqualTo(3);
        assertThat(Selector.parse(".").select(BODY, item)).isSameAs(BODY);
    }

    @Test
    void theOnlyColumnOfARowIsTheItemAndHasItsName() {
        TemplateScope one = TemplateScope.of(7, Optional.of("id"));
        assertThat(Template.text("{item} {item.id}").render(one)).isEqualTo("7 7");
        assertThat(Template.url("/x/{item.id}").render(one)).isEqualTo("/x/7");
        assertThat(Selector.parse("=item.id").selected(BODY, one)).isEqualTo(7);
        assertThat(Selector.parse("=item").selected(BODY, one)).isEqualTo(7);
        assertThatThrownBy(() -> Template.text("{item.no}").render(one)).isInstanceOf(TemplateException.class);
        // an object has its own fields, and the column's name beside them
        TemplateScope object = TemplateScope.of(new JsonObject().put("k", 1), Optional.of("doc"));
        assertThat(Template.text("{item} {item.k} {item.doc.k}").render(object)).isEqualTo("{\"k\":1} 1 1");
        TemplateScope own = TemplateScope.of(new JsonObject().put("doc", 2), Optional.of("doc"));
        assertThat(Template.text("{item.doc}").render(own)).isEqualTo("2");
        assertThat(Template.text("{item} {item.id}").render(TemplateScope.of(null, Optional.of("id"))))
                .isEqualTo("null null");
        assertThat(Template.text("{item}").render(TemplateScope.of(new JsonObject())))
                .isEqualTo("{}");
    }
}
