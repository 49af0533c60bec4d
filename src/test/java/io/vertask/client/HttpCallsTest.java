package io.vertask.client;

import static io.vertask.client.HttpHouse.outcome;
import static io.vertask.client.HttpHouse.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.task.ClosedException;
import io.vertask.task.Task;
import io.vertask.testing.RecordedConnection;
import io.vertask.testing.RecordingHttpServer;
import io.vertask.testing.Reply;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client itself: its options, its phases, its end. */
class HttpCallsTest {
    private RecordingHttpServer server;
    private HttpHouse house;

    @BeforeEach
    void open() throws Exception {
        server = RecordingHttpServer.start()
                .on("/silent", new Reply.Silence())
                .on("/half", new Reply.HalfBody("x".repeat(4000)))
                .on("/fast", Reply.ok("fast"));
        house = HttpHouse.of(2);
    }

    @AfterEach
    void close() throws Exception {
        house.close();
        server.close();
    }

    @Test
    void theListenerHearsThePhasesInOrder() throws Exception {
        List<Phase> phases = new CopyOnWriteArrayList<>();
        value(house.start(() -> house.http.send(house.http.web().getAbs(server.url() + "/fast"), null, phases::add)));
        assertThat(phases).containsExactly(Phase.CONNECTING, Phase.RESPONSE, Phase.BODY);
    }

    @Test
    void connectionsAreKept() throws Exception {
        for (int i = 0; i < 20; i++) {
            value(house.get(server.url() + "/fast"));
        }
        assertThat(server.connections()).hasSize(1);
    }

    @Test
    void outsideATaskThePlainSendWorksAndOursSaysWhatToDo() throws Exception {
        HttpResponse<Buffer> response =
                house.http.web().getAbs(server.url() + "/fast").send().await(5, TimeUnit.SECONDS);
        assertThat(response.bodyAsString()).isEqualTo("fast");
        assertThatThrownBy(() -> house.http.send(house.http.web().getAbs(server.url() + "/fast")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("outside any task");
    }

    @Test
    void aRequestOfAnotherClientIsRefused() throws Exception {
        WebClient other = WebClient.create(house.vertx, new WebClientOptions(), new PoolOptions());
        HttpCalls ours = HttpCalls.create(house.vertx, HttpCalls.Options.of(1), house.reached);
        for (WebClient stranger : List.of(other, ours.web())) {
            Task<?> call = house.start(() -> house.http.send(stranger.getAbs(server.url() + "/fast")));
            assertThat(outcome(call).errorOrNull())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("another client");
        }
    }

    @Test
    void theEndOfTheClientEndsItsCalls() throws Exception {
        CountDownLatch queued = new CountDownLatch(1);
        CountDownLatch body = new CountDownLatch(1);
        Task<HttpResponse<Buffer>> silent = house.get(server.url() + "/silent");
        server.awaitRequests(1, HttpHouse.PATIENCE);
        Task<HttpResponse<Buffer>> half = house.get(server.url() + "/half", Phase.BODY, body);
        HttpHouse.await(body);
        Task<HttpResponse<Buffer>> waiting = house.get(server.url() + "/fast", Phase.QUEUED, queued);
        HttpHouse.await(queued);

        house.http.close().await(5, TimeUnit.SECONDS);

        for (Task<?> call : List.of(silent, half, waiting, house.get(server.url() + "/fast"))) {
            assertThat(outcome(call).errorOrNull())
                    .isInstanceOf(ClosedException.class)
                    .hasMessage("the HTTP client is closed");
        }
        for (RecordedConnection connection : server.connections()) {
            connection.awaitClosedByPeer(HttpHouse.SOON);
        }
        assertThat(server.requestLines()).containsExactly("GET /silent", "GET /half");
        assertThat(house.reached.snapshot()).hasToString("nothing");
    }

    @Test
    void theEndOfTheClientEndsAHangingConnect() throws Exception {
        try (FullBacklog full = new FullBacklog()) {
            CountDownLatch connecting = new CountDownLatch(1);
            Task<HttpResponse<Buffer>> call = house.get(full.url(), Phase.CONNECTING, connecting);
            HttpHouse.await(connecting);
            house.http.close().await(5, TimeUnit.SECONDS);
            assertThat(outcome(call).errorOrNull()).isInstanceOf(ClosedException.class);
        }
    }

    @Test
    void optionsNameTheWrongValue() {
        assertThatThrownBy(() -> HttpCalls.Options.of(0)).hasMessage("maxConnections must be at least 1, not 0");
        assertThatThrownBy(() -> HttpCalls.Options.of(1).withMaxBodyBytes(-1)).hasMessageContaining("maxBodyBytes");
        assertThatThrownBy(() -> HttpCalls.Options.of(1).withConnectTimeout(Duration.ZERO))
                .hasMessageContaining("connectTimeout");
        assertThatThrownBy(() -> HttpCalls.Options.of(1).withConnectTimeout(Duration.ofDays(25)))
                .hasMessageContaining("connectTimeout");
    }

    @Test
    void aClientWhoseCountsNobodyReadsIsAClient() throws Exception {
        HttpCalls http = HttpCalls.create(house.vertx, HttpCalls.Options.of(1));
        Task<HttpResponse<Buffer>> call =
                house.start(() -> http.web().getAbs(server.url() + "/fast").send());
        assertThat(HttpHouse.value(call).bodyAsString()).isEqualTo("fast");
        http.close().await(5, TimeUnit.SECONDS);
    }
}
