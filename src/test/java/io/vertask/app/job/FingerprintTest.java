package io.vertask.app.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testing.Jobs;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FingerprintTest {
    private static String of(String step, String... more) {
        String text = "job: x\nclients: {a: {url: \"http://h\"}}\ndo: " + step + "\n" + String.join("\n", more);
        return Jobs.read("x.yaml", text, Map.of("TOKEN", "hunter2", "V", "1"), List.of())
                .fingerprint();
    }

    @Test
    void layoutAndEverythingOutsideOfDoMakeNoDifference() {
        String one = of("{get: \"/{item}\", client: a, pick: {b: b, c: c}}");
        assertThat(of("\n  client: a   # comment\n  get: \"/{item}\"\n  pick: {c: c, b: b}"))
                .isEqualTo(one);
        assertThat(of("{get: \"/{item}\", client: a, pick: {b: b, c: c}}", "limits: {concurrency: 3}", "each: [1]"))
                .isEqualTo(one);
    }

    @Test
    void whetherACallMayBeRepeatedMakesNoDifference() {
        assertThat(of("{post: /a, client: a, retry_unsafe: true}")).isEqualTo(of("{post: /a, client: a}"));
    }

    @Test
    void anyOtherValueMakesAnotherOne() {
        assertThat(List.of(
                        of("{get: /a, client: a}"),
                        of("{get: /b, client: a}"),
                        of("{get: /a, client: a, body: text}"),
                        of("{get: /a, client: a, pick: {b: b}}"),
                        of("{get: /a, client: a, pick: {b: c}}"),
                        of("{head: /a, client: a}")))
                .doesNotHaveDuplicates();
    }

    @Test
    void whereRowsGoIsAPartOfItsOwnInWhichCreateIsNoMatter() {
        String none = into("");
        String into = into("into: {postgres: db, table: t}");
        assertThat(into).startsWith(none + "/");
        assertThat(into("into: {create: true, table: t, postgres: db}")).isEqualTo(into);
        assertThat(into("into: {postgres: db, table: t, key: [a]}"))
                .startsWith(none + "/")
                .isNotEqualTo(into);
    }

    private static String into(String section) {
        String text = "job: x\nclients: {db: {postgres: \"\"}}\ndo: {sql: SELECT 1, client: db}\n" + section;
        return Jobs.read("x", text, Map.of(), List.of()).fingerprint();
    }

    @Test
    void aVariableStandsForItself() {
        assertThat(of("{get: \"/a?t=${TOKEN}\", client: a}"))
                .isNotEqualTo(of("{get: \"/a?t=hunter2\", client: a}"))
                .isNotEqualTo(of("{get: \"/a?t=${V}\", client: a}"));
    }

    @Test
    void whatIsSetOnTheCommandLineCounts() {
        String text = "job: x\ndo: {get: \"http://h/a\"}";
        String file = Jobs.read("x", text, Map.of(), List.of()).fingerprint();
        assertThat(Jobs.read("x", text, Map.of(), List.of("do.body=text")).fingerprint())
                .isNotEqualTo(file);
        assertThat(Jobs.read("x", text, Map.of(), List.of("limits.retries=3")).fingerprint())
                .isEqualTo(file);
    }
}
