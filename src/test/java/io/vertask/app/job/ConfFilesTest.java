package io.vertask.app.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.app.job.template.TemplateScope;
import io.vertask.app.job.yaml.Secret;
import io.vertask.app.step.Sha256;
import io.vertask.testing.Jobs;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ConfFilesTest {

    @Test
    void parallelApiIsReadAsItIsPrinted() {
        Job job = Conf.job("conf/parallel_api.yaml");

        assertThat(job.name()).isEqualTo("github-repo-stats");
        assertThat(job.clients().get("github"))
                .isEqualTo(HttpClientConfig.of(
                        "github", URI.create("https://api.github.com"), HttpClientConfig.Profile.GITHUB, Secret.NONE));
        assertThat(job.each()).containsExactly("python/cpython", "pallets/flask", "tiangolo/fastapi", "django/django");
        HttpStep step = (HttpStep) job.step();
        assertThat(step.method()).isEqualTo(HttpMethod.GET);
        assertThat(step.client()).contains("github");
        assertThat(step.accept()).isEqualTo(Accept.SUCCESS);
        assertThat(step.body()).isEqualTo(HttpStep.Body.JSON);
        assertThat(step.pick().keySet()).containsExactly("stars", "open_issues");
        assertThat(step.target().render(TemplateScope.of("python/cpython"))).isEqualTo("/repos/python/cpython");
        assertThat(job.print().orElseThrow().render(TemplateScope.of("a/b").with(Map.of("stars", 3, "open_issues", 4))))
                .isEqualTo("a/b: 3 stars, 4 open issues");
        assertThat(job.limits().concurrency()).isEqualTo(4);
        assertThat(job.limits().timeout()).contains(Duration.ofSeconds(10));
        assertThat(job.limits().retries()).isEqualTo(2);
        assertThat(job.limits().backoff()).isEqualTo(Duration.ofMillis(100));
        assertThat(job.onError()).isEqualTo(OnError.VALUE);
        assertThat(job.notes()).isEmpty();
    }

    @Test
    void dbUsersIsReadAsItIsPrinted() {
        Job job = Conf.job("conf/db_users.yaml");

        assertThat(job.clients().get("db"))
                .isEqualTo(new PostgresConfig(
                        "db", Secret.NONE, 2, 10, Optional.of(Duration.ofSeconds(5)), 10_000_000, 600_000));
        assertThat(job.each().count()).isEqualTo(OptionalLong.of(20));
        assertThat(job.each()).hasSize(20).startsWith(1L, 2L).endsWith(20L);
        SqlStep step = (SqlStep) job.step();
        assertThat(step.sql()).isEqualTo("SELECT id, username FROM users WHERE id = $1");
        assertThat(step.params())
                .singleElement()
                .satisfies(
                        param -> assertThat(param.value(TemplateScope.of(7L))).isEqualTo(7L));
        assertThat(step.client()).contains("db");
        assertThat(step.rows()).isEqualTo(SqlStep.Rows.FIRST);
        assertThat(job.print().orElseThrow().render(TemplateScope.of(1L).answer(Map.of("username", "ada"))))
                .isEqualTo("ada");
    }

    @Test
    void moreTasksThanConnectionsIsANote() {
        assertThat(Conf.job("conf/db_users.yaml").notes())
                .containsExactly("conf/db_users.yaml  note: concurrency 20 but clients.db.pool.max 10: "
                        + "ten tasks will wait for a connection");
        assertThat(Conf.job("conf/db_users.yaml", "clients.db.pool.max=20").notes())
                .isEmpty();
    }

    @Test
    void urlStatusIsReadAsItIsPrinted() {
        Job job = Conf.job("conf/url_status.yaml");

        assertThat(job.each())
                .hasSize(20)
                .startsWith("https://httpbin.org/delay/0?n=0")
                .endsWith("https://httpbin.org/delay/0?n=19");
        HttpStep step = (HttpStep) job.step();
        assertThat(step.client()).isEmpty();
        assertThat(step.accept()).isEqualTo(Accept.ANY);
        assertThat(step.body()).isEqualTo(HttpStep.Body.DISCARD);
        assertThat(step.target().render(TemplateScope.of("https://httpbin.org/delay/0?n=3")))
                .isEqualTo("https://httpbin.org/delay/0?n=3");
        assertThat(job.print().orElseThrow().render(TemplateScope.of("u").with("status", 200)))
                .isEqualTo("200 u");
    }

    @Test
    void asyncQueueIsReadAsItIsPrinted() {
        Job job = Conf.job("conf/async_queue.yaml");

        assertThat(job.each().count()).hasValue(100);
        assertThat(job.each().every()).contains(Duration.ofMillis(10));
        assertThat(job.queue()).contains(new QueueConfig(10, 3));
        assertThat(job.limits().concurrency()).isEqualTo(3);
        assertThat(job.step()).isEqualTo(new SleepStep(Duration.ofMillis(50)));
    }

    @Test
    void aFlagForTheConcurrencyReplacesTheConsumers() {
        assertThat(Conf.job("conf/async_queue.yaml", "limits.concurrency=7")
                        .limits()
                        .concurrency())
                .isEqualTo(7);
    }

    @Test
    void digestsIsReadAsItIsPrinted() {
        Job job = Conf.job("conf/digests.yaml");

        assertThat(job.each().items()).isEqualTo(new Items.Glob("data/*.bin"));
        assertThat(job.step()).isEqualTo(new CallStep(Sha256.class, CallStep.Offload.CPU, Map.of(), false));
        assertThat(job.limits().timeout()).contains(Duration.ofSeconds(30));
    }

    @Test
    void issuesExportIsReadAsItIsPrinted() {
        Job job = Jobs.read(
                "conf/issues_export.yaml",
                Conf.text("conf/issues_export.yaml"),
                Map.of("GITHUB_TOKEN", "t"),
                List.of());

        PagesStep step = (PagesStep) job.step();
        assertThat(step.target().render(TemplateScope.of("a/b"))).isEqualTo("/repos/a/b/issues?state=all&per_page=100");
        assertThat(step.client()).contains("github");
        assertThat(step.next()).isEqualTo(new Next.Link());
        assertThat(step.rows()).hasToString(".");
        assertThat(step.pick().keySet()).containsExactly("repo", "number", "title", "state", "updated_at");
        assertThat(step.maxPages()).isEqualTo(PagesStep.MAX_PAGES);
        assertThat(job.into()).contains(new Into("db", Optional.empty(), "gh_issues", List.of("repo", "number"), true));
        assertThat(job.limits().deadline()).contains(Duration.ofMinutes(30));
        assertThat(job.notes()).isEmpty();
    }

    @Test
    void givenItemsReplaceEachAndItsTemplate() {
        Job job = Conf.job("conf/url_status.yaml").withItems(List.of("http://a/", "http://b/"));

        assertThat(job.each()).containsExactly("http://a/", "http://b/");
        assertThat(job.each().count()).isEqualTo(OptionalLong.of(2));
    }
}
