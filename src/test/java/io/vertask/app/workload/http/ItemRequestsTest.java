package io.vertask.app.workload.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.app.job.HttpClientConfig;
import io.vertask.app.job.HttpStep;
import io.vertask.app.job.Job;
import io.vertask.app.job.template.TemplateScope;
import io.vertask.app.workload.CallFailure;
import io.vertask.testing.Jobs;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.client.impl.HttpResponseImpl;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ItemRequestsTest {
    private static final String CLIENT =
            "clients: {api: {url: \"http://h/v1/\", token: tttttttt, headers: {X-Key: kkkkkkkk}}}\n";

    private final Job job = Jobs.read(
            "x.yaml",
            "job: x\n" + CLIENT
                    + "do: {post: \"{+item}\", client: api, json: {a: 1}, headers: {X-Secret: s, Accept: b}}\n",
            Map.of(),
            List.of());
    private final ItemRequests requests = new ItemRequests(
            Optional.of((HttpClientConfig) Objects.requireNonNull(job.clients().get("api"))));

    private Request of(String item) {
        return requests.of((HttpStep) job.step(), TemplateScope.of(item));
    }

    @Test
    void whatAClientWasGivenIsForItsOwnOriginAndTheRestForAll() {
        Request home = of("/a");
        assertThat(home.url()).hasToString("http://h/v1/a");
        assertThat(home.headers().get("Authorization")).isEqualTo("Bearer tttttttt");
        assertThat(home.headers().get("X-Key")).isEqualTo("kkkkkkkk");
        assertThat(home.headers().get("X-Secret")).isEqualTo("s");
        assertThat(of("http://H:80/b").headers().names()).as("the same origin").contains("Authorization");
        for (String other : List.of("https://h/a", "http://h:81/a", "http://x.h/a")) {
            MultiMap headers = of(other).headers();
            assertThat(headers.names()).as(other).doesNotContain("Authorization", "X-Key", "X-Secret");
            assertThat(headers.get("Accept")).isEqualTo("b");
        }
    }

    @Test
    void aClientsHostMayHaveAnUnderscore() {
        Job underscore = Jobs.read("x.yaml", """
                job: x
                clients: {api: {url: "http://my_host/v1/", token: tttttttt}}
                do: {get: "{+item}", client: api}
                """, Map.of(), List.of());
        ItemRequests its = new ItemRequests(Optional.of(
                (HttpClientConfig) Objects.requireNonNull(underscore.clients().get("api"))));
        for (String home : List.of("/a", "http://MY_HOST:80/v1/a")) {
            Request request = its.of((HttpStep) underscore.step(), TemplateScope.of(home));
            assertThat(request.origin()).hasToString("http://my_host");
            assertThat(request.headers().get("Authorization")).isEqualTo("Bearer tttttttt");
        }
        assertThat(its.of((HttpStep) underscore.step(), TemplateScope.of("http://your_host/a"))
                        .headers()
                        .names())
                .doesNotContain("Authorization");
    }

    @Test
    void aContentHasItsTypeUnlessTheJobNamesAnother() {
        assertThat(of("/a").headers().get("Content-Type")).isEqualTo("application/json");
        Job own = Jobs.read(
                "x.yaml",
                "job: x\ndo: {post: \"{+item}\", json: {a: 1}, headers: {content-type: application/problem+json}}\n",
                Map.of(),
                List.of());
        Request request = new ItemRequests(Optional.empty()).of((HttpStep) own.step(), TemplateScope.of("http://h/"));
        assertThat(request.headers().getAll("Content-Type")).containsExactly("application/problem+json");
    }

    @Test
    void whatTheServerWroteHasNeitherTheTokenNorAHeadersValue() {
        assertThat(requests.masked("tttttttt and kkkkkkkk")).isEqualTo("•••• and ••••");
    }

    @Test
    void aUrlInAMessageHasNoPasswordNoControlCharactersAndAnEnd() {
        assertThat(ItemRequests.shown("http://u:p@h/a\u001b[2J")).isEqualTo("http://••••@h/a\uFFFD[2J");
        assertThat(ItemRequests.shown("http://h/" + "x".repeat(10_000)))
                .hasSize(301)
                .endsWith("…");
    }

    @ParameterizedTest
    @CsvSource({
        "http://H/a, http://h",
        "https://h, https://h",
        "http://my_host:8080/a, http://my_host:8080",
        "https://h:8443/x?y, https://h:8443",
        "no url at all, ''",
        "/a, ''",
    })
    void withoutAClientASiteIsTheOriginOfTheItem(String item, String site) {
        Job plain = Jobs.read("x.yaml", "job: x\ndo: {get: \"{+item}\"}\n", Map.of(), List.of());
        assertThat(new ItemRequests(Optional.empty()).site(((HttpStep) plain.step()).target(), TemplateScope.of(item)))
                .isEqualTo(site);
        assertThat(requests.site(((HttpStep) plain.step()).target(), TemplateScope.of(item)))
                .as("with a client")
                .isEmpty();
    }

    private CallFailure refused(int status) {
        return Responses.refused(
                new Sender.Received(
                        new HttpResponseImpl<>(
                                HttpVersion.HTTP_1_1,
                                status,
                                "",
                                MultiMap.caseInsensitiveMultiMap(),
                                MultiMap.caseInsensitiveMultiMap(),
                                List.of(),
                                Buffer.buffer(),
                                List.of()),
                        Optional.empty(),
                        of("/a"),
                        Optional.empty()),
                true,
                requests);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504, 599})
    void whatMayBeOtherwiseTheNextTimeIsTriedAgain(int status) {
        assertThat(refused(status).effect()).isEqualTo(CallFailure.Effect.RETRYABLE);
        assertThat(refused(status).brief()).isEqualTo("" + status);
    }

    @ParameterizedTest
    @ValueSource(ints = {304, 400, 403, 404, 409, 410, 422, 451})
    void whatWillNotIsNot(int status) {
        assertThat(refused(status).effect()).isEqualTo(CallFailure.Effect.FINAL);
    }

    @Test
    void a401OfTheSharedLoginStopsTheJob() {
        assertThat(refused(401).effect()).isEqualTo(CallFailure.Effect.STOPS_JOB);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://u:p@h/", "http://u:p@my_host/", "http://h:70000/", "http:///x"})
    void whatIsNoUrlForARequestIsAFailureOfItsItem(String item) {
        assertThatThrownBy(() -> of(item)).isInstanceOf(CallFailure.class);
    }
}
