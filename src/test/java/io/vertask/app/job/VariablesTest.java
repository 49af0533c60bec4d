package io.vertask.app.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.app.job.yaml.DurationText;
import io.vertask.app.job.yaml.JobErrors;
import io.vertask.testing.Jobs;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VariablesTest {

    private static final Map<String, String> ENV =
            Map.of("N", "4", "EMPTY", "", "MAP", "{a: 1}", "AGAIN", "${N}", "T", "10s");

    private static Job read(String lines) {
        return Jobs.read("f", "job: j\ndo: {get: \"https://h/\"}\n" + lines, ENV, List.of());
    }

    @Test
    void aValueIsTextAndNeverStructure() {
        assertThat(read("each:\n- \"${MAP}\"\n- ${N}\n- a${N}b\n- ${AGAIN}\n- 4\n")
                        .each())
                .containsExactly("{a: 1}", "4", "a4b", "${N}", 4L);
    }

    @Test
    void aKeyThatWantsANumberParsesIt() {
        Limits limits =
                read("limits:\n  concurrency: \"${N}\"\n  retries: ${N}\n  timeout: ${T}\n  allow_failures: ${N}%\n")
                        .limits();

        assertThat(limits.concurrency()).isEqualTo(4);
        assertThat(limits.retries()).isEqualTo(4);
        assertThat(limits.timeout()).contains(DurationText.parse("10s"));
        assertThat(limits.allowFailures().of(100)).isEqualTo(4);
    }

    @Test
    void theDefaultCoversUnsetAndEmpty() {
        assertThat(read("each: [\"${NONE:-x}\", \"${EMPTY:-y}\", \"${EMPTY}\", \"${N:-z}\", \"${NONE:-}\"]\n")
                        .each())
                .containsExactly("x", "y", "", "4", "");
    }

    @Test
    void aDoubledDollarIsLiteral() {
        assertThat(read("each: [\"$${N}\", \"$N\", \"$\", \"a$$b\", \"$1\"]\n").each())
                .containsExactly("${N}", "$N", "$", "a$$b", "$1");
    }

    @Test
    void anUnquotedVariableInBracketsHasItsFix() {
        assertThat(Conf.errorsWith("each: [${N}]\n")).hasMessageContaining("a variable needs quotes: \"${NAME}\"");
    }

    @Test
    void keysAreNotReplaced() {
        assertThat(read("each: [{\"${N}\": 1}]\n").each()).containsExactly(Map.of("${N}", 1L));
    }

    @Test
    void everyUnsetVariableIsReported() {
        JobErrors errors =
                Conf.errors("job: ${A}\ndo: {get: \"${B}/${C}\", nope: [\"${D}\"]}\neach: [{x: \"${E}\"}]\n");

        assertThat(errors.mistakes())
                .extracting(mistake -> mistake.line() + ":" + mistake.column() + " " + mistake.message())
                .containsExactly(
                        "1:6 environment variable A is not set",
                        "2:12 environment variable B is not set",
                        "2:17 environment variable C is not set",
                        "2:24 unknown key `nope`",
                        "2:32 environment variable D is not set",
                        "3:13 environment variable E is not set");
    }
}
