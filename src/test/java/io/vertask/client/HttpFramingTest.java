package io.vertask.client;

import static io.vertask.client.HttpHouse.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.task.Task;
import io.vertask.testing.RecordingHttpServer;
import io.vertask.testing.Reply;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClientOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each request gets its own answer, whatever came before it on the connection. */
class HttpFramingTest {
    private static final String ODD = "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nodd";

    private RecordingHttpServer server;
    private HttpHouse house;

    @BeforeEach
    void open() throws IOException {
        server = RecordingHttpServer.start();
        server.on("/next", Reply.ok("next"));
        house = HttpHouse.of(1);
    }

    @AfterEach
    void close() throws Exception {
        house.close();
        server.close();
    }

    private HttpResponse<Buffer> send(HttpMethod method, String path) throws TimeoutException {
        return value(house.start(
                () -> house.http.web().requestAbs(method, server.url() + path).send()));
    }

    /** The connections it took to get {@code path}, then the next one. */
    private int connectionsOf(HttpMethod method, String path, int status, String body) throws TimeoutException {
        HttpResponse<Buffer> first = send(method, path);
        assertThat(first.statusCode()).isEqualTo(status);
        assertThat(first.body() == null ? "" : first.bodyAsString()).isEqualTo(body);
        assertThat(send(HttpMethod.GET, "/next").bodyAsString()).isEqualTo("next");
        return server.connections().size();
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 102, 103, 150, 199})
    void anInterimResponseIsNotTheAnswer(int interim) throws TimeoutException {
        String head = "HTTP/1.1 " + interim + " Wait\r\nx: y\r\n\r\n";
        server.on("/odd", new Reply.Raw(head + head + ODD, false));
        assertThat(connectionsOf(HttpMethod.GET, "/odd", 200, "odd")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 102, 103})
    void anInterimResponseLeavesHeadWithoutABody(int interim) throws TimeoutException {
        String head = "HTTP/1.1 " + interim + " Wait\r\n\r\n";
        server.on("/odd", new Reply.Raw(head + "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n", false));
        assertThat(connectionsOf(HttpMethod.HEAD, "/odd", 200, "")).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"204 No Content", "304 Not Modified"})
    void aBodyThatMayNotBeEndsItsConnection(String status) throws TimeoutException {
        server.on("/odd", new Reply.Raw("HTTP/1.1 " + status + "\r\ncontent-length: 3\r\n\r\nodd", false));
        assertThat(connectionsOf(HttpMethod.GET, "/odd", Integer.parseInt(status.substring(0, 3)), ""))
                .isEqualTo(2);
    }

    @Test
    void aBodyAfterHeadEndsItsConnection() throws TimeoutException {
        server.on("/odd", new Reply.Raw(ODD, false));
        assertThat(connectionsOf(HttpMethod.HEAD, "/odd", 200, "")).isEqualTo(2);
    }

    @Test
    void aHeadWithNothingBehindItKeepsItsConnection() throws TimeoutException {
        server.on("/odd", new Reply.Raw("HTTP/1.1 204 No Content\r\ncontent-length: 3\r\n\r\n", false));
        assertThat(connectionsOf(HttpMethod.GET, "/odd", 204, "")).isEqualTo(1);
    }

    /** Answers that are whole, in each framing that tells where they end. */
    private static Stream<String> answers() {
        String chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        return Stream.of(
                ODD,
                "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n",
                chunked + "3\r\nodd\r\n0\r\n\r\n",
                chunked + "1\r\no\r\n2\r\ndd\r\n0\r\nx-trailer: y\r\n\r\n",
                "HTTP/1.1 100 Continue\r\n\r\n" + ODD,
                "HTTP/1.1 204 No Content\r\n\r\n");
    }

    @ParameterizedTest
    @MethodSource("answers")
    void bytesAfterAnAnswerEndItsConnection(String answer) throws TimeoutException {
        String body = answer.contains("dd") ? "odd" : "";
        int status = Integer.parseInt(answer.substring(9, 12));
        int connections = 0;
        for (String more : List.of("x", "\n", "\r\n\r\n", "HTTP/1.1 2", ODD, "0\r\n\r\n", "x".repeat(9_000))) {
            server.on("/odd", new Reply.Raw(answer + more, false));
            connections++;
            assertThat(connectionsOf(HttpMethod.GET, "/odd", status == 100 ? 200 : status, body))
                    .as(more)
                    .isEqualTo(connections + 1);
        }
        server.on("/odd", new Reply.Raw(answer, false));
        assertThat(connectionsOf(HttpMethod.GET, "/odd", status == 100 ? 200 : status, body))
                .isEqualTo(connections + 1);
    }

    @Test
    void anAnswerThatComesByteByByteKeepsItsConnection() throws TimeoutException {
        server.on("/odd", new Reply.Drip(Duration.ofMillis(1), Reply.ok("odd")));
        assertThat(connectionsOf(HttpMethod.GET, "/odd", 200, "odd")).isEqualTo(1);
    }

    @Test
    void bytesThatNobodyAskedForEndTheirConnection() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Task<HttpResponse<Buffer>> call = house.get("http://127.0.0.1:" + listener.getLocalPort());
            try (Socket socket = listener.accept()) {
                socket.setSoTimeout((int) HttpHouse.PATIENCE.toMillis());
                BufferedReader asked =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
                while (!asked.readLine().isEmpty()) {}
                socket.getOutputStream().write(ODD.getBytes(StandardCharsets.ISO_8859_1));
                assertThat(value(call).bodyAsString()).isEqualTo("odd");
                socket.getOutputStream().write('x');
                assertThat(asked.read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void anotherProtocolEndsItsConnection() throws TimeoutException {
        server.on("/odd", new Reply.Raw("HTTP/1.1 101 Go\r\nupgrade: odd\r\nconnection: upgrade\r\n\r\n" + ODD, false));
        assertThat(connectionsOf(HttpMethod.GET, "/odd", 101, "")).isEqualTo(2);
    }

    @Test
    void anUpgradeThatWasAskedForGoesOn() throws Exception {
        try (HttpHouse two = new HttpHouse(
                HttpCalls.Options.of(1).withWeb(new WebClientOptions().setProtocolVersion(HttpVersion.HTTP_2)))) {
            int port = two.vertx
                    .createHttpServer()
                    .requestHandler(request -> request.response().end(request.version() + ""))
                    .listen(0, "127.0.0.1")
                    .await(5, TimeUnit.SECONDS)
                    .actualPort();
            for (int i = 0; i < 3; i++) {
                assertThat(value(two.get("http://127.0.0.1:" + port)).version()).isEqualTo(HttpVersion.HTTP_2);
            }
        }
    }
}
