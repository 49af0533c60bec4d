package io.vertask.app.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.app.job.yaml.JobErrors;
import io.vertask.app.job.yaml.Mistake;
import org.junit.jupiter.api.Test;

class MistakeFormatTest {

    @Test
    void twoMistakesLookAsTheProductSays() {
        String text = "\n".repeat(16) + "job: j\ndo: {get: \"https://h/\", acept: any}\n"
                + "limits: {concurency: 4, timeout: 10s, retries: 2}\n";

        assertThat(Conf.errors(text)).hasMessage("""
                job.yaml:18:25  unknown key `acept`
                  18 | do: {get: "https://h/", acept: any}
                     |                         ^^^^^ did you mean `accept`?
                     do takes: get head post patch put delete pages sql call sleep client headers accept body charset pick max_body json form text retry_unsafe next rows max_pages params offload with
                job.yaml:19:10  unknown key `concurency`
                  19 | limits: {concurency: 4, timeout: 10s, retries: 2}
                     |          ^^^^^^^^^^ did you mean `concurrency`?
                     limits takes: concurrency rate timeout deadline retries backoff allow_failures stop_after
                2 mistakes; nothing was sent.""");
    }

    @Test
    void oneMistakeIsSingular() {
        assertThat(Conf.errorsWith("on_error: stpo\n")).hasMessage("""
                job.yaml:3:11  on_error cannot be `stpo`
                   3 | on_error: stpo
                     |           ^^^^ did you mean `stop`?
                     on_error is one of: value stop
                1 mistake; nothing was sent.""");
    }

    @Test
    void unsetVariableTellsTheFix() {
        String text = """
                job: issues
                clients:
                  github: {url: "https://api.github.com", profile: github, token: "${GITHUB_TOKEN}"}
                do: {get: /repos}
                """;

        assertThat(Conf.errors(text)).hasMessage("""
                job.yaml:3:68  environment variable GITHUB_TOKEN is not set
                     set it, or write ${GITHUB_TOKEN:-} to run without a token at 60 requests/hour
                1 mistake; nothing was sent.""");
    }

    @Test
    void mistakeInASetNamesTheSet() {
        assertThat(Conf.errorsWith("", "limits.concurency=4")).hasMessage("""
                --set limits.concurency=4: unknown key `concurency`
                     did you mean `concurrency`?
                     limits takes: concurrency rate timeout deadline retries backoff allow_failures stop_after
                1 mistake; nothing was sent.""");
    }

    @Test
    void syntaxErrorHasPlaceAndExcerpt() {
        assertThat(Conf.errors("job: j\ndo: {get: \"https://h/\"\n")).hasMessage("""
                job.yaml:3:1  not YAML: expected ',' or '}', but got <stream end>
                   3 |
                     | ^
                     while parsing a flow mapping that starts on line 2
                1 mistake; nothing was sent.""");
    }

    @Test
    void aVeryLongLineIsCutAroundTheMistake() {
        String text = "{job: j, each: [" + "aaaa, ".repeat(50_000) + "a], do: {get: \"https://h/\"}, lmits: {}, "
                + "print: " + "x".repeat(5_000) + "}";

        Mistake mistake = Conf.errors(text).mistakes().get(0);

        assertThat(mistake.message()).isEqualTo("unknown key `lmits`");
        assertThat(mistake.excerpt().get(0).length()).isLessThan(170);
        int caret = mistake.excerpt().get(1).indexOf('^');
        assertThat(mistake.excerpt().get(0).substring(caret)).startsWith("lmits");
    }

    @Test
    void afterAHundredMistakesTheRestIsCounted() {
        StringBuilder keys = new StringBuilder("limits:\n");
        for (int i = 0; i < 151; i++) {
            keys.append("  unknown").append(i).append(": 1\n");
        }
        JobErrors errors = Conf.errorsWith(keys.toString());

        assertThat(errors.mistakes()).hasSize(100);
        assertThat(errors.count()).isEqualTo(151);
        assertThat(errors).hasMessageEndingWith("... and 51 more\n151 mistakes; nothing was sent.");
    }

    @Test
    void controlCharactersNeverReachTheTerminal() {
        JobErrors errors = Conf.errorsWith("\"a\\e[31mb\": 1\nprint: \u202E{x}\n");

        assertThat(errors.getMessage()).doesNotContain("\u001b").doesNotContain("\u202E");
    }
}
