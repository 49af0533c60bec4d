package io.vertask.client;

import static io.vertask.client.HttpHouse.outcome;
import static io.vertask.client.HttpHouse.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.TaskTimeoutException;
import io.vertask.task.Tasks;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClientOptions;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HTTP/2 without TLS: a cancel resets its stream, and no other. */
class Http2CancelTest {
    private final BlockingQueue<Long> resets = new LinkedTransferQueue<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger closes = new AtomicInteger();
    private final Promise<Void> gate = Promise.promise();
    private HttpHouse house;
    private String url;

    @BeforeEach
    void open() throws Exception {
        house = new HttpHouse(HttpCalls.Options.of(4)
                .withWeb(new WebClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setHttp2ClearTextUpgrade(false)));
        HttpServer server = house.vertx
                .createHttpServer(new HttpServerOptions().setHttp2ClearTextEnabled(true))
                .connectionHandler(connection -> {
                    connections.incrementAndGet();
                    connection.closeHandler(closed -> closes.incrementAndGet());
                })
                .requestHandler(this::serve);
        url = "http://127.0.0.1:"
                + server.listen(0, "127.0.0.1").await(5, TimeUnit.SECONDS).actualPort();
    }

    private void serve(HttpServerRequest request) {
        request.exceptionHandler(error -> {});
        request.response().exceptionHandler(error -> {
            if (error instanceof StreamResetException reset) {
                resets.add(reset.getCode());
            }
        });
        switch (request.path()) {
            case "/silent" -> {}
            case "/half" -> request.response().write("half");
            case "/gated" -> gate.future().onSuccess(open -> request.response().end("gated"));
            case "/moved" ->
                request.response()
                        .setStatusCode(302)
                        .putHeader("location", "/silent")
                        .end();
            default -> request.response().end("fast");
        }
    }

    @AfterEach
    void close() throws Exception {
        house.close();
    }

    @ParameterizedTest
    @CsvSource({"/silent, RESPONSE, 1", "/half, BODY, 1", "/moved, RESPONSE, 2"})
    void cancelResetsTheStreamAndLeavesTheOthersAlone(String path, Phase phase, int times) throws Exception {
        value(house.get(url + "/fast"));
        Task<HttpResponse<Buffer>> other = house.get(url + "/gated");
        CountDownLatch there = new CountDownLatch(times);
        Task<HttpResponse<Buffer>> call = house.get(url + path, phase, there);
        HttpHouse.await(there);

        call.cancel();

        assertThat(outcome(call)).isInstanceOf(Outcome.Cancelled.class);
        assertThat(resets.poll(500, TimeUnit.MILLISECONDS)).isEqualTo(HttpCall.CANCEL);
        assertThat(house.reached.snapshot()).isEqualTo(new Reached.Counts(0, 1, 0, 0, 0, 0));
        gate.complete();
        assertThat(value(other).bodyAsString()).isEqualTo("gated");
        assertThat(value(house.get(url + "/fast")).bodyAsString()).isEqualTo("fast");
        assertThat(connections).hasValue(1);
    }

    @ParameterizedTest
    @CsvSource({"/silent", "/half", "/moved"})
    void timeoutResetsTheStream(String path) throws Exception {
        value(house.get(url + "/fast"));
        Task<HttpResponse<Buffer>> call = house.start(() -> Tasks.timeout(
                Duration.ofMillis(200),
                () -> house.http.web().getAbs(url + path).send()));
        assertThat(outcome(call).errorOrNull()).isInstanceOf(TaskTimeoutException.class);
        assertThat(resets.poll(500, TimeUnit.MILLISECONDS)).isEqualTo(HttpCall.CANCEL);
        assertThat(house.reached.snapshot()).isEqualTo(new Reached.Counts(0, 1, 0, 0, 0, 0));
    }

    @Test
    void aCancelWhileConnectingLeavesTheConnectionToTheOthers() throws Exception {
        gate.complete();
        Task<Outcome<HttpResponse<Buffer>>> both = house.start(() -> {
            HttpRequest<Buffer> request = house.http.web().getAbs(url + "/silent");
            // the connect is under way, and needs the loop to come about
            Task<HttpResponse<Buffer>> cancelled = Tasks.startEager(request::send);
            Task<HttpResponse<Buffer>> other = Tasks.startEager(
                    () -> house.http.web().getAbs(url + "/gated").send());
            return Tasks.sleep(Duration.ZERO)
                    .compose(v -> cancelled.cancelAndJoin())
                    .compose(end -> other.future().map(end));
        });
        assertThat(value(both)).isInstanceOf(Outcome.Cancelled.class);
        assertThat(value(house.get(url + "/fast")).bodyAsString()).isEqualTo("fast");
        assertThat(closes).hasValue(0);
    }
}
