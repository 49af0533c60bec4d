package io.vertask.client;

import static io.vertask.client.HttpHouse.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.Tasks;
import io.vertask.testing.RecordingHttpServer;
import io.vertask.testing.Reply;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpRequest;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is left of the caller's time, in a request header. */
@Tag("semantics-162")
class HttpDeadlineTest {
    private static final String HEADER = HttpCalls.Options.DEADLINE_HEADER;

    private RecordingHttpServer server;
    private RecordingHttpServer other;

    @BeforeEach
    void open() throws Exception {
        server = RecordingHttpServer.start();
        other = RecordingHttpServer.start().on("/there", Reply.ok("there"));
        server.on("/here", Reply.ok("here"))
                .on("/within", new Reply.Respond(302, Map.of("location", "/here"), ""))
                .on("/away", new Reply.Respond(302, Map.of("location", other.url() + "/there"), ""));
    }

    @AfterEach
    void close() throws Exception {
        server.close();
        other.close();
    }

    private @Nullable String sent(HttpCalls.Options options, String path, @Nullable String already) throws Exception {
        try (HttpHouse house = new HttpHouse(options)) {
            HttpRequest<Buffer> request = house.http.web().getAbs(server.url() + path);
            if (already != null) {
                request.putHeader(HEADER, already);
            }
            value(house.start(() -> Tasks.timeout(
                    Duration.ofMinutes(2),
                    () -> Tasks.timeout(Duration.ofMinutes(1), () -> house.http.send(request)))));
            value(house.get(server.url() + "/here"));
        }
        assertThat(server.requests().get(server.requests().size() - 1).headers())
                .as("a task without a limit names none")
                .doesNotContainKey(HEADER);
        return server.requests().get(server.requests().size() - 2).headers().get(HEADER);
    }

    @Test
    void itIsTheLeastOfWhatIsLeftAndOnlyWhenAskedFor() throws Exception {
        HttpCalls.Options with = HttpCalls.Options.of(1).withDeadlineHeader();
        assertThat(Long.parseLong(sent(with, "/here", null))).isBetween(30_000L, 60_000L);
        assertThat(Long.parseLong(sent(with, "/within", null))).isBetween(30_000L, 60_000L);
        assertThat(sent(with, "/here", "7")).isEqualTo("7");
        assertThat(sent(with, "/here", "soon")).as("somebody else's words").isEqualTo("soon");
        assertThat(Long.parseLong(sent(with, "/here", "99999"))).isBetween(30_000L, 60_000L);
        assertThat(sent(HttpCalls.Options.of(1), "/here", null)).isNull();
    }

    @Test
    void anotherOriginIsNotTold() throws Exception {
        sent(HttpCalls.Options.of(1).withDeadlineHeader(), "/away", null);
        assertThat(other.requests()).hasSize(1);
        assertThat(other.requests().get(0).headers()).doesNotContainKey(HEADER);
    }

    @Test
    void theServersRoomReadsTheSameHeader() throws Exception {
        assertThat(HEADER).isEqualTo("x-envoy-expected-rq-timeout-ms");
    }
}
