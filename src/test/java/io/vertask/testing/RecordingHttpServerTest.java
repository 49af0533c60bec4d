package io.vertask.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RecordingHttpServerTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private RecordingHttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = RecordingHttpServer.start();
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void repliesFollowTheScriptAndTheLastOneStays() throws Exception {
        server.on("/a", Reply.status(503, "no"), Reply.ok("yes"));
        assertThat(get("/a?n=1").statusCode()).isEqualTo(503);
        assertThat(get("/a?n=2").body()).isEqualTo("yes");
        assertThat(get("/a?n=3").body()).isEqualTo("yes");
        assertThat(get("/b").statusCode()).isEqualTo(404);
        assertThat(server.requestLines()).containsExactly("GET /a?n=1", "GET /a?n=2", "GET /a?n=3", "GET /b");
        assertThat(server.connections()).hasSize(1);
    }

    @Test
    void bodyAndHeadersAreRecorded() throws Exception {
        server.on("/p", Reply.ok(""));
        http.send(
                request("/p")
                        .header("X-Test", "1")
                        .POST(HttpRequest.BodyPublishers.ofString("grüße"))
                        .build(),
                HttpResponse.BodyHandlers.discarding());
        RecordedRequest seen = server.requests().get(0);
        assertThat(seen.method()).isEqualTo("POST");
        assertThat(seen.path()).isEqualTo("/p");
        assertThat(seen.body()).isEqualTo("grüße");
        assertThat(seen.headers()).containsEntry("x-test", "1");
    }

    @Test
    void closeByThePeerIsSeenWhileTheServerIsSilent() throws Exception {
        server.on("/silent", new Reply.Silence());
        try (Socket peer = raw("/silent")) {
            RecordedConnection connection = server.awaitRequests(1, SOON);
            assertThat(connection.isClosedByPeer()).isFalse();
            long closing = System.nanoTime();
            hangUp(peer);
            assertThat(connection.awaitClosedByPeer(SOON)).isGreaterThanOrEqualTo(closing);
        }
    }

    @Test
    void resetByThePeerIsSeenWhileTheServerIsSilent() throws Exception {
        server.on("/silent", new Reply.Silence());
        try (Socket peer = raw("/silent")) {
            RecordedConnection connection = server.awaitRequests(1, SOON);
            peer.setSoLinger(true, 0);
            hangUp(peer);
            connection.awaitClosedByPeer(SOON);
        }
    }

    @Test
    void peerThatStaysFailsTheWait() throws Exception {
        server.on("/silent", new Reply.Silence());
        try (Socket peer = raw("/silent")) {
            assertThat(peer.isConnected()).isTrue();
            RecordedConnection connection = server.awaitRequests(1, SOON);
            assertThatThrownBy(() -> connection.awaitClosedByPeer(Duration.ofMillis(50)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("GET /silent");
        }
    }

    @Test
    void requestAfterASilentOneIsRecorded() throws Exception {
        server.on("/silent", new Reply.Silence());
        try (Socket peer = raw("/silent")) {
            server.awaitRequests(1, SOON);
            peer.getOutputStream().write(head("/zombie"));
            server.awaitRequests(2, SOON);
        }
        assertThat(server.requestLines()).containsExactly("GET /silent", "GET /zombie");
    }

    @Test
    void halfABodyIsSentAndThenNothing() throws Exception {
        server.on("/half", new Reply.HalfBody("12345678"));
        try (Socket peer = raw("/half")) {
            String expectedEnd = "content-length: 8\r\n\r\n1234";
            StringBuilder seen = new StringBuilder();
            while (!seen.toString().endsWith(expectedEnd)) {
                seen.append((char) peer.getInputStream().read());
            }
            server.awaitRequests(1, SOON);
            hangUp(peer);
            server.connections().get(0).awaitClosedByPeer(SOON);
        }
    }

    @Test
    void closeAfterSendsSoManyBytes() throws Exception {
        server.on("/cut", new Reply.CloseAfter(12, Reply.ok("never seen")));
        try (Socket peer = raw("/cut")) {
            assertThat(new String(peer.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 200");
        }
        assertThat(server.connections().get(0).isClosedByPeer()).isFalse();
    }

    @Test
    void hangUpClosesWithoutAnAnswer() throws Exception {
        server.on("/bye", new Reply.HangUp());
        try (Socket peer = raw("/bye")) {
            assertThat(peer.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void resetEndsTheConnectionWithAnErrorAtThePeer() throws Exception {
        server.on("/reset", new Reply.ResetAfter(0, Reply.ok("never")));
        try (Socket peer = raw("/reset")) {
            assertThatThrownBy(() -> peer.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void dripSendsTheHeadAtOnceAndThenAByteATime() throws Exception {
        server.on("/drip", new Reply.Drip(Duration.ofMillis(20), Reply.ok("12345")));
        long began = System.nanoTime();
        assertThat(get("/drip").body()).isEqualTo("12345");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(100));
    }

    @Test
    void rawBytesGoOutAsTheyAre() throws Exception {
        server.on("/raw", new Reply.Raw("\u00ffnot HTTP", true));
        try (Socket peer = raw("/raw")) {
            assertThat(peer.getInputStream().readAllBytes()).isEqualTo("\u00ffnot HTTP".getBytes(ISO_8859_1));
        }
    }

    @Test
    void aBombIsSmallAndUnpacksToWhatItSays() throws Exception {
        Reply.Raw bomb = Reply.gzipBomb(3);
        assertThat(bomb.latin1().length()).isLessThan(10_000);
        byte[] packed =
                bomb.latin1().substring(bomb.latin1().indexOf("\r\n\r\n") + 4).getBytes(ISO_8859_1);
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            assertThat(in.readAllBytes()).hasSize(3 << 20);
        }
    }

    @Test
    void gateHoldsTheReplyBack() throws Exception {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        server.on("/gate", new Reply.When(gate, Reply.ok("open")));
        CompletableFuture<HttpResponse<String>> response =
                http.sendAsync(request("/gate").build(), HttpResponse.BodyHandlers.ofString());
        server.awaitRequests(1, SOON);
        assertThat(response).isNotDone();
        gate.complete(null);
        assertThat(response.get(5, TimeUnit.SECONDS).body()).isEqualTo("open");
    }

    @Test
    void delayedReplyComesLater() throws Exception {
        server.on("/later", Reply.after(Duration.ofMillis(50), Reply.ok("late")));
        assertThat(get("/later").body()).isEqualTo("late");
    }

    @Test
    void refusedConnectionsDoNotArrive() throws Exception {
        int port = server.port();
        server.refuse();
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                .isInstanceOf(ConnectException.class);
        assertThat(server.connections()).isEmpty();
    }

    private HttpResponse<String> get(String target) throws Exception {
        return http.send(request(target).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String target) {
        return HttpRequest.newBuilder(URI.create(server.url() + target)).timeout(SOON);
    }

    private Socket raw(String target) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(5_000);
        socket.getOutputStream().write(head(target));
        return socket;
    }

    private static void hangUp(Socket peer) throws IOException {
        peer.close();
    }

    private static byte[] head(String target) {
        return ("GET " + target + " HTTP/1.1\r\nhost: test\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    }
}
