package io.vertask.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.vertask.testing.Certificates;
import io.vertask.testing.Command;
import io.vertask.testing.Command.End;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that are good, and the ways in which they are not. */
@Tag("jdk")
class TlsIT {
    @TempDir
    private Path folder;

    private static HttpServer serve(HttpServer server) {
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("{}".getBytes(StandardCharsets.US_ASCII));
            exchange.close();
        });
        server.start();
        return server;
    }

    /** Whatever comes, it answers as nginx does at a port without TLS. */
    private static ServerSocket plain() throws IOException {
        ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(() -> {
            while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                    socket.getInputStream().read(new byte[16_384]);
                    socket.getOutputStream()
                            .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                } catch (IOException gone) {
                    // the next one, if the server is still there
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
        return server;
    }

    private static HttpServer tls(Certificates certificates, String alias) throws Exception {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(certificates.serverContext(alias)));
        return serve(server);
    }

    private static int port(HttpServer server) {
        return server.getAddress().getPort();
    }

    @Test
    void eachFaultOfACertificateIsNamed() throws Exception {
        Certificates certificates = Certificates.in(folder);
        HttpServer goodServer = tls(certificates, Certificates.LOCALHOST);
        HttpServer expiredServer = tls(certificates, Certificates.EXPIRED);
        try (ServerSocket plainServer = plain()) {
            int good = port(goodServer);
            int expired = port(expiredServer);
            int plain = plainServer.getLocalPort();
            String job = """
                    job: tls
                    clients: {api: {url: "https://localhost:%d", ca: %s, http2: %s}}
                    each: ["", "https://localhost:%d", "https://127.0.0.1:%d", "https://localhost:%d"]
                    do: {get: "{+item}/", client: api}
                    limits: {concurrency: 4, retries: 2}
                    """;
            Path file = folder.resolve("job.yaml");
            Files.writeString(file, job.formatted(good, certificates.authority(), true, expired, good, plain));
            End end = Command.run(Map.of(), file.toString());
            assertThat(end.lines())
                    .containsExactly(
                            "{}",
                            "https://localhost:" + expired + ": ERROR - TLS with localhost:" + expired
                                    + " failed: its certificate has expired",
                            "https://127.0.0.1:" + good + ": ERROR - TLS with 127.0.0.1:" + good
                                    + " failed: its certificate is for another host",
                            "https://localhost:" + plain + ": ERROR - TLS with localhost:" + plain
                                    + " failed: it does not speak TLS there");
            assertThat(end.err()).contains("retried 0").contains("3 × TLS ").doesNotContain("SEVERE");

            End untrusted = Command.run(
                    Map.of(), "conf/url_status.yaml", "https://localhost:" + good + "/", "--set", "do.accept=2xx");
            assertThat(untrusted.lines())
                    .containsExactly(
                            "https://localhost:" + good + "/: ERROR - TLS with localhost:" + good
                                    + " failed: its certificate is self-signed, or signed by nobody we trust; `ca` names a file with trusted certificates");

            Files.writeString(file, job.formatted(good, folder.resolve("nothing.pem"), false, expired, good, plain));
            End unread = Command.run(Map.of(), file.toString());
            assertThat(unread.code()).isEqualTo(3);
            assertThat(unread.err().strip())
                    .isEqualTo("clients.api.ca: " + folder.resolve("nothing.pem")
                            + " can't be read as a PEM file with certificates (-----BEGIN CERTIFICATE-----)");
        } finally {
            goodServer.stop(0);
            expiredServer.stop(0);
        }
    }
}
