package io.vertask.client;

import static io.vertask.client.HttpHouse.outcome;
import static io.vertask.client.HttpHouse.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.CancelledException;
import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.TaskTimeoutException;
import io.vertask.task.Tasks;
import io.vertask.testing.Transport;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.streams.ReadStream;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bodies as streams, in both directions, over each transport. */
@Timeout(60)
@Tag("semantics-157")
@SuppressWarnings("NullAway.Init") // each test opens them for its transport
class HttpStreamTest {
    private static final int LIMIT = 20 * StreamingServer.CHUNK;

    private HttpHouse house;
    private StreamingServer server;

    private void open(Transport transport) throws Exception {
        house = new HttpHouse(
                HttpCalls.Options.of(1).withWeb(transport.client()).withMaxBodyBytes(LIMIT));
        server = StreamingServer.start(house.vertx, transport);
    }

    @AfterEach
    void close() throws Exception {
        house.close();
    }

    private HttpRequest<Buffer> get(String path) {
        return house.http.web().requestAbs(HttpMethod.GET, server.url + path);
    }

    private HttpRequest<Buffer> post(String path) {
        return house.http.web().requestAbs(HttpMethod.POST, server.url + path);
    }

    private static Future<Buffer> all(ReadStream<Buffer> body) {
        Promise<Buffer> end = Promise.promise();
        Buffer all = Buffer.buffer();
        body.handler(all::appendBuffer).exceptionHandler(end::tryFail).endHandler(none -> end.tryComplete(all));
        return end.future();
    }

    private void theNextOneProceeds() throws Exception {
        assertThat(value(house.get(server.url + "/fast")).bodyAsString()).isEqualTo("fast");
    }

    private void wasCutOnce(Transport transport) {
        HttpHouse.eventually("the server sees its response cut", () -> server.cut.get() == 1);
        assertThat(house.reached.snapshot())
                .isEqualTo(
                        transport.multiplexed
                                ? new Reached.Counts(0, 1, 0, 0, 0, 0)
                                : new Reached.Counts(1, 0, 0, 0, 0, 0));
    }

    @ParameterizedTest
    @EnumSource
    void aBodyComesWholeAndInOrderAlsoToAReaderThatBeginsLate(Transport transport) throws Exception {
        open(transport);
        Task<String> call = house.start(() -> house.http.stream(get("/moved"), (head, body) -> {
            assertThat(head.statusCode()).isEqualTo(200);
            return Tasks.sleep(Duration.ofMillis(50))
                    .compose(slept -> all(body))
                    .map(all -> all.toString());
        }));
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            expected.append(i).append('\n');
        }
        assertThat(value(call)).isEqualTo(expected.toString());
        assertThat(server.versions).containsExactly(transport.multiplexed ? HttpVersion.HTTP_2 : HttpVersion.HTTP_1_1);
        theNextOneProceeds();
        assertThat(house.reached.snapshot()).hasToString("nothing");
    }

    @ParameterizedTest
    @EnumSource
    void anUnreadRestIsGivenUpHoweverTheReaderEnds(Transport transport) throws Exception {
        open(transport);
        Task<Integer> call = house.start(() ->
                house.http.stream(get("/endless"), null, Long.MAX_VALUE, PhaseListener.NONE, (head, body) -> {
                    Promise<Integer> first = Promise.promise();
                    body.handler(chunk -> first.tryComplete(chunk.length()));
                    return first.future();
                }));
        assertThat(value(call)).isPositive();
        wasCutOnce(transport);
        theNextOneProceeds();

        Task<Integer> thrown = house.start(() -> house.http.stream(get("/endless"), (head, body) -> {
            throw new IllegalStateException("no");
        }));
        assertThat(outcome(thrown).errorOrNull()).hasMessage("no");
        HttpHouse.eventually("cut again", () -> server.cut.get() == 2);
        theNextOneProceeds();
    }

    @ParameterizedTest
    @EnumSource
    void aReaderThatPausesHoldsTheServerBack(Transport transport) throws Exception {
        open(transport);
        Promise<Void> gate = Promise.promise();
        CountDownLatch reading = new CountDownLatch(1);
        Task<Void> call = house.start(
                () -> house.http.stream(get("/endless"), null, Long.MAX_VALUE, PhaseListener.NONE, (head, body) -> {
                    body.pause();
                    body.handler(chunk -> {});
                    reading.countDown();
                    return Tasks.await(gate.future());
                }));
        HttpHouse.await(reading);
        long before;
        do {
            before = server.sent.get();
            LockSupport.parkNanos(100_000_000);
        } while (server.sent.get() != before);
        // what the sockets hold, and no more
        assertThat(before).isLessThan(20L << 20);
        gate.complete();
        assertThat(outcome(call).errorOrNull()).isNull();
        wasCutOnce(transport);
    }

    @ParameterizedTest
    @EnumSource
    void aCancelReachesTheWireAndTheReader(Transport transport) throws Exception {
        open(transport);
        CountDownLatch reading = new CountDownLatch(1);
        List<Throwable> heard = new CopyOnWriteArrayList<>();
        Task<Buffer> call = house.start(() ->
                house.http.stream(get("/endless"), null, Long.MAX_VALUE, PhaseListener.NONE, (head, body) -> {
                    Promise<Buffer> never = Promise.promise();
                    body.handler(chunk -> reading.countDown()).exceptionHandler(error -> {
                        heard.add(error);
                        never.fail(error);
                    });
                    return never.future();
                }));
        HttpHouse.await(reading);
        call.cancel();
        assertThat(outcome(call)).isInstanceOf(Outcome.Cancelled.class);
        assertThat(heard).singleElement().isInstanceOf(CancelledException.class);
        wasCutOnce(transport);
        theNextOneProceeds();
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutReachesAReaderThatHasPaused(Transport transport) throws Exception {
        open(transport);
        // so that the limit passes while it reads, not while it connects
        theNextOneProceeds();
        Task<Buffer> call = house.start(() -> Tasks.timeout(
                Duration.ofSeconds(1),
                () -> house.http.stream(get("/endless"), (head, body) -> {
                    Future<Buffer> all = all(body);
                    body.pause();
                    return all;
                })));
        assertThat(outcome(call).errorOrNull()).isInstanceOf(TaskTimeoutException.class);
        wasCutOnce(transport);
    }

    @ParameterizedTest
    @EnumSource
    void whatBreaksOffFailsTheBodyAfterWhatHadCome(Transport transport) throws Exception {
        open(transport);
        long[] came = {0};
        Task<Void> call = house.start(() -> house.http.stream(get("/broken"), (head, body) -> {
            Promise<Void> end = Promise.promise();
            body.handler(chunk -> came[0] += chunk.length())
                    .endHandler(whole -> end.complete())
                    .exceptionHandler(end::fail);
            return end.future();
        }));
        assertThat(outcome(call).errorOrNull()).isInstanceOfAny(HttpClosedException.class, StreamResetException.class);
        assertThat(came[0]).isEqualTo(StreamingServer.CHUNK);
        theNextOneProceeds();
    }

    @ParameterizedTest
    @EnumSource
    void theLimitHoldsAfterDecompressionUnlessItIsLifted(Transport transport) throws Exception {
        open(transport);
        HttpRequest<Buffer> packed = get("/long").putHeader("accept-encoding", "gzip");
        Task<Buffer> call = house.start(() -> house.http.stream(packed, (head, body) -> all(body)));
        assertThat(outcome(call).errorOrNull())
                .isInstanceOf(HttpBodyTooLargeException.class)
                .hasMessageContaining("" + LIMIT);
        Task<Integer> lifted = house.start(() -> house.http.stream(
                packed,
                null,
                Long.MAX_VALUE,
                PhaseListener.NONE,
                (head, body) -> all(body).map(Buffer::length)));
        assertThat(value(lifted)).isEqualTo(50 * StreamingServer.CHUNK);
    }

    /** An endless body to send: made as it is asked for, on the task's context. */
    private static DemandStream<Buffer> source(long most, List<DemandStream<Buffer>> made) {
        long[] left = {most};
        DemandStream<Buffer> stream = new DemandStream<>(() -> {
            DemandStream<Buffer> self = made.get(made.size() - 1);
            if (left[0] <= 0) {
                self.end();
            } else {
                left[0] -= StreamingServer.CHUNK;
                self.offer(Buffer.buffer(new byte[StreamingServer.CHUNK]));
            }
        });
        made.add(stream);
        stream.open(ContextInternal.current());
        return stream;
    }

    @ParameterizedTest
    @EnumSource
    void anUploadIsReadAsTheConnectionTakesIt(Transport transport) throws Exception {
        open(transport);
        List<DemandStream<Buffer>> made = new ArrayList<>();
        Task<HttpResponse<Buffer>> call =
                house.start(() -> house.http.sendStream(post("/take"), source(500L * StreamingServer.CHUNK, made)));
        assertThat(value(call).bodyAsString()).isEqualTo("took " + 500L * StreamingServer.CHUNK);
        theNextOneProceeds();
        assertThat(house.reached.snapshot()).hasToString("nothing");
    }

    @ParameterizedTest
    @EnumSource
    void aCancelledUploadIsAbortedAndItsSourceLeftAlone(Transport transport) throws Exception {
        open(transport);
        List<DemandStream<Buffer>> made = new ArrayList<>();
        Task<HttpResponse<Buffer>> call =
                house.start(() -> house.http.sendStream(post("/take"), source(Long.MAX_VALUE, made)));
        HttpHouse.eventually("it flows", () -> server.received.get() > 10 * StreamingServer.CHUNK);
        call.cancel();
        assertThat(outcome(call)).isInstanceOf(Outcome.Cancelled.class);
        wasCutOnce(transport);
        long at = server.received.get();
        theNextOneProceeds();
        // paused and free: its owner may read on
        CountDownLatch more = new CountDownLatch(1);
        made.get(0).handler(chunk -> more.countDown());
        assertThat(more.await(50, TimeUnit.MILLISECONDS)).isFalse();
        made.get(0).fetch(1);
        HttpHouse.await(more);
        assertThat(server.received).hasValue(at);
    }

    @ParameterizedTest
    @EnumSource
    void anUploadToAServerThatDoesNotReadIsHeldBackAndTimesOut(Transport transport) throws Exception {
        open(transport);
        List<DemandStream<Buffer>> made = new ArrayList<>();
        Task<HttpResponse<Buffer>> call = house.start(() -> Tasks.timeout(
                Duration.ofMillis(300), () -> house.http.sendStream(post("/deaf"), source(Long.MAX_VALUE, made))));
        assertThat(outcome(call).errorOrNull()).isInstanceOf(TaskTimeoutException.class);
        theNextOneProceeds();
    }

    @ParameterizedTest
    @EnumSource
    void aSourceThatFailsFailsTheCallWithItsOwnError(Transport transport) throws Exception {
        open(transport);
        IllegalStateException bad = new IllegalStateException("bad source");
        Task<HttpResponse<Buffer>> call = house.start(() -> {
            List<DemandStream<Buffer>> made = new ArrayList<>();
            DemandStream<Buffer> source = new DemandStream<>(() -> made.get(0).fail(bad));
            made.add(source);
            source.open(ContextInternal.current());
            source.offer(Buffer.buffer("first"));
            return house.http.sendStream(post("/take"), source);
        });
        assertThat(outcome(call).errorOrNull()).isSameAs(bad);
        HttpHouse.eventually("the server sees it cut", () -> server.cut.get() == 1);
        theNextOneProceeds();
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerBeforeTheEndOfTheUploadEndsIt(Transport transport) throws Exception {
        open(transport);
        List<DemandStream<Buffer>> made = new ArrayList<>();
        Task<HttpResponse<Buffer>> call =
                house.start(() -> house.http.sendStream(post("/early"), source(Long.MAX_VALUE, made)));
        assertThat(value(call).statusCode()).isEqualTo(413);
        theNextOneProceeds();
    }

    @ParameterizedTest
    @EnumSource
    void bothBodiesMayStream(Transport transport) throws Exception {
        open(transport);
        Task<String> call = house.start(() -> house.http.stream(
                post("/take"),
                source(50L * StreamingServer.CHUNK, new ArrayList<>()),
                LIMIT,
                PhaseListener.NONE,
                (head, body) -> all(body).map(Buffer::toString)));
        assertThat(value(call)).isEqualTo("took " + 50 * StreamingServer.CHUNK);
    }
}
