package io.vertask.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DemoServerTest {
    private Vertx vertx;
    private DemoServer server;
    private WebClient client;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        server = await(DemoServer.start(vertx));
        client = WebClient.create(
                vertx, new WebClientOptions().setDefaultHost("127.0.0.1").setDefaultPort(server.port()));
    }

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @Test
    void repositoryOfThePageHasItsFiguresAndItsDelay() throws Exception {
        long asked = System.nanoTime();
        HttpResponse<Buffer> response = get("/repos/python/cpython");
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.getHeader("content-type")).isEqualTo("application/json; charset=utf-8");
        JsonObject body = response.bodyAsJsonObject();
        assertThat(body.getString("full_name")).isEqualTo("python/cpython");
        assertThat(body.getInteger("stargazers_count")).isEqualTo(66214);
        assertThat(body.getInteger("open_issues_count")).isEqualTo(9120);
        assertThat(body.getJsonObject("owner").getString("login")).isEqualTo("python");
        assertThat(body.getString("html_url")).isEqualTo("https://github.com/python/cpython");
    }

    @Test
    void eachRepositoryOfThePageIsServedAfterItsOwnDelay() {
        Repositories all = Repositories.withSilence(Duration.ofMinutes(1));
        assertThat(DemoServer.repositories())
                .containsExactly(
                        "python/cpython",
                        "pallets/flask",
                        "tiangolo/fastapi",
                        "django/django",
                        "acme/gone",
                        "acme/slow",
                        "acme/flaky",
                        "acme/busy");
        assertThat(DemoServer.repositories().stream()
                        .limit(4)
                        .map(name -> delayOf(all, name).toMillis()))
                .containsExactly(300L, 100L, 200L, 150L);
    }

    @Test
    void rateLimitHeadersCountDown() throws Exception {
        HttpResponse<Buffer> first = get("/repos/acme/gone");
        HttpResponse<Buffer> second = get("/repos/acme/gone");
        assertThat(first.getHeader("x-ratelimit-limit")).isEqualTo("5000");
        assertThat(first.getHeader("x-ratelimit-remaining")).isEqualTo("4999");
        assertThat(second.getHeader("x-ratelimit-remaining")).isEqualTo("4998");
        assertThat(Long.parseLong(first.getHeader("x-ratelimit-reset")))
                .isGreaterThan(System.currentTimeMillis() / 1000);
    }

    @Test
    void goneUnknownAndOtherPathsAreNotFoundInGitHubsWords() throws Exception {
        for (String path : new String[] {"/repos/acme/gone", "/repos/no/body", "/repos/acme", "/"}) {
            HttpResponse<Buffer> response = get(path);
            assertThat(response.statusCode()).as(path).isEqualTo(404);
            assertThat(response.bodyAsJsonObject().getString("message")).isEqualTo("Not Found");
            assertThat(response.bodyAsJsonObject().getString("documentation_url"))
                    .startsWith("https://");
        }
    }

    @Test
    void flakyFailsOnceForEachServer() throws Exception {
        assertThat(get("/repos/acme/flaky").statusCode()).isEqualTo(503);
        assertThat(get("/repos/acme/flaky").statusCode()).isEqualTo(200);
        DemoServer other = await(DemoServer.start(vertx));
        assertThat(await(client.get(other.port(), "127.0.0.1", "/repos/acme/flaky")
                                .send())
                        .statusCode())
                .isEqualTo(503);
    }

    @Test
    void busyAsksOnceToRetryAfterASecond() throws Exception {
        HttpResponse<Buffer> first = get("/repos/acme/busy");
        assertThat(first.statusCode()).isEqualTo(429);
        assertThat(first.getHeader("retry-after")).isEqualTo("1");
        HttpResponse<Buffer> second = get("/repos/acme/busy");
        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(second.getHeader("retry-after")).isNull();
    }

    @Test
    void onlyGetIsServed() throws Exception {
        HttpResponse<Buffer> response =
                await(client.post("/repos/python/cpython").send());
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.getHeader("allow")).isEqualTo("GET");
    }

    @Test
    void clientThatHangsUpOnSlowLeavesNoTimerBehind() throws Exception {
        HttpClient http = vertx.createHttpClient();
        HttpClientRequest request = await(http.request(HttpMethod.GET, server.port(), "127.0.0.1", "/repos/acme/slow"));
        request.response().onFailure(expected -> {});
        await(request.end());
        eventually(() -> server.stats().open() == 1 && server.pendingTimers() == 1);
        await(request.connection().close());
        eventually(() -> server.stats().open() == 0);
        assertThat(server.pendingTimers()).isZero();
        assertThat(server.stats()).isEqualTo(new DemoServer.Stats(1, 0, 1, 0, 1));
    }

    @Test
    void http2StreamThatIsResetOnSlowLeavesNoTimerBehind() throws Exception {
        HttpClient http = vertx.createHttpClient(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false));
        HttpClientRequest request = await(http.request(HttpMethod.GET, server.port(), "127.0.0.1", "/repos/acme/slow"));
        request.response().onFailure(expected -> {});
        await(request.end());
        eventually(() -> server.pendingTimers() == 1);
        request.reset();
        eventually(() -> server.stats().open() == 0);
        assertThat(server.pendingTimers()).isZero();
        assertThat(server.stats()).isEqualTo(new DemoServer.Stats(1, 0, 1, 0, 1));
    }

    @Test
    void slowAnswersWhenItsSilenceIsOver() throws Exception {
        DemoServer quick = await(DemoServer.start(vertx, 0, Duration.ofMillis(20)));
        assertThat(await(client.get(quick.port(), "127.0.0.1", "/repos/acme/slow")
                                .send())
                        .statusCode())
                .isEqualTo(200);
        assertThat(quick.pendingTimers()).isZero();
    }

    @Test
    void delayEchoesTheQuery() throws Exception {
        HttpResponse<Buffer> response = get("/delay/0?n=3&x=a&x=b");
        JsonObject body = response.bodyAsJsonObject();
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(body.getJsonObject("args"))
                .isEqualTo(new JsonObject()
                        .put("n", "3")
                        .put("x", new JsonArray().add("a").add("b")));
        assertThat(body.getString("url")).isEqualTo(server.url() + "/delay/0?n=3&x=a&x=b");
    }

    @Test
    void delayTakesDecimals() throws Exception {
        long asked = System.nanoTime();
        assertThat(get("/delay/0.15").bodyAsJsonObject().getDouble("delay")).isEqualTo(0.15);
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isGreaterThanOrEqualTo(Duration.ofMillis(150));
    }

    @Test
    void delayThatIsNoNumberIsABadRequest() throws Exception {
        for (String seconds : new String[] {"", "-1", "NaN", "1e3", "two"}) {
            assertThat(get("/delay/" + seconds).statusCode()).as(seconds).isEqualTo(400);
        }
    }

    @Test
    void statsCountRequestsAndTheirPeak() throws Exception {
        Future<?> twenty = Future.all(IntStream.range(0, 20)
                .mapToObj(n -> client.get("/delay/0.2?n=" + n).send())
                .toList());
        await(twenty);
        DemoServer.Stats stats = server.stats();
        assertThat(stats.requests()).isEqualTo(20);
        assertThat(stats.answered()).isEqualTo(20);
        assertThat(stats.open()).isZero();
        // The client's pool has five connections.
        assertThat(stats.peakOpen()).isEqualTo(5);
    }

    @Test
    void closeEndsWaitingRequestsAndIsNotTheClientsDoing() throws Exception {
        Future<HttpResponse<Buffer>> waiting = client.get("/repos/acme/slow").send();
        eventually(() -> server.pendingTimers() == 1);
        await(server.close());
        eventually(waiting::isComplete);
        assertThat(waiting.failed()).isTrue();
        assertThat(server.pendingTimers()).isZero();
        assertThat(server.stats()).isEqualTo(new DemoServer.Stats(1, 0, 0, 0, 1));
        await(server.close());
    }

    private static Duration delayOf(Repositories all, String name) {
        return Objects.requireNonNull(all.find(name)).delay();
    }

    private HttpResponse<Buffer> get(String target) throws Exception {
        return await(client.get(target).send());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /** Polls, because what is awaited happens on the server's loop and has no future. */
    private static void eventually(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("within 5 s").isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }
}
