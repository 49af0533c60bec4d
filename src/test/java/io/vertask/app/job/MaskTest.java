package io.vertask.app.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testing.Jobs;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MaskTest {
    private static Mask mask(String clients) {
        String text = "job: x\nclients: {" + clients + "}\ndo: {get: \"http://h/\"}";
        return Mask.of(Jobs.read("x", text, Map.of(), List.of()), Map.of("PGPASSWORD", "pgsecret"));
    }

    @Test
    void aTokenIsHiddenInEveryFormThatCouldComeBack() {
        Mask mask = mask("a: {url: \"http://h\", token: 'hunter\"2/hunter 2'}");
        assertThat(mask.message("Bearer hunter\"2/hunter 2!")).isEqualTo("Bearer ••••!");
        assertThat(mask.message("{\"a\":\"hunter\\\"2/hunter 2\"}")).isEqualTo("{\"a\":\"••••\"}");
        assertThat(mask.message("?t=hunter%222%2Fhunter+2")).isEqualTo("?t=••••");
        assertThat(mask.result("hunter\"2/hunter 2")).isEqualTo("••••");
        assertThat(mask.result("\"Bearer hunter\"\"2/hunter 2\"")).as("in CSV").isEqualTo("\"Bearer ••••\"");
        assertThat(mask.result("\"[\"\"hunter\\\"\"2/hunter 2\"\"]\""))
                .as("JSON in CSV")
                .isEqualTo("\"[\"\"••••\"\"]\"");
    }

    @Test
    void theUrlOfADatabaseIsHiddenAndThePasswordInIt() {
        Mask mask = mask("d: {postgres: \"postgresql://me:pass%40word@host/db\"}");
        assertThat(mask.message("at postgresql://me:pass%40word@host/db")).isEqualTo("at ••••");
        assertThat(mask.message("pass%40word and pass@word and pgsecret")).isEqualTo("•••• and •••• and ••••");
    }

    @Test
    void aSecretHeaderIsHiddenWithAndWithoutItsScheme() {
        Mask mask = mask("a: {url: \"http://h\", headers: {X-Api-Key: key-of-the-client, X-Team: the-blue-team}}");
        assertThat(mask.result("key-of-the-client of the-blue-team")).isEqualTo("•••• of the-blue-team");
        String text = "job: x\neach: [1]\ndo: {get: \"http://h/\", "
                + "headers: {Authorization: Bearer key-of-the-step, Cookie: \"id={item}\", Accept: text/plain-as-such}}";
        Mask ofStep = Mask.of(Jobs.read("x", text, Map.of(), List.of()), Map.of());
        assertThat(ofStep.message("Bearer key-of-the-step")).isEqualTo("••••");
        assertThat(ofStep.result("key-of-the-step, text/plain-as-such")).isEqualTo("••••, text/plain-as-such");
    }

    @Test
    void aShortPasswordIsAnHonestWordInResults() {
        Mask mask = mask("d: {postgres: \"postgresql://me:postgres@host/db\"}");
        assertThat(mask.message("user postgres")).isEqualTo("user ••••");
        assertThat(mask.result("user postgres")).isEqualTo("user postgres");
    }

    @Test
    void withoutSecretsNothingIsHidden() {
        assertThat(Mask.NONE.message("a")).isEqualTo("a");
        assertThat(mask("a: {url: \"http://h\", token: \"\"}").message("")).isEmpty();
    }
}
