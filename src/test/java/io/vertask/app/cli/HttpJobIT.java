package io.vertask.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testing.Command;
import io.vertask.testing.Command.End;
import io.vertask.testing.RecordingHttpServer;
import io.vertask.testing.Reply;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code conf/url_status.yaml}, {@code conf/parallel_api.yaml} and their like, as a user runs them. */
@Tag("jdk")
class HttpJobIT {
    private static final String STATUS = "conf/url_status.yaml";
    private static final String API = "conf/parallel_api.yaml";

    @Test
    void twentyRequestsNeverMoreThanFiveAtOnce() throws IOException, InterruptedException {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        AtomicInteger requests = new AtomicInteger();
        AtomicInteger open = new AtomicInteger();
        AtomicInteger peak = new AtomicInteger();
        try {
            HttpServer server = vertx.createHttpServer()
                    .requestHandler(request -> {
                        requests.incrementAndGet();
                        peak.accumulateAndGet(open.incrementAndGet(), Math::max);
                        vertx.setTimer(40, answer -> {
                            open.decrementAndGet();
                            request.response()
                                    .setStatusCode(requests.get() % 2 == 0 ? 200 : 204)
                                    .end();
                        });
                    })
                    .listen(0, "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            String url = "http://127.0.0.1:" + server.actualPort() + "/delay/0?n={item}";
            End end = Command.run(Map.of(), STATUS, "--set", "each.as=" + url);
            assertThat(end.code()).isZero();
            assertThat(requests).hasValue(20);
            assertThat(peak).hasValue(5);
            assertThat(end.lines()).hasSize(20);
            for (int n = 0; n < 20; n++) {
                assertThat(end.lines().get(n))
                        .matches("20[04] " + url.replace("{item}", "" + n).replaceAll("[?.]", "\\\\$0"));
            }
            assertThat(end.err()).contains("in flight: peak 5 of 5");
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @Test
    void aFailedRequestIsALineOnStdoutAndExit1() throws IOException, InterruptedException {
        try (RecordingHttpServer server = RecordingHttpServer.start()) {
            server.on("/repos/a/b", Reply.ok("{\"stargazers_count\": 7, \"open_issues_count\": 1}"));
            server.on("/repos/a/gone", Reply.status(404, "{\"message\": \"Not Found\"}"));
            End end = Command.run(Map.of(), API, "a/b", "a/gone", "--set", "clients.github.url=" + server.url());
            assertThat(end.lines())
                    .containsExactly(
                            "a/b: 7 stars, 1 open issues", "a/gone: ERROR - 404 Not Found (GET /repos/a/gone)");
            assertThat(end.code()).isEqualTo(1);
            assertThat(end.err()).contains("failed: 1 × 404 a/gone");
        }
    }

    @Test
    void aPassingFailureIsTriedAgainAndATimeoutClosesTheSocket() throws IOException, InterruptedException {
        try (RecordingHttpServer server = RecordingHttpServer.start()) {
            server.on("/flaky", Reply.status(503, ""), Reply.ok("{}"));
            server.on("/slow", new Reply.Silence());
            End end = Command.run(
                    Map.of(),
                    STATUS,
                    server.url() + "/flaky",
                    server.url() + "/slow",
                    "--timeout",
                    "2s",
                    "--retries",
                    "1",
                    "--set",
                    "do.accept=2xx");
            assertThat(end.lines())
                    .containsExactly(
                            "200 " + server.url() + "/flaky",
                            server.url() + "/slow: ERROR - timed out after 2s waiting for the response (2 attempts)");
            assertThat(end.err()).contains("retried 2").contains("timed out: 2 sockets closed; still running: 0");
            server.connections()
                    .forEach(connection ->
                            assertThat(connection.isClosedByPeer()).isTrue());
        }
    }

    @Test
    void a401StopsTheJobWithOneMessage() throws IOException, InterruptedException {
        try (RecordingHttpServer server = RecordingHttpServer.start()) {
            for (int n = 0; n < 50; n++) {
                server.on("/repos/a/r" + n, Reply.status(401, "{\"message\": \"Bad credentials\"}"));
            }
            String[] items = IntStream.range(0, 50).mapToObj(n -> "a/r" + n).toArray(String[]::new);
            String[] args = new String[items.length + 6];
            args[0] = API;
            System.arraycopy(items, 0, args, 1, items.length);
            List<String> rest = List.of("-c", "1", "--set", "clients.github.url=" + server.url(), "-q");
            for (int i = 0; i < rest.size(); i++) {
                args[1 + items.length + i] = rest.get(i);
            }
            End end = Command.run(Map.of("GITHUB_TOKEN", "hunter2hunter2"), args);
            assertThat(end.code()).isEqualTo(4);
            assertThat(server.requests()).hasSizeLessThanOrEqualTo(2);
            assertThat(end.out() + end.err()).doesNotContain("hunter2");
        }
    }

    @Test
    void aDeadlineStopsTheJobWithExit4() throws IOException, InterruptedException {
        try (RecordingHttpServer server = RecordingHttpServer.start()) {
            server.on("/slow", new Reply.Silence());
            End end = Command.run(Map.of(), STATUS, server.url() + "/slow", "--deadline", "300ms");
            assertThat(end.code()).isEqualTo(4);
            assertThat(end.err())
                    .contains("the deadline of 300ms passed: 0 done, 1 cancelled, 0 not started")
                    .contains("cancelled 1: 1 socket closed; still running: 0");
        }
    }

    @Test
    void ctrlCTwiceClosesTheSockets() throws Exception {
        try (RecordingHttpServer server = RecordingHttpServer.start()) {
            server.on("/slow", new Reply.Silence());
            String url = server.url() + "/slow";
            try (Command command = Command.start(Map.of(), STATUS, url, url, url)) {
                server.awaitRequests(3, Duration.ofSeconds(30));
                // signals of one kind that are still pending are one signal, so the second is sent until it has had its
                // effect
                command.signal("INT");
                Command.await(Duration.ofSeconds(20), "all three connections closed", () -> {
                    command.signal("INT");
                    return server.connections().stream().allMatch(connection -> connection.isClosedByPeer());
                });
                assertThat(command.end().code()).isEqualTo(130);
            }
        }
    }

    @Test
    void typosInEveryKeyAreAllReportedAndNothingIsSent(@TempDir Path folder) throws IOException, InterruptedException {
        try (RecordingHttpServer server = RecordingHttpServer.start()) {
            for (String conf : List.of("parallel_api", "url_status")) {
                String text = Files.readString(Path.of("conf", conf + ".yaml"))
                        .replaceAll("https://[a-z.]+", server.url())
                        .replaceAll("(?m)^(\\w+):", "$1x:")
                        .replace("concurrency:", "concurency:");
                Path broken = folder.resolve(conf + ".yaml");
                Files.writeString(broken, text, StandardCharsets.UTF_8);
                End end = Command.run(Map.of(), broken.toString());
                assertThat(end.code()).isEqualTo(2);
                assertThat(end.out()).isEmpty();
                assertThat(end.err())
                        .contains("unknown key `jobx`")
                        .contains("did you mean `job`?")
                        .contains("unknown key `dox`")
                        .contains("unknown key `concurency`")
                        .contains("did you mean `concurrency`?")
                        .containsPattern(conf + "\\.yaml:\\d+:\\d+ ")
                        .containsPattern("\\d mistakes; nothing was sent\\.");
            }
            assertThat(server.connections()).isEmpty();
        }
    }

    @Test
    void numbersKeepTheDigitsThatTheServerWroteOnEveryWayOut(@TempDir Path folder)
            throws IOException, InterruptedException {
        String numbers = "{\"wei\":1234567890.123456789012345678,\"big\":12345678901234567890123,\"one\":1.10,"
                + "\"e\":1E+400,\"small\":0.1000000000000000055511151231257827,\"zero\":-0.0}";
        String texts = "1234567890.123456789012345678,12345678901234567890123,1.10,1E+400,"
                + "0.1000000000000000055511151231257827,-0.0";
        try (RecordingHttpServer server = RecordingHttpServer.start()) {
            server.on("/a", Reply.ok(numbers));
            server.on("/rows", Reply.ok("[" + numbers + "]"), Reply.ok("[]"));
            server.on("/echo", Reply.ok("{}"));
            String job = "job: digits\nclients: {api: {url: \"" + server.url() + "\"}}\neach: [a]\n";
            String get = job + "do: {get: \"/{item}\"}\n";
            String names = "wei, big: big, one: one, e: e, small: small, zero: zero}";
            String picked = job + "do: {get: \"/{item}\", pick: {wei: " + names + "}\n";
            String print = "print: \"{wei},{big},{one},{e},{small},{zero}\"\n";
            Path file = folder.resolve("digits.yaml");
            for (String one : List.of(get, picked)) {
                Files.writeString(file, one);
                assertThat(Command.run(Map.of(), file.toString()).lines()).containsExactly(numbers);
                assertThat(Command.run(Map.of(), file.toString(), "-o", "jsonl").out())
                        .contains("\"result\":" + numbers);
                assertThat(Command.run(Map.of(), file.toString(), "-o", "csv").lines())
                        .containsExactly("wei,big,one,e,small,zero", texts);
                assertThat(Command.run(Map.of(), file.toString(), "-o", "table").lines())
                        .last()
                        .asString()
                        .isEqualToNormalizingWhitespace("a " + texts.replace(",", " "));
                Files.writeString(file, one + print);
                assertThat(Command.run(Map.of(), file.toString()).lines()).containsExactly(texts);
            }
            Files.writeString(file, job + "do: {pages: /rows, next: {page: page}}\n");
            assertThat(Command.run(Map.of(), file.toString()).lines()).containsExactly(numbers);
            Path items = Files.writeString(folder.resolve("items.jsonl"), numbers + "\n1.10\n1E+400\n");
            Files.writeString(
                    file,
                    job.replace("[a]", "{file: \"" + items + "\"}")
                            + "do: {post: /echo, json: {v: \"{item}\", n: 1.10, e: 1.0000000000000000000001e5}}\n");
            End end = Command.run(folder, Map.of(), file.toString(), "-c", "1");
            assertThat(end.code()).as(end.err()).isZero();
            assertThat(server.requests()
                            .subList(
                                    server.requests().size() - 3,
                                    server.requests().size()))
                    .extracting(request -> request.body())
                    .containsExactly(
                            "{\"v\":" + numbers + ",\"n\":1.10,\"e\":100000.00000000000000001}",
                            "{\"v\":1.10,\"n\":1.10,\"e\":100000.00000000000000001}",
                            "{\"v\":1E+400,\"n\":1.10,\"e\":100000.00000000000000001}");
            try (Stream<Path> ledgers =
                    Files.find(folder.resolve(".vertask"), 2, (path, is) -> path.endsWith("results.jsonl"))) {
                assertThat(ledgers.findFirst().orElseThrow())
                        .content()
                        .contains("\"key\":\"" + numbers.replace("\"", "\\\"") + "\"", "\"key\":\"1.10\"");
            }
        }
    }
}
