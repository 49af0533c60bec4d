package io.vertask.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testing.Command;
import io.vertask.testing.Command.End;
import io.vertask.testing.RecordingHttpServer;
import io.vertask.testing.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs against a server that does everything wrong, as a user runs them: each item has its line, and they add up. */
class HostileServerIT {
    private static final String CLOSED = "closed the connection before its answer was whole";
    private static final Reply.Respond FINE = Reply.ok("fine");

    private final Map<String, String> expected = new LinkedHashMap<>();
    private RecordingHttpServer server;

    @TempDir
    private Path folder;

    @BeforeEach
    void open() throws IOException {
        server = RecordingHttpServer.start();
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    /** The item, what meets it, and the message of its failure; {@code ok} for none. */
    private void on(String item, String message, Reply first, Reply... then) {
        server.on("/" + item, first, then);
        String host = server.host() + ":" + server.port();
        expected.put(
                item,
                message.equals("ok")
                        ? "200 " + item
                        : item + ": ERROR - " + message.replace("HOST", host).replace("GET", "GET /" + item));
    }

    private End run(Map<String, String> env, String limits) throws IOException, InterruptedException {
        Path job = folder.resolve("hostile.yaml");
        Files.writeString(job, """
                job: hostile
                clients: {api: {url: "%s", max_body: 20MB}}
                each: [%s]
                do: {get: "/{item}", body: text}
                print: "{status} {item}"
                limits: {%s}
                """.formatted(server.url(), String.join(", ", expected.keySet()), limits));
        End end = Command.run(env, job.toString());
        // a server that hangs up at once may have been met by a connection of its own, or by one used before
        assertThat(end.lines().stream()
                        .map(line -> line.replaceFirst(
                                "connection closed while idle: (\\S+) gave it up without a byte of an answer",
                                "$1 " + CLOSED)))
                .as(end.err())
                .containsExactlyElementsOf(expected.values());
        long failed = expected.values().stream()
                .filter(line -> line.contains("ERROR"))
                .count();
        assertThat(end.err())
                .contains("hostile  run ", "  " + expected.size() + " items in ")
                .contains("ok " + (expected.size() - failed) + "   failed " + failed + "   ")
                .doesNotContain("Exception", "SEVERE", "\tat ");
        assertThat(end.code()).isEqualTo(failed == 0 ? 0 : 1);
        return end;
    }

    @Test
    void whatBreaksHasItsLine() throws IOException, InterruptedException {
        on("fine", "ok", FINE);
        on("gone", "404 Not Found (GET)", Reply.status(404, "{}"));
        on("flaky", "ok", Reply.status(503, ""), FINE);
        on("down", "503 Service Unavailable (GET) (2 attempts)", Reply.status(503, ""));
        on("early", "ok", Reply.status(425, ""), FINE);
        on("slow-reader", "ok", Reply.status(408, ""), FINE);
        on("busy", "ok", new Reply.Respond(429, Map.of("retry-after", "1"), ""), FINE);
        on("hangup", "HOST " + CLOSED + " (GET) (2 attempts)", new Reply.HangUp());
        on("hangup-once", "ok", new Reply.HangUp(), FINE);
        on("reset", "HOST " + CLOSED + " (GET) (2 attempts)", new Reply.ResetAfter(0, FINE));
        on("reset-once", "ok", new Reply.ResetAfter(0, FINE), FINE);
        on(
                "reset-in-body",
                "HOST " + CLOSED + " (GET) (2 attempts)",
                new Reply.ResetAfter(60, Reply.ok("y".repeat(99))));
        on("half", "HOST " + CLOSED + " (GET) (2 attempts)", new Reply.CloseAfter(60, Reply.ok("z".repeat(99))));
        on("too-few", "HOST " + CLOSED + " (GET) (2 attempts)", Reply.wrongLength(100, "only this"));
        on(
                "not-http",
                "the answer can't be understood: invalid version format: SSH-2.0-OPENSSH_9.2 (GET)",
                new Reply.Raw("SSH-2.0-OpenSSH_9.2\r\n", false));
        on(
                "no-status",
                "the answer can't be understood: For input string: \"abc\" (GET)",
                new Reply.Raw("HTTP/1.1 abc\r\n\r\n", true));
        on(
                "long-head",
                "the answer can't be understood: HTTP header is larger than 8192 bytes (GET)",
                new Reply.Raw("HTTP/1.1 200 OK\r\nx: " + "h".repeat(100_000) + "\r\n\r\n", true));
        on(
                "no-chunk",
                "the answer can't be understood: Invalid character in chunk size (GET)",
                new Reply.Raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", true));
        on(
                "two-lengths",
                "the answer can't be understood: Multiple Content-Length values found: [4, 5] (GET)",
                new Reply.Raw("HTTP/1.1 200 OK\r\ncontent-length: 4\r\ncontent-length: 5\r\n\r\nfine", true));
        on(
                "no-gzip",
                "the gzip body is damaged: it does not begin as gzip does (GET) (2 attempts)",
                new Reply.Respond(200, Map.of("content-encoding", "gzip"), "not packed"));
        End end = run(Map.of(), "concurrency: 8, timeout: 20s, retries: 1, backoff: 10ms");
        assertThat(end.err())
                .contains("retried 13")
                .contains("paused once: busy said Retry-After 1s, honoured for all of `api`")
                .containsPattern("[345] × connection closed ")
                .contains("6 × bad response ");
    }

    @Test
    void whatIsSlowTimesOutInItsPhase() throws IOException, InterruptedException {
        String waiting = "timed out after 1s waiting for the response (2 attempts)";
        String reading = "timed out after 1s reading the body (2 attempts)";
        on("silent", waiting, new Reply.Silence());
        on("byte-by-byte", reading, new Reply.Drip(Duration.ofMillis(400), Reply.ok("slow")));
        on("stuck", reading, new Reply.HalfBody("half"));
        End end = run(Map.of(), "concurrency: 3, timeout: 1s, retries: 1, backoff: 10ms");
        assertThat(end.err()).contains("timed out: 6 sockets closed; still running: 0");
        server.connections()
                .forEach(connection -> assertThat(connection.isClosedByPeer()).isTrue());
    }

    @Test
    void longBodiesAreCutInLittleMemory() throws IOException, InterruptedException {
        String message = "body too large: more than 20MB (GET); raise max_body if that is expected";
        String tenMegabytes = "x".repeat(10_000_000);
        on("ten-megabytes", "ok", Reply.ok(tenMegabytes));
        on("announced", message, Reply.ok(tenMegabytes + tenMegabytes + "x"));
        on(
                "not-announced",
                message,
                new Reply.Raw("HTTP/1.1 200 OK\r\n\r\n" + tenMegabytes + tenMegabytes + tenMegabytes, true));
        on("bomb", message, Reply.gzipBomb(1_000));
        run(Map.of("JAVA_TOOL_OPTIONS", "-Xmx96m"), "concurrency: 1, timeout: 30s");
    }

    @Test
    void redirectsAreFollowedAndEnd() throws IOException, InterruptedException {
        server.on("/circle-2", Reply.redirect(307, "/circle"));
        on("fine", "ok", FINE);
        on("moved", "ok", Reply.redirect(301, "/fine"));
        on("odd", "ok", Reply.redirect(308, "fine?q=a b\u00e9"));
        on("nowhere", "302 Found (GET)", Reply.status(302, ""));
        on("not-modified", "304 Not Modified (GET)", Reply.redirect(304, "/fine"));
        on(
                "circle",
                "the redirect 307 goes in a circle: back to http://HOST/circle (GET)",
                Reply.redirect(302, "/circle-2?x"));
        on(
                "endless",
                "the redirect 302 is one too many after 5; it leads to http://HOST/endless (GET)",
                Reply.redirect(302, "?1"),
                Reply.redirect(302, "?2"),
                Reply.redirect(302, "?3"),
                Reply.redirect(302, "?4"),
                Reply.redirect(302, "?5"),
                Reply.redirect(302, "?6"));
        on(
                "mail",
                "the redirect 301 has a Location that is not an http or https URL (GET)",
                Reply.redirect(301, "mailto:nobody@example.com"));
        on("patient", "ok", new Reply.Respond(302, Map.of("location", "/fine", "retry-after", "1"), ""));
        on(
                "patient-in-vain",
                "503 Service Unavailable (GET) (3 attempts)",
                new Reply.Respond(302, Map.of("location", "/down", "retry-after", "1"), ""));
        server.on("/down", Reply.status(503, ""));
        End end = run(Map.of(), "concurrency: 4, timeout: 20s, retries: 2, backoff: 1ms");
        assertThat(end.err()).contains("said Retry-After 1s, honoured for all of `api`");
        List<String> spaces = server.requestLines().stream()
                .filter(line -> line.contains("q="))
                .collect(Collectors.toList());
        assertThat(spaces).containsExactly("GET /fine?q=a%20b%E9");
    }
}
