package io.vertask.client;

import static io.vertask.client.HttpHouse.PATIENCE;
import static io.vertask.client.HttpHouse.SOON;
import static io.vertask.client.HttpHouse.outcome;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.TaskTimeoutException;
import io.vertask.task.Tasks;
import io.vertask.testing.RecordedConnection;
import io.vertask.testing.RecordingHttpServer;
import io.vertask.testing.Reply;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.impl.WebClientInternal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/1.1: what a cancel or a timeout reaches in each phase, with one slot. */
class HttpCancelTest {
    private static final Duration LIMIT = Duration.ofMillis(150);

    private RecordingHttpServer server;
    private HttpHouse house;

    @BeforeEach
    void open() throws Exception {
        server = RecordingHttpServer.start()
                .on("/silent", new Reply.Silence())
                .on("/half", new Reply.HalfBody("x".repeat(4000)))
                .on("/moved", new Reply.Respond(302, Map.of("location", "/silent"), "gone there"))
                .on("/fast", Reply.ok("fast"));
        house = HttpHouse.of(1);
    }

    @AfterEach
    void close() throws Exception {
        house.close();
        server.close();
    }

    @ParameterizedTest
    @CsvSource({"/silent, RESPONSE, 1", "/half, BODY, 1", "/moved, RESPONSE, 2"})
    void cancelInFlightClosesTheConnection(String path, Phase phase, int requests) throws Exception {
        CountDownLatch there = new CountDownLatch(requests);
        Task<HttpResponse<Buffer>> call = house.get(server.url() + path, phase, there);
        RecordedConnection connection = server.awaitRequests(requests, PATIENCE);
        HttpHouse.await(there);

        long asked = System.nanoTime();
        call.cancel();

        assertThat(outcome(call)).isInstanceOf(Outcome.Cancelled.class);
        assertThat(Duration.ofNanos(connection.awaitClosedByPeer(SOON) - asked)).isLessThan(SOON);
        assertThat(house.reached.snapshot()).isEqualTo(new Reached.Counts(1, 0, 0, 0, 0, 0));
        theNextRequestProceeds(requests);
    }

    @ParameterizedTest
    @CsvSource({"/silent, 1", "/half, 1", "/moved, 2"})
    void timeoutInFlightClosesTheConnection(String path, int requests) throws Exception {
        Task<HttpResponse<Buffer>> call = house.start(() -> Tasks.timeout(
                LIMIT, () -> house.http.web().getAbs(server.url() + path).send()));
        RecordedConnection connection = server.awaitRequests(requests, PATIENCE);

        assertThat(outcome(call).errorOrNull()).isInstanceOf(TaskTimeoutException.class);
        connection.awaitClosedByPeer(SOON);
        assertThat(house.reached.snapshot()).isEqualTo(new Reached.Counts(1, 0, 0, 0, 0, 0));
        theNextRequestProceeds(requests);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aQueuedCallLeavesTheQueueAndIsNeverSent(boolean timeout) throws Exception {
        Task<HttpResponse<Buffer>> first = house.get(server.url() + "/silent");
        RecordedConnection connection = server.awaitRequests(1, PATIENCE);
        CountDownLatch queued = new CountDownLatch(1);
        Task<HttpResponse<Buffer>> second = timeout
                ? house.start(() -> Tasks.timeout(
                        LIMIT,
                        () -> house.http.web().getAbs(server.url() + "/zombie").send()))
                : house.get(server.url() + "/zombie", Phase.QUEUED, queued);
        Task<HttpResponse<Buffer>> third = house.get(server.url() + "/fast");
        if (!timeout) {
            HttpHouse.await(queued);
            second.cancel();
        }

        assertThat(outcome(second).errorOrNull()).isNotNull();
        assertThat(house.reached.snapshot()).isEqualTo(new Reached.Counts(0, 0, 0, 1, 0, 0));
        assertThat(connection.isClosedByPeer()).isFalse();
        assertThat(third.state().isDone()).isFalse();
        first.cancel();
        assertThat(outcome(third).isSuccess()).isTrue();
        assertThat(server.requestLines()).containsExactly("GET /silent", "GET /fast");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aHangingConnectHoldsUpNobodyAfterItsCancel(boolean timeout) throws Exception {
        try (FullBacklog full = new FullBacklog()) {
            for (int i = 0; i < 3; i++) {
                CountDownLatch connecting = new CountDownLatch(1);
                Task<HttpResponse<Buffer>> call = timeout
                        ? house.start(() -> Tasks.timeout(
                                LIMIT, () -> house.http.web().getAbs(full.url()).send()))
                        : house.get(full.url(), Phase.CONNECTING, connecting);
                if (!timeout) {
                    HttpHouse.await(connecting);
                    call.cancel();
                }
                assertThat(outcome(call).errorOrNull()).isNotNull();
            }
            assertThat(house.http.slots.counts()).isEqualTo(List.of(0, 0, 3));
            theNextRequestProceeds(0);
        }
    }

    @Test
    void aConnectThatSucceedsAfterItsCancelIsClosedUnused() throws Exception {
        try (FullBacklog full = new FullBacklog()) {
            CountDownLatch connecting = new CountDownLatch(1);
            Task<HttpResponse<Buffer>> call = house.get(full.url(), Phase.CONNECTING, connecting);
            HttpHouse.await(connecting);
            call.cancel();
            assertThat(outcome(call)).isInstanceOf(Outcome.Cancelled.class);

            for (var socket : full.acceptAll(1)) {
                socket.setSoTimeout(2_000);
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
                socket.close();
            }
            HttpHouse.eventually(
                    "the close is counted", () -> house.reached.snapshot().socketsClosed() == 1);
            assertThat(house.http.slots.counts()).isEqualTo(List.of(0, 0, 0));
        }
    }

    @Test
    void aConnectThatSucceedsAfterItsCallHasFailedIsClosedAndCountsAsNoCancel() throws Exception {
        IllegalStateException bad = new IllegalStateException("bad");
        List<Runnable> failing = new CopyOnWriteArrayList<>();
        ((WebClientInternal) house.http.web()).addInterceptor(http -> {
            failing.add(() -> http.fail(bad));
            http.next();
        });
        try (FullBacklog full = new FullBacklog()) {
            CountDownLatch connecting = new CountDownLatch(1);
            Task<HttpResponse<Buffer>> call = house.get(full.url(), Phase.CONNECTING, connecting);
            HttpHouse.await(connecting);
            // as the interceptor of a cache or a session may: at any time
            house.vertx.runOnContext(turn -> failing.get(0).run());
            assertThat(outcome(call).errorOrNull()).isSameAs(bad);
            assertThat(house.http.slots.counts()).isEqualTo(List.of(0, 0, 1));

            for (var socket : full.acceptAll(1)) {
                socket.setSoTimeout(2_000);
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
                socket.close();
            }
            HttpHouse.eventually(
                    "its slot is free", () -> house.http.slots.counts().equals(List.of(0, 0, 0)));
            assertThat(outcome(house.get(server.url() + "/fast")).isSuccess()).isTrue();
            assertThat(house.reached.snapshot()).hasToString("nothing");
        }
    }

    @Test
    void pastTheSpareOnesACancelledConnectKeepsItsSlotUntilItEnds() throws Exception {
        try (FullBacklog full = new FullBacklog();
                HttpHouse tight = new HttpHouse(HttpCalls.Options.of(1).withConnectTimeout(Duration.ofMillis(700)))) {
            int spare = tight.http.maxSockets() - 1;
            for (int i = 0; i <= spare; i++) {
                CountDownLatch connecting = new CountDownLatch(1);
                Task<HttpResponse<Buffer>> call = tight.get(full.url(), Phase.CONNECTING, connecting);
                HttpHouse.await(connecting);
                call.cancel();
                assertThat(outcome(call)).isInstanceOf(Outcome.Cancelled.class);
            }
            assertThat(tight.http.slots.counts()).isEqualTo(List.of(1, 0, spare));
            assertThat(outcome(tight.get(server.url() + "/fast")).isSuccess()).isTrue();
        }
    }

    @Test
    void aCallInACancelledTaskIsNotSent() throws Exception {
        Task<HttpResponse<Buffer>> call = house.start(() -> Tasks.sleep(PATIENCE)
                .recover(cancelled -> Tasks.sleep(Duration.ZERO))
                .transform(
                        ended -> house.http.web().getAbs(server.url() + "/fast").send()));
        HttpHouse.eventually("it runs", () -> call.state() == Task.State.RUNNING);
        call.cancel();
        assertThat(outcome(call)).isInstanceOf(Outcome.Cancelled.class);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void whatAListenerThrowsDoesNotStopTheCall() throws Exception {
        Task<HttpResponse<Buffer>> call =
                house.start(() -> house.http.send(house.http.web().getAbs(server.url() + "/fast"), null, phase -> {
                    throw new IllegalStateException("listener");
                }));
        assertThat(outcome(call).isSuccess()).isTrue();
    }

    @Test
    void aListenerThatCancelsInAnyPhaseEndsTheCallCleanly() throws Exception {
        for (Phase phase : List.of(Phase.CONNECTING, Phase.RESPONSE, Phase.BODY)) {
            Task<HttpResponse<Buffer>> call =
                    house.start(() -> house.http.send(house.http.web().getAbs(server.url() + "/fast"), null, now -> {
                        if (now == phase) {
                            Task.current().orElseThrow().cancel();
                        }
                    }));
            assertThat(outcome(call)).as("%s", phase).isInstanceOf(Outcome.Cancelled.class);
        }
        assertThat(outcome(house.get(server.url() + "/fast")).isSuccess()).isTrue();
    }

    private void theNextRequestProceeds(int before) throws Exception {
        long asked = System.nanoTime();
        String next = HttpHouse.value(house.get(server.url() + "/fast")).bodyAsString();
        assertThat(next).isEqualTo("fast");
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(2));
        assertThat(server.requests()).hasSize(before + 1);
    }
}
