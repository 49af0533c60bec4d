package io.vertask.client;

import static io.vertask.client.HttpHouse.outcome;
import static io.vertask.client.HttpHouse.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.TaskTimeoutException;
import io.vertask.task.Tasks;
import io.vertask.testing.RecordingHttpServer;
import io.vertask.testing.Reply;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.streams.WriteStream;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.codec.BodyCodec;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bodies: how long they may be, packed or not, missing, broken off. */
class HttpBodyTest {
    private static final int LIMIT = 100_000;

    private final CountDownLatch endlessClosed = new CountDownLatch(1);
    private HttpHouse house;
    private String url;
    private long endlessSent;
    private volatile boolean followed;

    @BeforeEach
    void open() throws Exception {
        house = new HttpHouse(HttpCalls.Options.of(1).withMaxBodyBytes(LIMIT));
        HttpServer server = house.vertx
                .createHttpServer(new HttpServerOptions().setCompressionSupported(true))
                .requestHandler(this::serve);
        url = "http://127.0.0.1:"
                + server.listen(0, "127.0.0.1").await(5, TimeUnit.SECONDS).actualPort();
    }

    private void serve(HttpServerRequest request) {
        switch (request.path()) {
            case "/exact" -> request.response().end(Buffer.buffer(new byte[LIMIT]));
            case "/long", "/bomb" -> request.response().end(Buffer.buffer(new byte[50 * LIMIT]));
            case "/head" ->
                request.response().putHeader("content-length", "" + 50 * LIMIT).end();
            case "/moving" ->
                request.response()
                        .setStatusCode(302)
                        .putHeader("location", "/never")
                        .setChunked(true)
                        .write("it is ");
            case "/never" -> {
                followed = true;
                request.response().end();
            }
            case "/unchanged" ->
                request.response()
                        .setStatusCode(304)
                        .putHeader("content-length", "" + 50 * LIMIT)
                        .end();
            case "/empty" -> request.response().setStatusCode(204).end();
            case "/endless" -> {
                request.connection().closeHandler(closed -> endlessClosed.countDown());
                request.response().setChunked(true);
                long timer = house.vertx.setPeriodic(1, tick -> {
                    if (!request.response().ended() && !request.response().writeQueueFull()) {
                        endlessSent += 10_000;
                        request.response().write(Buffer.buffer(new byte[10_000]));
                    }
                });
                request.response().exceptionHandler(error -> house.vertx.cancelTimer(timer));
                request.response().closeHandler(error -> house.vertx.cancelTimer(timer));
            }
            default -> request.response().end("{\"a\":");
        }
    }

    @AfterEach
    void close() throws Exception {
        house.close();
    }

    private HttpRequest<Buffer> plain(String path) {
        return house.http.web().getAbs(url + path).putHeader("accept-encoding", "identity");
    }

    @Test
    void aBodyOfExactlyTheLimitPasses() throws Exception {
        assertThat(value(house.start(() -> plain("/exact").send())).body().length())
                .isEqualTo(LIMIT);
    }

    @Test
    void theLengthOfABodyThatIsNotSentDoesNotCount() throws Exception {
        HttpResponse<Buffer> unchanged = value(house.get(url + "/unchanged"));
        assertThat(unchanged.statusCode()).isEqualTo(304);
        assertThat(unchanged.body()).isNull();
        theNextOneProceeds();
    }

    @Test
    void aLongerOneFailsAndSaysWhatToDo() throws Exception {
        Task<HttpResponse<Buffer>> call =
                house.start(() -> plain("/long?token=secret").send());
        assertThat(outcome(call).errorOrNull())
                .isInstanceOf(HttpBodyTooLargeException.class)
                .hasMessage("the response body of " + url + "/long is longer than the limit of 100000 bytes;"
                        + " raise maxBodyBytes if that is expected");
        theNextOneProceeds();
    }

    @Test
    void anEndlessOneIsCutAtTheLimitAndItsConnectionClosed() throws Exception {
        assertThat(outcome(house.start(() -> plain("/endless").send())).errorOrNull())
                .isInstanceOf(HttpBodyTooLargeException.class);
        HttpHouse.await(endlessClosed);
        assertThat(endlessSent).isLessThan(10L * LIMIT);
        theNextOneProceeds();
    }

    @Test
    void theLimitCountsWhatComesOutOfTheDecompression() throws Exception {
        Task<HttpResponse<Buffer>> fits =
                house.start(() -> house.http.web().getAbs(url + "/exact").send());
        assertThat(value(fits).body().length()).isEqualTo(LIMIT);
        Task<HttpResponse<Buffer>> bomb =
                house.start(() -> house.http.web().getAbs(url + "/bomb").send());
        assertThat(outcome(bomb).errorOrNull()).isInstanceOf(HttpBodyTooLargeException.class);
        theNextOneProceeds();
    }

    @Test
    void theLimitHoldsForADiscardedBodyAndForARequestSentTwice() throws Exception {
        Task<Void> twice = house.start(() -> {
            HttpRequest<Void> request = plain("/long").as(BodyCodec.none());
            return request.send()
                    .transform(first -> {
                        assertThat(first.failed()).isTrue();
                        return request.uri("/exact").send();
                    })
                    .mapEmpty();
        });
        assertThat(outcome(twice).isSuccess()).isTrue();
    }

    @Test
    void noBodyNeedsNoLimit() throws Exception {
        HttpResponse<Buffer> head = value(house.start(() ->
                house.http.web().requestAbs(HttpMethod.HEAD, url + "/head").send()));
        assertThat(head.getHeader("content-length")).isEqualTo("" + 50 * LIMIT);
        assertThat(head.body()).isNull();
        assertThat(value(house.get(url + "/empty")).statusCode()).isEqualTo(204);
        theNextOneProceeds();
    }

    @Test
    void aBodyThatCannotBeDecodedFailsAndLeavesTheConnectionUsable() throws Exception {
        Task<?> call = house.start(() -> house.http
                .web()
                .getAbs(url + "/broken")
                .as(BodyCodec.jsonObject())
                .send());
        assertThat(outcome(call).errorOrNull()).isInstanceOf(io.vertx.core.json.DecodeException.class);
        theNextOneProceeds();
    }

    @Test
    void aServerThatClosesHalfWayFailsTheCallAtOnce() throws Exception {
        try (RecordingHttpServer server = RecordingHttpServer.start()
                .on("/cut", new Reply.CloseAfter(60, Reply.ok("x".repeat(500))))
                .on("/hangup", new Reply.HangUp())) {
            for (String path : new String[] {"/cut", "/hangup"}) {
                assertThat(outcome(house.get(server.url() + path)).errorOrNull())
                        .isInstanceOf(HttpClosedException.class);
            }
            server.refuse();
            assertThat(outcome(house.get(server.url() + "/")).errorOrNull()).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void aLimitThatPassesWhileTheBodyOfARedirectIsReadIsTheEnd() throws Exception {
        for (int i = 0; i < 3; i++) {
            Task<HttpResponse<Buffer>> call = house.start(() -> Tasks.timeout(
                    Duration.ofMillis(100),
                    () -> house.http.web().getAbs(url + "/moving").send()));
            assertThat(outcome(call).errorOrNull()).isInstanceOf(TaskTimeoutException.class);
        }
        theNextOneProceeds();
        assertThat(followed).isFalse();
    }

    private void theNextOneProceeds() throws Exception {
        assertThat(value(house.get(url + "/exact")).statusCode()).isEqualTo(200);
    }

    @Test
    void aRequestThatIsSentAgainHasTheSameLimit() throws Exception {
        HttpRequest<Buffer> exact = house.http.web().getAbs(url + "/exact");
        HttpRequest<Buffer> tooLong = house.http.web().getAbs(url + "/long");
        for (int i = 0; i < 3; i++) {
            assertThat(value(house.start(exact::send)).body().length()).isEqualTo(LIMIT);
            assertThat(outcome(house.start(tooLong::send)).errorOrNull()).isInstanceOf(HttpBodyTooLargeException.class);
        }
    }

    @Test
    void aBodyWhoseTargetCannotTakeItFailsTheCallAndIsCutOff() throws Exception {
        IllegalStateException full = new IllegalStateException("the disk is full");
        Task<?> call = house.start(() -> house.http
                .web()
                .getAbs(url + "/endless")
                .as(BodyCodec.pipe(new Refusing(full)))
                .send());
        assertThat(outcome(call).errorOrNull()).isSameAs(full);
        HttpHouse.await(endlessClosed);
        theNextOneProceeds();
    }

    @Test
    void aWriteThatFailsAfterTheLastChunkFailsTheCall() throws Exception {
        IllegalStateException full = new IllegalStateException("the disk is full");
        for (boolean closes : List.of(true, false)) {
            Late disk = new Late();
            Task<HttpResponse<Void>> call = house.start(() -> house.http
                    .web()
                    .getAbs(url + "/exact")
                    .as(BodyCodec.pipe(disk, closes))
                    .send());
            disk.afterTheEnd(() -> disk.last.tryFail(full));
            assertThat(outcome(call).errorOrNull()).as("closes %s", closes).isSameAs(full);
            theNextOneProceeds();
        }
    }

    @Test
    void theCallIsOverWhenTheLastChunkHasBeenTaken() throws Exception {
        Late disk = new Late();
        Task<HttpResponse<Void>> call = house.start(() -> house.http
                .web()
                .getAbs(url + "/exact")
                .as(BodyCodec.pipe(disk, false))
                .send());
        AtomicReference<Task.State> waits = new AtomicReference<>();
        disk.afterTheEnd(() -> {
            waits.set(call.state());
            disk.last.tryComplete();
        });
        assertThat(value(call).statusCode()).isEqualTo(200);
        assertThat(waits).hasValue(Task.State.RUNNING);
        Late stuck = new Late();
        Task<HttpResponse<Void>> cancelled = house.start(() -> house.http
                .web()
                .getAbs(url + "/exact")
                .as(BodyCodec.pipe(stuck))
                .send());
        stuck.afterTheEnd(cancelled::cancel);
        assertThat(outcome(cancelled)).isInstanceOf(Outcome.Cancelled.class);
        // too late to mean anything
        stuck.last.tryComplete();
        theNextOneProceeds();
    }

    /** Takes everything, but says of no chunk that it is written until the test says how that went. */
    private static final class Late extends Sink {
        final Promise<Void> last = Promise.promise();
        private final CompletableFuture<Context> written = new CompletableFuture<>();

        @Override
        public Future<Void> write(Buffer data) {
            written.complete(Vertx.currentContext());
            return last.future();
        }

        /** On the loop: chunk and end of so short a body come in one go, so both have come then. */
        void afterTheEnd(Runnable action) {
            written.orTimeout(15, TimeUnit.SECONDS).join().runOnContext(v -> action.run());
        }
    }

    /** Fails each write, a moment later. */
    private static final class Refusing extends Sink {
        private final Throwable error;

        Refusing(Throwable error) {
            this.error = error;
        }

        @Override
        public Future<Void> write(Buffer data) {
            Promise<Void> later = Promise.promise();
            Vertx.currentContext().runOnContext(v -> later.fail(error));
            return later.future();
        }
    }

    /** A stream that is never full. */
    private abstract static class Sink implements WriteStream<Buffer> {
        @Override
        public WriteStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> handler) {
            return this;
        }

        @Override
        public Future<Void> end() {
            return Future.succeededFuture();
        }

        @Override
        public WriteStream<Buffer> setWriteQueueMaxSize(int maxSize) {
            return this;
        }

        @Override
        public boolean writeQueueFull() {
            return false;
        }

        @Override
        public WriteStream<Buffer> drainHandler(@Nullable Handler<Void> handler) {
            return this;
        }
    }
}
