package io.vertask.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TcpFaultProxyTest {
    private static final Duration SOON = Duration.ofSeconds(5);
    /** Long enough for a byte to pass on loopback, when it is not held back. */
    private static final int QUIET_MILLIS = 200;

    private ServerSocket listener;
    private TcpFaultProxy proxy;
    private Socket client;
    private Socket server;

    @BeforeEach
    void connect() throws IOException {
        listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        proxy = TcpFaultProxy.to(listener.getLocalPort());
        client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        listener.setSoTimeout(5_000);
        server = listener.accept();
        client.setSoTimeout(5_000);
        server.setSoTimeout(5_000);
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        server.close();
        proxy.close();
        listener.close();
        proxy.awaitOpenConnections(0, SOON);
    }

    @Test
    void bytesPassBothWays() throws IOException {
        send(client, "ping");
        assertThat(receive(server, 4)).isEqualTo("ping");
        send(server, "pong");
        assertThat(receive(client, 4)).isEqualTo("pong");
        assertThat(proxy.acceptedConnections()).isEqualTo(1);
    }

    @Test
    void clientThatHangsUpIsSeenByTheServer() throws Exception {
        client.close();
        assertThat(server.getInputStream().read()).isEqualTo(-1);
        server.close();
        proxy.awaitOpenConnections(0, SOON);
    }

    @Test
    void stallHoldsBytesBackUntilHealed() throws IOException {
        proxy.inject(new Fault.Stall());
        send(server, "late");
        client.setSoTimeout(QUIET_MILLIS);
        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        client.setSoTimeout(5_000);
        proxy.heal();
        assertThat(receive(client, 4)).isEqualTo("late");
    }

    @Test
    void cutResetsBothSidesEvenWhileStalled() throws Exception {
        proxy.inject(new Fault.Stall());
        send(client, "never");
        proxy.cutAll();
        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        assertThatThrownBy(() -> server.getInputStream().read()).isInstanceOf(SocketException.class);
        proxy.awaitOpenConnections(0, SOON);
    }

    @Test
    void closeAfterLetsExactlySoManyBytesPass() throws IOException {
        send(server, "ab");
        assertThat(receive(client, 2)).isEqualTo("ab");
        proxy.inject(new Fault.CloseAfter(3));
        send(server, "cdefg");
        assertThat(receive(client, 3)).isEqualTo("cde");
        assertThat(client.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void closeAfterClosesWhenTheLastByteAllowedHasPassed() throws IOException {
        proxy.inject(new Fault.CloseAfter(3));
        send(server, "abc");
        assertThat(receive(client, 3)).isEqualTo("abc");
        assertThat(client.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void slowDelaysEachPiece() throws IOException {
        proxy.inject(new Fault.Slow(Duration.ofMillis(150)));
        long sent = System.nanoTime();
        send(client, "x");
        assertThat(receive(server, 1)).isEqualTo("x");
        assertThat(Duration.ofNanos(System.nanoTime() - sent)).isGreaterThanOrEqualTo(Duration.ofMillis(150));
    }

    @Test
    void healEndsADelay() throws IOException {
        proxy.inject(new Fault.Slow(Duration.ofMinutes(1)));
        send(client, "x");
        proxy.heal();
        assertThat(receive(server, 1)).isEqualTo("x");
    }

    @Test
    void unreachableServerResetsTheClient() throws IOException {
        listener.close();
        try (Socket other = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
            other.setSoTimeout(5_000);
            assertThatThrownBy(() -> other.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
    }

    private static String receive(Socket socket, int length) throws IOException {
        return new String(socket.getInputStream().readNBytes(length), US_ASCII);
    }
}
