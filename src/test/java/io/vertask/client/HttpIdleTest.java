package io.vertask.client;

import static io.vertask.client.HttpHouse.outcome;
import static io.vertask.client.HttpHouse.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.vertask.task.Task;
import io.vertask.testing.RecordingHttpServer;
import io.vertask.testing.Reply;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A request that can't be repeated does not meet the end of an idle connection. */
class HttpIdleTest {
    private RecordingHttpServer server;
    private HttpHouse house;

    @BeforeEach
    void open() throws IOException {
        server = RecordingHttpServer.start();
        server.on("/fine", Reply.ok("fine"));
        server.on("/short", new Reply.Respond(200, Map.of("keep-alive", "timeout=1, max=100"), "fine"));
        house = HttpHouse.of(1);
    }

    @AfterEach
    void close() throws Exception {
        house.close();
        server.close();
    }

    private Task<HttpResponse<Buffer>> send(String method, String path) {
        return house.start(() -> house.http
                .web()
                .requestAbs(HttpMethod.valueOf(method), server.url() + path)
                .send());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "timeout=1         | 0",
                "timeout=2         | 1000",
                "timeout=5, max=99 | 1000",
                "max=99, TIMEOUT=1 | 0",
                "timeout=0         | 0",
                "timeout=75        | 1000",
                "max=5             | 1000",
                "timeout=soon      | 1000"
            })
    void theMarginIsTakenFromWhatTheServerSays(String keepAlive, long most) {
        long[] now = {0};
        HttpIdleTime idle = new HttpIdleTime(() -> now[0]);
        assertThat(idle.isTooLong()).as("a fresh connection").isFalse();
        idle.requestSent();
        idle.answered(new DefaultHttpHeaders().set("keep-alive", keepAlive));
        idle.answerEnded();
        now[0] = Duration.ofMillis(most).toNanos() - 1;
        assertThat(idle.isTooLong()).isFalse();
        now[0]++;
        assertThat(idle.isTooLong()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"GET, 1", "PUT, 1", "DELETE, 1", "POST, 3", "PATCH, 3", "PROPPATCH, 3"})
    void aConnectionOnItsLastSecondIsForRequestsThatCanBeRepeated(String method, int connections) throws Exception {
        for (int i = 0; i < 3; i++) {
            value(send(method, "/short"));
        }
        assertThat(server.connections()).hasSize(connections);
    }

    @Test
    void aFreshOneIsUsedAgain() throws Exception {
        for (int i = 0; i < 5; i++) {
            value(send("POST", "/fine"));
        }
        assertThat(server.connections()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void aCloseWithoutAnAnswerIsNamedWhenTheConnectionWasUsedBefore(String method) throws Exception {
        server.on("/gone", new Reply.HangUp());
        server.on("/reset", new Reply.ResetAfter(0, Reply.ok("")));
        server.on("/begun", new Reply.Raw("HTTP/1.1 200", true));
        assertThat(outcome(send(method, "/gone")).errorOrNull())
                .isInstanceOf(HttpClosedException.class)
                .isNotInstanceOf(HttpIdleClosedException.class);
        for (String path : new String[] {"/gone", "/reset"}) {
            value(send(method, "/fine"));
            assertThat(outcome(send(method, path)).errorOrNull())
                    .isInstanceOf(HttpIdleClosedException.class)
                    .hasMessage("connection closed while idle");
        }
        value(send(method, "/fine"));
        assertThat(outcome(send(method, "/begun")).errorOrNull()).isNotInstanceOf(HttpIdleClosedException.class);
    }
}
