package io.vertask.client;

import static io.vertask.client.HttpHouse.outcome;
import static io.vertask.client.HttpHouse.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.Task;
import io.vertask.task.TaskTimeoutException;
import io.vertask.task.Tasks;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.ext.web.multipart.MultipartForm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an HTTP/2 server has certainly not processed is sent again; what it may have processed is not. */
@Timeout(60)
class HttpRefusalTest {
    private static final long REFUSED = 7;
    private static final long INTERNAL = 2;

    private final AtomicInteger connections = new AtomicInteger();
    private final List<String> processed = new CopyOnWriteArrayList<>();
    private final List<Phase> phases = new CopyOnWriteArrayList<>();
    private final AtomicInteger told = new AtomicInteger();
    /** How many requests are still to be refused. */
    private final AtomicInteger refusals = new AtomicInteger();

    private final AtomicInteger refused = new AtomicInteger();

    private HttpHouse house;
    private String url;

    @BeforeEach
    void open() throws Exception {
        house = new HttpHouse(HttpCalls.Options.of(5)
                .withWeb(new WebClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setHttp2ClearTextUpgrade(false)));
        HttpServer server = house.vertx
                .createHttpServer(new HttpServerOptions().setHttp2ClearTextEnabled(true))
                .connectionHandler(connection -> connections.incrementAndGet())
                .requestHandler(this::serve);
        url = "http://127.0.0.1:"
                + server.listen(0, "127.0.0.1").await(5, TimeUnit.SECONDS).actualPort();
    }

    @AfterEach
    void close() throws Exception {
        house.close();
    }

    private void serve(HttpServerRequest request) {
        request.exceptionHandler(gone -> {});
        request.response().exceptionHandler(gone -> {});
        if (request.path().equals("/seventh") && request.streamId() == 13) {
            // as nginx does after keepalive_requests
            request.connection().goAway(0, request.streamId());
        }
        if (refusals.getAndDecrement() > 0) {
            refused.incrementAndGet();
            switch (request.path()) {
                case "/broken" -> request.response().reset(INTERNAL);
                case "/goaway-below" -> {
                    // this stream may have been processed
                    request.connection().goAway(0, request.streamId());
                    request.connection().close();
                }
                case "/goaway" -> request.connection().goAway(0, Math.max(0, request.streamId() - 2));
                case "/goaway-twice" -> {
                    request.connection().goAway(0, Integer.MAX_VALUE);
                    request.connection().goAway(0, Math.max(0, request.streamId() - 2));
                }
                case "/silent" -> {}
                default -> request.response().reset(REFUSED);
            }
            return;
        }
        request.body().onSuccess(body -> {
            processed.add(request.method() + " " + body.length());
            MultiMap headers = request.headers();
            request.response().end(body + " " + headers.get("content-type") + " " + headers.get("x-token"));
        });
    }

    private Task<HttpResponse<Buffer>> post(String path) {
        PhaseListener listener = new PhaseListener() {
            @Override
            public void phase(Phase phase) {
                phases.add(phase);
            }

            @Override
            public void notProcessed() {
                told.incrementAndGet();
            }
        };
        return house.start(() -> house.http.send(
                house.http
                        .web()
                        .requestAbs(HttpMethod.POST, url + path)
                        .putHeader("content-type", "text/plain")
                        .putHeader("x-token", "t"),
                Buffer.buffer("body"),
                listener));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/refused", "/goaway", "/goaway-twice"})
    void aPostThatWasNotProcessedIsSentAgainAsItWas(String path) throws Exception {
        refusals.set(3);
        assertThat(value(post(path)).bodyAsString()).isEqualTo("body text/plain t");
        assertThat(processed).containsExactly("POST 4");
        assertThat(refused).hasValue(3);
        assertThat(told).hasValue(3);
        assertThat(phases.subList(phases.size() - 3, phases.size()))
                .containsExactly(Phase.CONNECTING, Phase.RESPONSE, Phase.BODY);
    }

    @Test
    void tenTimesIsTheMost() throws Exception {
        refusals.set(10);
        assertThat(value(post("/refused")).statusCode()).isEqualTo(200);
        refusals.set(11);
        assertThat(outcome(post("/refused")).errorOrNull())
                .isInstanceOf(HttpNotProcessedException.class)
                .hasMessage("the server did not process the request, which was sent 11 times")
                .hasCauseInstanceOf(StreamResetException.class);
        assertThat(processed).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/broken", "/goaway-below"})
    void whatMayHaveBeenProcessedIsNotSentAgain(String path) throws Exception {
        refusals.set(1);
        assertThat(outcome(post(path)).errorOrNull())
                .isInstanceOfAny(StreamResetException.class, HttpClosedException.class);
        assertThat(refused).hasValue(1);
        assertThat(processed).isEmpty();
        assertThat(value(post("/next")).statusCode()).isEqualTo(200);
    }

    @Test
    void manyAtOnceAreEachProcessedOnce() throws Exception {
        List<Task<HttpResponse<Buffer>>> calls = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            calls.add(post("/seventh"));
        }
        for (Task<HttpResponse<Buffer>> call : calls) {
            assertThat(value(call).statusCode()).isEqualTo(200);
        }
        assertThat(processed).hasSize(300);
        assertThat(connections).hasValueGreaterThanOrEqualTo(300 / 7);
        assertThat(told).hasPositiveValue();
    }

    @Test
    void aFormIsSentAgainToo() throws Exception {
        refusals.set(2);
        Task<HttpResponse<Buffer>> call = house.start(() -> house.http
                .web()
                .postAbs(url + "/refused")
                .sendMultipartForm(MultipartForm.create().attribute("a", "b")));
        assertThat(value(call).bodyAsString()).contains("name=\"a\"").contains("multipart/form-data; boundary=");
        assertThat(processed).hasSize(1);
    }

    @Test
    void aStreamIsNotSentAgainButItsFailureSaysThatItMayBe() throws Exception {
        refusals.set(1);
        List<DemandStream<Buffer>> made = new ArrayList<>();
        Task<HttpResponse<Buffer>> call = house.start(() -> {
            DemandStream<Buffer> stream = new DemandStream<>(() -> made.get(0).end());
            made.add(stream);
            stream.open(io.vertx.core.internal.ContextInternal.current());
            stream.offer(Buffer.buffer("body"));
            return house.http.sendStream(house.http.web().postAbs(url + "/refused"), stream.pause());
        });
        assertThat(outcome(call).errorOrNull())
                .isInstanceOf(HttpNotProcessedException.class)
                .hasMessage("the server did not process the request, which was sent once");
        assertThat(processed).isEmpty();
    }

    @Test
    void theSameTimeoutHoldsForAllOfThem() throws Exception {
        refusals.set(2);
        Task<HttpResponse<Buffer>> call = house.start(() -> Tasks.timeout(
                Duration.ofMillis(300),
                () -> house.http.web().postAbs(url + "/refused").send().compose(fine -> {
                    refusals.set(1);
                    return house.http.web().postAbs(url + "/silent").send();
                })));
        assertThat(outcome(call).errorOrNull()).isInstanceOf(TaskTimeoutException.class);
    }

    @Test
    void outsideATaskItIsSentAgainToo() throws Exception {
        refusals.set(2);
        HttpResponse<Buffer> answer = house.http
                .web()
                .postAbs(url + "/refused")
                .sendBuffer(Buffer.buffer("body"))
                .await(10, TimeUnit.SECONDS);
        assertThat(answer.bodyAsString()).startsWith("body");
    }
}
