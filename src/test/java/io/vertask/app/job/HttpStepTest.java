package io.vertask.app.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.app.job.template.TemplateScope;
import io.vertask.app.job.yaml.SizeText;
import io.vertask.testing.Jobs;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpStepTest {
    private static HttpStep step(String step) {
        return (HttpStep) Conf.read("job: j\ndo: {" + step + "}\n").step();
    }

    private static String content(String content, Object item) {
        return step("post: \"https://h/\", " + content).content().orElseThrow().render(TemplateScope.of(item));
    }

    @ParameterizedTest
    @CsvSource({"get, true", "head, true", "put, true", "delete, true", "post, false", "patch, false"})
    void whatMayBeSentTwiceIsWhatTheStandardCallsIdempotent(String verb, boolean repeatable) {
        HttpStep step = step(verb + ": \"https://h/\"");
        assertThat(step.method().name()).isEqualTo(verb.toUpperCase(java.util.Locale.ROOT));
        assertThat(step.isRepeatable()).isEqualTo(repeatable);
    }

    @Test
    void theFileMayAllowIt() {
        assertThat(step("post: \"https://h/\", retry_unsafe: true").isRepeatable())
                .isTrue();
    }

    @Test
    void jsonKeepsTypes() {
        Map<String, Object> item = Map.of("id", 7L, "tags", List.of("a", 1L), "name", "x\"y");
        assertThat(content("json: \"{item.tags}\"", item)).isEqualTo("[\"a\",1]");
        assertThat(content("json: {a: \"{item.id}\", b: \"#{item.id}\", c: [\"{item.name}\"], d: {}, e: null}", item))
                .isEqualTo("{\"a\":7,\"b\":\"#7\",\"c\":[\"x\\\"y\"],\"d\":{},\"e\":null}");
        assertThat(content("json: [1, 1.50, true, \"1\", 007, \"{{}}\", \"\"]", item))
                .isEqualTo("[1,1.50,true,\"1\",\"007\",\"{}\",\"\"]");
    }

    @Test
    void aFormIsEncodedAndAListIsTheSameNameAgain() {
        assertThat(content("form: {\"a b\": \"{item}\", c: [1, \"ü&\"], d: }", "x=y"))
                .isEqualTo("a+b=x%3Dy&c=1&c=%C3%BC%26&d=null");
    }

    @Test
    void aTextIsATemplate() {
        assertThat(content("text: \"<{item}>\\n\"", 5L)).isEqualTo("<5>\n");
    }

    @Test
    void theLimitForBodiesIsTheStepsOrTheClients() {
        Job job =
                Conf.read("job: j\nclients: {a: {url: \"https://h\", max_body: 1MiB}}\ndo: {get: /, max_body: 10kB}\n");
        assertThat(((HttpStep) job.step()).maxBody()).isEqualTo(OptionalLong.of(10_000));
        assertThat(((HttpClientConfig) Objects.requireNonNull(job.clients().get("a"))).maxBody())
                .isEqualTo(OptionalLong.of(1 << 20));
    }

    @Test
    void aUrlIsShownWithTheNamesOfItsVariables() {
        Map<String, String> env = Map.of("KEY", "hunter2", "HOST", "h", "EXPRESSION", "{item}");
        String head = "job: j\ndo: {get: \"";
        String[] urls = {
            "https://${HOST}/a/{item}?key=${KEY}&x=${NONE:-1}", "https://h/{item}", "https://h/${EXPRESSION}",
        };
        assertThat(Arrays.stream(urls)
                        .map(url -> Jobs.read("f", head + url + "\"}\n", env, List.of()))
                        .map(job -> ((HttpStep) job.step()).target().shown(TemplateScope.of("b c"))))
                .containsExactly(
                        "https://${HOST}/a/b%20c?key=${KEY}&x=${NONE}", "https://h/b%20c", "https://h/${EXPRESSION}");
    }

    @Test
    void noRecordShowsAHeadersSecret() {
        Job job = Conf.read("""
                job: j
                clients: {g: {url: "https://h", headers: {X: hunter2}}}
                do: {get: /x, headers: {X-Api-Key: hunter2, Cookie: "a={item}hunter2"}}
                """);
        assertThat(job.toString()).doesNotContain("hunter2").contains("X-Api-Key: ••••", "X=••••");
    }

    @ParameterizedTest
    @CsvSource({"1B, 1", "500kB, 500000", "10KB, 10000", "10MB, 10000000", "64MiB, 67108864", "1 GB, 1000000000"})
    void sizesHaveUnits(String text, long bytes) {
        assertThat(SizeText.parse(text)).isEqualTo(bytes);
        assertThat(SizeText.parse(SizeText.format(bytes))).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "10mb", "MB", "-1MB", "1.5MB", "9999999999B", "10M"})
    void otherSizesAreRefused(String text) {
        assertThatThrownBy(() -> SizeText.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("size");
    }
}
