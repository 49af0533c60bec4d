package io.vertask.app.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.app.job.template.TemplateScope;
import io.vertask.app.job.yaml.JobErrors;
import io.vertask.app.job.yaml.Mistake;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OverridesTest {

    @Test
    void oneKeyIsReplacedAndItsNeighboursStay() {
        Job job = Conf.job("conf/url_status.yaml", "each.as=http://127.0.0.1:8080/delay/0?n={item}#top");

        assertThat(job.each().count()).isEqualTo(OptionalLong.of(20));
        assertThat(job.each()).startsWith("http://127.0.0.1:8080/delay/0?n=0#top");
    }

    @Test
    void deepKeysAndNewSectionsCanBeSet() {
        Job job = Conf.job(
                "conf/db_users.yaml",
                "clients.db.pool.max=3",
                "limits={concurrency: 2}",
                "on_error=stop",
                "each=[7, x]");

        assertThat(((PostgresConfig) job.clients().values().iterator().next()).poolMax())
                .isEqualTo(3);
        assertThat(((PostgresConfig) job.clients().values().iterator().next()).poolMin())
                .isEqualTo(2);
        assertThat(job.limits().concurrency()).isEqualTo(2);
        assertThat(job.limits().timeout()).isEmpty();
        assertThat(job.onError()).isEqualTo(OnError.STOP);
        assertThat(job.each()).containsExactly(7L, "x");
    }

    @Test
    void theLastOneWins() {
        assertThat(Conf.job("conf/url_status.yaml", "limits.concurrency=2", "limits.concurrency=3")
                        .limits()
                        .concurrency())
                .isEqualTo(3);
    }

    @Test
    void aTemplateIsTextAndNotAMap() {
        Job job = Conf.job("conf/url_status.yaml", "print={item}: {status} # done", "do.get={+item}");

        assertThat(job.print().orElseThrow().render(TemplateScope.of("a").with("status", 200)))
                .isEqualTo("a: 200 # done");
        assertThat(((HttpStep) job.step()).target()).hasToString("{+item}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "limits.concurrency=x | limits.concurrency must be a whole number from 1 to 100000, not `x`",
                "limits               | a path of keys and a value are needed",
                "=3                   | a path of keys and a value are needed",
                "limits..x=3          | a path of keys and a value are needed",
                "each.as.x=3          | `each.as` is a value, not a map",
                "do.gte=/x            | unknown key `gte`",
                "print={itm}          | unknown name `itm` in a template",
                "each=[1, 2           | not YAML: expected ',' or ']', but got <stream end>",
                "job={a: 1, a: 2}     | duplicate key `a`",
            })
    void aMistakeNamesTheSet(String set, String message) {
        JobErrors errors = Conf.errors(Conf.text("conf/url_status.yaml"), set);

        Mistake mistake = errors.mistakes().get(errors.mistakes().size() - 1);
        assertThat(errors.mistakes().stream().map(Mistake::message)).contains(message);
        assertThat(mistake.text()).startsWith("--set " + set + ": ");
        assertThat(mistake.line()).isZero();
    }
}
