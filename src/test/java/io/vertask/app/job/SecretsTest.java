package io.vertask.app.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.app.job.yaml.JobErrors;
import io.vertask.testing.Jobs;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code hunter2} stands for a secret: no message may have it. */
class SecretsTest {

    private static final String HEAD = "job: j\ndo: {get: \"https://h/\"}\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "clients: {g: {url: \"https://h\", profil: github, token: hunter2}}",
                "clients: {g: {profil: github, token: \"hunter2 and, more\", url: \"https://h\"}}",
                "clients: {g: {url: \"https://h\", tokn: hunter2}}",
                "clients: {g: {url: \"https://h\", bearer: hunter2}}",
                "clients: {g: {url: \"https://h\", bearer: {value: [hunter2]}}}",
                "clinets: {g: {url: \"https://h\", tokn: hunter2}}",
                "clients: {g: {url: \"https://u:hunter2@h\"}}",
                "clients: {g: {url: \"hppts://u:hunter2@h\"}}",
                "clients: {d: {postgres: \"postgresql://u:hunter2@h/d\", pol: {}}}",
                "clients: {d: {postgres: \"host=h password=hunter2\"}}",
                "clients: {d: {postgrs: \"host=h password=hunter2\"}}",
                "clients: {g: {url: \"https://h\", profil: github, token: \"${T:-hunter2}\"}}",
                "clients: {g: {url: \"https://h\", token: hunter2, token: hunter2}}",
                "clients: {g: {url: \"https://h\", token: [hunter2]}}",
                "clients: {g: {url: \"https://h\", token: !x hunter2}}",
                "clients:\n  g:\n    token: |\n      hunter2\n    url: \"https://h\"\n    x: &a 1\n    y: 2",
                "x: &t hunter2\nclients: {g: {url: \"https://h\", token: *t}}",
                "clients: {g: {url: \"https://h\", {token: hunter2}: 1}}",
                "clinets: {g: {url: \"https://h\", bearer: hunter2, bearer: hunter2}}",
                "clients: {g: {url: \"https://h\", profil: github, headers: {X-Any: hunter2}}}",
                "clients: {g: {url: \"https://h\", headers: {X-Any: [hunter2]}}}",
                "do: {get: \"https://h/\", headers: {Authorization: \"hunter2 {itm}\"}}",
                "do: {get: \"https://h/\", headers: {X-Api-Key: hunter2, A: [b]}}",
                "do: {get: \"https://h/\", headers: {Cookie: hunter2, cookie: hunter2}}",
                // and where the parser gives up
                "do: {get: \"https://h/\", headers: {X-Api-Key: hunter2, @}}",
                "clients: {g: {token: hunter2, url: \"https://h\"",
                "clients: {g: {\"token\":\"hunter2\", url: @}}",
                "clients:\n  g:\n    token: hunter2\n   url: x",
                "clients:\n  g:\n    token: \"hunter2\n      hunter2",
                "clients:\n  g:\n    token: |\n      hunter2\n      hunter2 @\n     : : {hunter2",
                "clients:\n  g: {postgres: \"postgresql://u:hunter2@h/d\", @}",
                "x: postgresql://u:hunter2@h/d: y",
            })
    void aSecretInTheFileIsMasked(String lines) {
        JobErrors errors = Conf.errors(HEAD + lines + "\n");

        assertThat(errors.getMessage()).doesNotContain("hunter2");
        assertThat(errors.mistakes().toString()).doesNotContain("hunter2");
    }

    @Test
    void theRestOfTheLineIsShownAndTheCaretsFit() {
        JobErrors errors = Conf.errors(HEAD + "clients: {g: {token: hunter2, profil: github, url: \"https://h\"}}\n");

        assertThat(errors.mistakes().get(0).excerpt())
                .containsExactly(
                        "   3 | clients: {g: {token: ••••, profil: github, url: \"https://h\"}}",
                        "     |                            ^^^^^^ did you mean `profile`?");
    }

    @Test
    void aVariableIsShownByName() {
        String text = HEAD + "clients: {g: {token: \"${T}\", profil: github, url: \"https://h\"}}\n";

        assertThat(Conf.errors(text, Map.of("T", "hunter2")))
                .hasMessageContaining("${T}")
                .hasMessageNotContaining("hunter2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limits: {concurrency: $V}",
                "limits: {timeout: $V}",
                "limits: {allow_failures: $V}",
                "on_error: $V",
                "each: {range: $V}",
                "each: $V",
                "print: \"{$V}\"",
                "print: \"{$V\"",
                "clients: {c: {url: $V}}",
                "clients: {c: {url: \"https://h\", profile: $V}}",
                "clients: {c: {postgres: $V}}",
                "clients: {c: {url: \"https://h\", max_body: $V}}",
                "clients: {c: {url: \"https://h\", http2: $V}}",
                "clients: {c: {url: \"http://h\", ca: $V}}",
            })
    void aValueFromTheEnvironmentIsNeverShown(String line) {
        JobErrors errors = null;
        try {
            Jobs.read("f", HEAD + line.replace("$V", "${V}"), Map.of("V", "hunter2"), List.of());
        } catch (JobErrors found) {
            errors = found;
        }

        // a name in a template that comes from the environment is only looked up when it is rendered
        assertThat(errors == null ? "" : errors.getMessage()).doesNotContain("hunter2");
        assertThat(errors != null || line.equals("print: \"{$V}\"")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "clients.g.token=hunter2",
                "clients.g.tokn=hunter2",
                "clients.g.bearer=hunter2",
                "clients={g: {tokn: hunter2}}",
                "clients.g={url: \"https://h\", tokn: hunter2}",
                "client={g: {url: \"https://h\", token: hunter2}}",
                "clients.g.url=hppts://u:hunter2@h",
                "clients.d.postgres=hunter2",
                "clients.g.token.x=hunter2",
                "clients.g.headers.X-Any=hunter2",
                "do.headers.X-Auth=hunter2",
            })
    void aSecretInASetIsMasked(String set) {
        String text = HEAD + "clients: {g: {url: \"https://h\", token: abc}}\nx: 1\n";

        assertThat(Conf.errors(text, set, "limits.concurrency=x")).hasMessageNotContaining("hunter2");
    }

    @Test
    void noRecordShowsASecret() {
        Job job = Conf.read("job: j\nclients: {g: {url: \"https://h\", token: hunter2}}\ndo: {get: /x}\n");

        assertThat(job.toString()).doesNotContain("hunter2").contains("••••");
        assertThat(((HttpClientConfig) Objects.requireNonNull(job.clients().get("g")))
                        .token()
                        .reveal())
                .isEqualTo("hunter2");
    }
}
