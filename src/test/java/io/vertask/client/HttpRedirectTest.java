package io.vertask.client;

import static io.vertask.client.HttpHouse.outcome;
import static io.vertask.client.HttpHouse.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.Task;
import io.vertask.testing.RecordedRequest;
import io.vertask.testing.RecordingHttpServer;
import io.vertask.testing.Reply;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClientSession;
import io.vertx.ext.web.multipart.MultipartForm;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where redirects lead, and what goes along. */
class HttpRedirectTest {
    private RecordingHttpServer here;
    private RecordingHttpServer there;
    private HttpHouse house;

    @BeforeEach
    void open() throws Exception {
        here = RecordingHttpServer.start().on("/end", Reply.ok("here"));
        there = RecordingHttpServer.start().on("/end", Reply.ok("there"));
        house = HttpHouse.of(1);
    }

    @AfterEach
    void close() throws Exception {
        house.close();
        here.close();
        there.close();
    }

    private static Reply to(int status, String location) {
        return new Reply.Respond(status, Map.of("location", location), "moved");
    }

    private Task<HttpResponse<Buffer>> secret(String url) {
        return house.start(() -> house.http
                .web()
                .getAbs(url)
                .putHeader("Authorization", "Bearer s3cret")
                .putHeader("Cookie", "session=s3cret")
                .putHeader("X-Api-Key", "s3cret")
                .putHeader("Accept", "text/plain")
                .send());
    }

    @Test
    void withinTheOriginTheHeadersStay() throws Exception {
        here.on("/moved", to(302, "/end"));
        assertThat(value(secret(here.url() + "/moved")).bodyAsString()).isEqualTo("here");
        assertThat(here.requests().get(1).headers())
                .containsEntry("authorization", "Bearer s3cret")
                .containsEntry("x-api-key", "s3cret")
                .containsEntry("cookie", "session=s3cret");
        assertThat(here.connections()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"301", "302", "303", "307", "308"})
    void toAnotherOriginNoSecretGoes(int status) throws Exception {
        here.on("/moved", to(status, there.url() + "/end"));
        assertThat(value(secret(here.url() + "/moved")).bodyAsString()).isEqualTo("there");
        RecordedRequest arrived = there.requests().get(0);
        assertThat(arrived.headers().toString()).doesNotContain("s3cret");
        assertThat(arrived.headers())
                .containsEntry("accept", "text/plain")
                .containsEntry("host", there.host() + ":" + there.port());
    }

    @Test
    void anotherNameOfTheSameServerIsAnotherOrigin() throws Exception {
        here.on("/moved", to(302, "http://localhost:" + here.port() + "/end"));
        assertThat(value(secret(here.url() + "/moved")).bodyAsString()).isEqualTo("here");
        assertThat(here.requests().get(1).headers().toString()).doesNotContain("s3cret");
    }

    @Test
    void whatWasDroppedDoesNotComeBack() throws Exception {
        here.on("/moved", to(302, there.url() + "/back"));
        there.on("/back", to(302, here.url() + "/end"));
        assertThat(value(secret(here.url() + "/moved")).bodyAsString()).isEqualTo("here");
        assertThat(here.requests().get(1).headers().toString()).doesNotContain("s3cret");
    }

    @Test
    void theTokenOfASessionStaysHereToo() throws Exception {
        here.on("/moved", to(302, there.url() + "/end"));
        Task<HttpResponse<Buffer>> call = house.start(() -> WebClientSession.create(house.http.web())
                .addHeader("Authorization", "Bearer s3cret")
                .getAbs(here.url() + "/moved")
                .send());
        assertThat(value(call).bodyAsString()).isEqualTo("there");
        assertThat(here.requests().get(0).headers()).containsEntry("authorization", "Bearer s3cret");
        assertThat(there.requests().get(0).headers()).doesNotContainKey("authorization");
    }

    @ParameterizedTest
    @CsvSource({
        "/a%2Fb%20c?x=%26&y=%C3%A9, /a%2Fb%20c?x=%26&y=%C3%A9",
        "?page=2, /dir/moved?page=2",
        "other?x, /dir/other?x",
        "../up, /up",
        "'/a b|c', /a%20b%7Cc"
    })
    void theLocationIsTakenAsItIsWritten(String location, String target) throws Exception {
        String path = target.contains("?") ? target.substring(0, target.indexOf('?')) : target;
        here.on("/dir/moved", to(302, location), Reply.ok("end"));
        if (!path.equals("/dir/moved")) {
            here.on(path, Reply.ok("end"));
        }
        assertThat(value(house.get(here.url() + "/dir/moved")).bodyAsString()).isEqualTo("end");
        assertThat(here.requestLines()).last().isEqualTo("GET " + target);
    }

    private Task<HttpResponse<Buffer>> post(String path, Buffer body) {
        return house.start(() -> house.http.send(
                house.http.web().postAbs(here.url() + path).putHeader("Content-Type", "text/x-body"), body));
    }

    @Test
    void aPostFollowsSeeOtherAsGetWithoutABody() throws Exception {
        here.on("/other", to(303, "/end"));
        assertThat(value(post("/other", Buffer.buffer("body"))).bodyAsString()).isEqualTo("here");
        RecordedRequest end = here.requests().get(1);
        assertThat(end.method()).isEqualTo("GET");
        assertThat(end.body()).isEmpty();
        assertThat(end.headers()).doesNotContainKeys("content-type", "content-length");
    }

    @ParameterizedTest
    @CsvSource({"307", "308"})
    void aPostIsSentAgainWithItsBodyWithinTheOrigin(int status) throws Exception {
        here.on("/moved", to(status, "/again")).on("/again", to(status, "/end"));
        assertThat(value(post("/moved", Buffer.buffer("body"))).bodyAsString()).isEqualTo("here");
        assertThat(here.requestLines()).containsExactly("POST /moved", "POST /again", "POST /end");
        for (RecordedRequest request : here.requests()) {
            assertThat(request.body()).isEqualTo("body");
            assertThat(request.headers()).containsEntry("content-type", "text/x-body");
        }
    }

    @Test
    void aPostWithoutABodyIsSentAgainToo() throws Exception {
        here.on("/moved", to(307, there.url() + "/end"));
        Task<HttpResponse<Buffer>> call = house.start(
                () -> house.http.web().postAbs(here.url() + "/moved").send());
        assertThat(value(call).bodyAsString()).isEqualTo("there");
        assertThat(there.requestLines()).containsExactly("POST /end");
    }

    @Test
    void aFormIsSentAgainWithItsOwnHeaders() throws Exception {
        HttpServer echo = house.vertx
                .createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> {
                    if (request.path().equals("/moved")) {
                        request.response().setStatusCode(307).putHeader("location", "/end");
                    }
                    request.response().end(request.getHeader("content-type") + "\n" + body);
                }))
                .listen(0, "127.0.0.1")
                .await(10, TimeUnit.SECONDS);
        String moved = "http://127.0.0.1:" + echo.actualPort() + "/moved";
        Task<HttpResponse<Buffer>> plain = house.start(() -> house.http
                .web()
                .postAbs(moved)
                .sendForm(MultiMap.caseInsensitiveMultiMap().add("a", "1")));
        assertThat(value(plain).bodyAsString()).isEqualTo("application/x-www-form-urlencoded\na=1");
        MultipartForm form = MultipartForm.create().attribute("a", "1").attribute("b", "x y");
        Task<HttpResponse<Buffer>> parts =
                house.start(() -> house.http.web().postAbs(moved).sendMultipartForm(form));
        String[] got = value(parts).bodyAsString().split("\n", 2);
        assertThat(got[0]).startsWith("multipart/form-data; boundary=");
        assertThat(got[1])
                .startsWith("--" + got[0].substring(got[0].indexOf('=') + 1))
                .contains("x y");
    }

    @Test
    void aBodyGoesToNoOtherOrigin() throws Exception {
        here.on("/moved", to(307, there.url() + "/end"));
        assertThat(value(post("/moved", Buffer.buffer("body"))).statusCode()).isEqualTo(307);
        assertThat(there.requests()).isEmpty();
    }

    @Test
    void aBodyThatWasAStreamIsNotSentAgain() throws Exception {
        here.on("/moved", to(307, "/end"));
        DemandStream<Buffer> body = new DemandStream<>(() -> {});
        Task<HttpResponse<Buffer>> call = house.start(() -> {
            body.open(ContextInternal.current());
            body.offer(Buffer.buffer("body"));
            body.end();
            return house.http.sendStream(
                    house.http.web().postAbs(here.url() + "/moved").putHeader("Content-Length", "4"), body);
        });
        assertThat(value(call).statusCode()).isEqualTo(307);
        assertThat(here.requestLines()).containsExactly("POST /moved");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, 301 302 303 307 308",
        "HEAD, 301 302 303 307 308",
        "POST, 303 307 308",
        "DELETE, 303 307 308",
    })
    void aPostIsNoGetOnlyBecauseItsTargetMoved(String method, String statuses) {
        for (int status = 200; status < 500; status++) {
            boolean expected = List.of(statuses.split(" ")).contains(String.valueOf(status));
            assertThat(HttpRedirect.isRedirect(HttpMethod.valueOf(method), status))
                    .as("%s", status)
                    .isEqualTo(expected);
        }
    }

    @Test
    void aLoopEndsWithTheLastRedirectItself() throws Exception {
        here.on("/loop", to(302, "/loop"));
        assertThat(value(house.get(here.url() + "/loop")).statusCode()).isEqualTo(302);
        assertThat(here.requests()).hasSize(17);
    }

    @ParameterizedTest
    @CsvSource({"http://[x/?t=s3cret", "ftp://127.0.0.1/", "'/%zz?t=s3cret'", "http:///x"})
    void aLocationThatIsNoneFailsWithoutShowingIt(String location) throws Exception {
        here.on("/moved", to(302, location));
        assertThat(outcome(house.get(here.url() + "/moved?t=s3cret")).errorOrNull())
                .hasMessage("cannot follow the redirect 302 of " + here.url()
                        + "/moved: its Location is not a valid http or https URI");
        assertThat(value(house.get(here.url() + "/end")).bodyAsString()).isEqualTo("here");
    }

    @Test
    void aLongBodyOfARedirectDoesNotHoldItUp() throws Exception {
        here.on("/moved", new Reply.Respond(302, Map.of("location", "/end"), "x".repeat(3_000_000)));
        assertThat(value(house.get(here.url() + "/moved")).bodyAsString()).isEqualTo("here");
    }

    @Test
    void aRedirectToTheRootOfAServerNeedsNoPath() throws Exception {
        there.on("/", Reply.ok("root"));
        here.on("/moved", to(302, there.url())).on("/again", to(301, there.url() + "?page=2"));
        assertThat(value(house.get(here.url() + "/moved")).bodyAsString()).isEqualTo("root");
        assertThat(value(house.get(here.url() + "/again")).bodyAsString()).isEqualTo("root");
        assertThat(there.requestLines()).containsExactly("GET /", "GET /?page=2");
    }

    @Test
    void aLocationThatLeavesTheSchemeOrThePathOutTakesThemFromTheRequest() throws Exception {
        here.on("/dir", to(302, "#part"), Reply.ok("part"))
                .on("/list", to(302, "#part"), Reply.ok("list"))
                .on("/other", to(302, there.url().substring("http:".length()) + "/end"));
        assertThat(value(house.get(here.url() + "/dir")).bodyAsString()).isEqualTo("part");
        assertThat(value(house.get(here.url() + "/list?page=7")).bodyAsString()).isEqualTo("list");
        assertThat(value(house.get(here.url() + "/other")).bodyAsString()).isEqualTo("there");
        assertThat(here.requestLines())
                .containsExactly("GET /dir", "GET /dir", "GET /list?page=7", "GET /list?page=7", "GET /other");
    }

    @Test
    void aHeadStaysAHead() throws Exception {
        here.on("/moved", new Reply.Respond(302, Map.of("location", "/end"), ""));
        Task<HttpResponse<Buffer>> head = house.start(
                () -> house.http.web().headAbs(here.url() + "/moved").send());
        assertThat(value(head).statusCode()).isEqualTo(200);
        assertThat(here.requestLines()).containsExactly("HEAD /moved", "HEAD /end");
    }

    @ParameterizedTest
    @CsvSource({"300, /end", "304, /end", "305, /end", "302, "})
    void whatIsNoRedirectIsTheResponse(int status, String location) throws Exception {
        here.on("/moved", new Reply.Respond(status, location == null ? Map.of() : Map.of("location", location), ""));
        assertThat(value(house.get(here.url() + "/moved")).statusCode()).isEqualTo(status);
        assertThat(here.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/dir/mo|ved", "/dir/100%", "/dir/{id}?q=[x]^%zz", "/dir/moved?q=\"a\""})
    void aRequestWhosePathIsNoUriIsRedirectedAllTheSame(String path) throws Exception {
        String known = path.contains("?") ? path.substring(0, path.indexOf('?')) : path;
        here.on(known, to(302, "../end"), to(302, there.url() + "/end"));
        for (String body : List.of("here", "there")) {
            assertThat(value(asWritten(path)).bodyAsString()).isEqualTo(body);
        }
    }

    @Test
    void whatARelativeLocationKeepsOfSuchAPathIsEncoded() throws Exception {
        here.on("/mo|ved", to(302, "?page=2")).on("/mo%7Cved", Reply.ok("page"));
        assertThat(value(asWritten("/mo|ved")).bodyAsString()).isEqualTo("page");
        assertThat(here.requestLines()).containsExactly("GET /mo|ved", "GET /mo%7Cved?page=2");
    }

    private Task<HttpResponse<Buffer>> asWritten(String path) {
        URI url = URI.create(here.url());
        return house.start(
                () -> house.http.web().get(url.getPort(), url.getHost(), path).send());
    }

    @Test
    void theLimitsOfTheRequestGoWithIt() {
        RequestOptions before =
                new RequestOptions().setTimeout(1).setConnectTimeout(2).setIdleTimeout(3);
        RequestOptions next = new RequestOptions();
        HttpRedirectHandler.carryOver(before, next, false);
        assertThat(List.of(next.getTimeout(), next.getConnectTimeout(), next.getIdleTimeout()))
                .containsExactly(1L, 2L, 3L);
        RequestOptions without = new RequestOptions().setTimeout(7);
        HttpRedirectHandler.carryOver(new RequestOptions(), without, true);
        assertThat(without.getTimeout()).isEqualTo(7);
    }

    @Test
    void anAddressWithoutAPathIsTheRoot() throws Exception {
        here.on("", to(302, "end"));
        assertThat(value(house.get(here.url() + "?a=b")).bodyAsString()).isEqualTo("here");
        assertThat(here.requestLines()).last().isEqualTo("GET /end");
    }
}
