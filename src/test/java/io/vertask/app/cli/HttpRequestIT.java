package io.vertask.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testing.Command;
import io.vertask.testing.Command.End;
import io.vertask.testing.RecordedRequest;
import io.vertask.testing.RecordingHttpServer;
import io.vertask.testing.Reply;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes out and how often, and what never does, as a user runs it. */
class HttpRequestIT {
    private static final Map<String, String> SECRETS = Map.of("TOKEN", "hunter2", "KEY", "hunter3");

    private RecordingHttpServer server;
    private RecordingHttpServer elsewhere;

    @TempDir
    private Path folder;

    @BeforeEach
    void open() throws IOException {
        server = RecordingHttpServer.start();
        elsewhere = RecordingHttpServer.start().on("/end", Reply.ok("{}"));
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        elsewhere.close();
    }

    /** Runs a job with a client that has secrets; {@code lines} are its sections after {@code clients}. */
    private End run(String lines, String... args) throws IOException, InterruptedException {
        Path job = folder.resolve("job.yaml");
        Files.writeString(job, """
                job: requests
                clients: {api: {url: "%s", token: "${TOKEN}", headers: {X-Api-Key: "${KEY}", X-Team: blue}}}
                """.formatted(server.url()) + lines);
        String[] all = new String[args.length + 1];
        all[0] = job.toString();
        System.arraycopy(args, 0, all, 1, args.length);
        End end = Command.run(SECRETS, all);
        assertThat(end.out() + end.err()).doesNotContain("hunter").doesNotContain("\tat ");
        return end;
    }

    @Test
    void aPostCarriesItsJsonAndHeaders() throws IOException, InterruptedException {
        server.on("/orders/7", Reply.status(201, "{\"id\": 1}"));
        End end = run("""
                each: [{id: 7, name: "a\\"b", tags: [x, y], price: 1.50}]
                do:
                  post: /orders/{item.id}
                  headers: {Idempotency-Key: "order-{item.id}", X-Empty: "", Accept: application/json}
                  json: {id: "{item.id}", title: "no {item.id}: {item.name}", tags: "{item.tags}", deep: [{price: "{item.price}"}, true, null, 1.50]}
                  pick: {id: id}
                print: "{item.id} is {id}"
                """);
        assertThat(end.lines()).containsExactly("7 is 1");
        RecordedRequest request = server.requests().get(0);
        assertThat(request.method()).isEqualTo("POST");
        assertThat(new JsonObject(request.body()).encode())
                .isEqualTo(
                        "{\"id\":7,\"title\":\"no 7: a\\\"b\",\"tags\":[\"x\",\"y\"],\"deep\":[{\"price\":1.5},true,null,1.5]}");
        assertThat(request.headers())
                .containsEntry("content-type", "application/json")
                .containsEntry("authorization", "Bearer hunter2")
                .containsEntry("x-api-key", "hunter3")
                .containsEntry("x-team", "blue")
                .containsEntry("idempotency-key", "order-7")
                .containsEntry("accept", "application/json")
                .doesNotContainKey("x-empty");
    }

    @Test
    void aPostIsSentOnceUnlessNothingWasSentOrTheFileAllowsIt() throws IOException, InterruptedException {
        server.on("/reset", new Reply.ResetAfter(0, Reply.ok("{}")));
        server.on("/503", Reply.status(503, ""));
        server.on("/silent", new Reply.Silence());
        String job = """
                each: [reset, "503", silent]
                do: {post: "/{item}", text: "{item}", body: discard%s}
                limits: {timeout: 1s, retries: 2, backoff: 1ms, concurrency: 3}
                """;
        End once = run(job.formatted(""));
        assertThat(once.err()).contains("ok 0   failed 3   retried 0");
        assertThat(once.lines())
                .contains(
                        "503: ERROR - 503 Service Unavailable (POST /503)",
                        "silent: ERROR - timed out after 1s waiting for the response");
        assertThat(server.requests())
                .hasSize(3)
                .allMatch(request -> request.path().equals("/" + request.body()));
        End often = run(job.formatted(", retry_unsafe: true"));
        assertThat(often.err()).contains("ok 0   failed 3   retried 6");
        assertThat(server.requests()).hasSize(3 + 9);
        server.refuse();
        End unsent = run(job.formatted(""));
        assertThat(unsent.err()).contains("retried 6", "3 × no connection ");
        assertThat(unsent.lines().get(0))
                .isEqualTo("reset: ERROR - could not connect to " + server.host() + ":" + server.port()
                        + ": Connection refused (3 attempts)");
    }

    @Test
    void redirectsTakeNoSecretAlongAndKeepOrChangeTheMethod() throws IOException, InterruptedException {
        server.on("/away", Reply.redirect(307, elsewhere.url() + "/end"));
        server.on("/see-other", Reply.redirect(303, "/end"));
        server.on("/again", Reply.redirect(308, "/end"));
        server.on("/end", Reply.ok("{}"));
        String step =
                "headers: {Authorization: \"Basic ${KEY}\", Cookie: \"a=${KEY}\", X-Item: \"{item}\"}, body: discard";
        End gets = run("each: [away]\ndo: {get: \"/{item}\", " + step + "}\n");
        assertThat(gets.lines()).containsExactly("200");
        assertThat(elsewhere.requests())
                .singleElement()
                .satisfies(request ->
                        assertThat(request.headers()).containsOnlyKeys("host", "user-agent", "accept-encoding"));
        End posts = run("each: [away, see-other, again]\ndo: {post: \"/{item}\", form: {a: \"ü {item}\", b: [1, 2]}, "
                + step + "}\nlimits: {concurrency: 1}\n");
        assertThat(posts.lines())
                .containsExactly(
                        "away: ERROR - the redirect 307 leads to another origin, where the content must not go: "
                                + elsewhere.url() + "/end (POST /away)",
                        "200",
                        "200");
        assertThat(elsewhere.requests()).hasSize(1);
        List<RecordedRequest> ends = server.requests().stream()
                .filter(request -> request.path().equals("/end"))
                .toList();
        assertThat(ends).extracting(RecordedRequest::method).containsExactly("GET", "POST");
        assertThat(ends).extracting(RecordedRequest::body).containsExactly("", "a=%C3%BC+again&b=1&b=2");
        assertThat(ends)
                .allSatisfy(request -> assertThat(request.headers()).containsEntry("authorization", "Basic hunter3"));
        assertThat(ends.get(0).headers()).doesNotContainKey("content-type");
    }

    @Test
    void anItemAtAnotherOriginGetsNoSecretAndAUrlNeverShowsOne() throws IOException, InterruptedException {
        End end = run("each: [\"" + elsewhere.url() + "/end?q=\", \"http://user:pass@h/\"]\n"
                + "do: {get: \"{+item}${KEY:-}\", client: api, headers: {X-Secret: \"${KEY}\"}, accept: 404}\n"
                + "print: ok\n");
        assertThat(elsewhere.requests())
                .singleElement()
                .satisfies(request ->
                        assertThat(request.headers()).containsOnlyKeys("host", "user-agent", "accept-encoding"));
        assertThat(end.lines().get(0)).endsWith("ERROR - 200 OK (GET " + elsewhere.url() + "/end?q=${KEY})");
        assertThat(end.lines().get(1))
                .endsWith("ERROR - 'http://••••@h/${KEY}' has a user and password; a secret belongs in `headers`");
    }

    @Test
    void a401StopsTheJobInTheServersWords() throws IOException, InterruptedException {
        server.on("/x", Reply.status(401, "{\"message\": \"Bad credentials.\", \"token\": \"hunter2\"}"));
        End end = run("each: {range: 1..4000}\ndo: {get: \"/x?{item}\"}\nlimits: {concurrency: 1, retries: 3}\n");
        assertThat(end.code()).isEqualTo(4);
        assertThat(end.err()).contains("api: 401 Bad credentials. Stopped");
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void aPauseThatOutlastsTheDeadlineEndsTheJobAtOnce() throws IOException, InterruptedException {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                Instant.now().plus(Duration.ofMinutes(20)).atOffset(ZoneOffset.UTC));
        server.on("/1", Reply.ok("{}"));
        server.on("/2", new Reply.Respond(503, Map.of("retry-after", date), ""));
        long began = System.nanoTime();
        End end = run("each: {range: 1..50}\ndo: {get: \"/{item}\"}\nlimits: {concurrency: 1, deadline: 50s}\n");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(40));
        assertThat(end.code()).isEqualTo(4);
        assertThat(end.lines())
                .containsExactly(
                        "{}",
                        "2: ERROR - 503 Service Unavailable (GET /2); the pause that the server asks for ends after the"
                                + " deadline");
        assertThat(end.err()).contains("2 said Retry-After ", "which ends after the deadline. Stopped");
    }
}
