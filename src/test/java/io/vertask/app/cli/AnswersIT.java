package io.vertask.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testing.Certificates;
import io.vertask.testing.Command;
import io.vertask.testing.Command.End;
import io.vertask.testing.RecordedRequest;
import io.vertask.testing.RecordingHttpServer;
import io.vertask.testing.Reply;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an answer says is what the command prints, or the item fails: packed bodies, charsets, ends of connections. */
class AnswersIT {
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

    private End run(String items, String step, String limits) throws IOException, InterruptedException {
        Path job = folder.resolve("job.yaml");
        Files.writeString(job, """
                job: answers
                clients: {api: {url: "%s"}}
                each: [%s]
                do: {%s}
                limits: {backoff: 10ms, concurrency: 1, %s}
                """.formatted(server.url(), items, step, limits));
        return Command.run(Map.of(), job.toString());
    }

    private static Reply.Raw bytes(String headers, byte[] body) {
        return new Reply.Raw(
                "HTTP/1.1 200 OK\r\ncontent-length: " + body.length + "\r\n" + headers + "\r\n"
                        + new String(body, StandardCharsets.ISO_8859_1),
                false);
    }

    private static byte[] gzip(String text, int missing) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        byte[] all = packed.toByteArray();
        return java.util.Arrays.copyOf(all, all.length - missing);
    }

    // ---- packed bodies

    @ParameterizedTest
    @ValueSource(strings = {"json", "text", "discard"})
    void aCutOneIsAFailedAttemptThatIsTriedAgain(String body) throws Exception {
        String packed = "content-encoding: gzip\r\n";
        server.on("/cut", bytes(packed, gzip("[1, 2]", 5)));
        server.on("/once", bytes(packed, gzip("[1, 2]", 5)), bytes(packed, gzip("[1, 2]", 0)));
        End end = run("once, cut", "get: \"/{item}\", body: " + body, "retries: 1");
        assertThat(end.lines().get(0)).isIn("[1,2]", "[1, 2]", "200");
        assertThat(end.lines().get(1))
                .matches("cut: ERROR - the gzip body ended too soon, after \\d+ bytes \\(GET /cut\\) \\(2 attempts\\)");
        assertThat(end.code()).isEqualTo(1);
        assertThat(server.requests()).hasSize(4);
    }

    @Test
    void aCutPageIsTriedAgainAndAPostIsNot() throws Exception {
        String packed = "content-encoding: gzip\r\n";
        server.on("/rows", bytes(packed, gzip("[1, 2]", 9)), bytes(packed, gzip("[1, 2]", 0)), Reply.ok("[]"));
        End pages = run("rows", "pages: \"/{item}\", next: {page: page}", "retries: 1");
        assertThat(pages.lines()).containsExactly("1", "2");
        server.on("/order", bytes(packed, gzip("{}", 9)));
        End post = run("order", "post: \"/{item}\"", "retries: 3");
        assertThat(post.out()).contains("order: ERROR - the gzip body ended too soon");
        assertThat(server.requests().stream().filter(request -> request.method().equals("POST")))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "br         | body: text",
                "zstd       | body: json",
                "gzip, gzip | body: discard",
                "br         | headers: {Accept-Encoding: br}"
            })
    void anUnknownCodingIsNamed(String coding, String step) throws Exception {
        server.on("/a", bytes("content-encoding: " + coding + "\r\n", new byte[] {1, 2, 3}));
        End end = run("a", "get: \"/{item}\", " + step, "retries: 1");
        assertThat(end.out()).contains("a: ERROR - the body has the Content-Encoding " + coding + ", which ");
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void aStatusAndARedirectSayEnoughWithoutTheirBodies() throws Exception {
        server.on("/gone", new Reply.Respond(404, Map.of("content-encoding", "br"), "\u000b"));
        server.on("/busy", new Reply.Respond(503, Map.of("content-encoding", "gzip"), "not packed"), Reply.ok("1"));
        server.on("/moved", new Reply.Respond(302, Map.of("content-encoding", "br", "location", "/end"), "\u000b"));
        server.on("/end", Reply.ok("2"));
        End end = run("gone, busy, moved", "get: \"/{item}\"", "retries: 1");
        assertThat(end.lines()).containsExactly("gone: ERROR - 404 Not Found (GET /gone)", "1", "2");
    }

    // ---- charsets

    /** What is declared, the charset of the bytes, and the text. */
    private static final List<List<String>> DECLARED = List.of(
            List.of("; charset=windows-1252", "windows-1252", "“€5” é"),
            List.of("; Charset=\"ISO-8859-1\"", "ISO-8859-1", "café naïve"),
            List.of(";charset=latin1", "ISO-8859-1", "café"),
            List.of("; x=y; charset=Shift_JIS", "Shift_JIS", "日本語"),
            List.of("; charset=utf-16", "UTF-16", "Ωmega"),
            List.of("; charset=utf-16", "UTF-16LE", "[\"Ames\"]"),
            List.of("; charset=utf-16le", "UTF-16LE", "Ωmega"),
            List.of("; charset='koi8-r'", "KOI8-R", "Привет"),
            List.of("; charset=utf-8", "UTF-8", "\uFEFFé"),
            List.of("; charset=\"\"", "UTF-8", "é \uFFFD"),
            List.of("; boundary=\"; charset=latin1; \"", "UTF-8", "é"),
            List.of("", "UTF-8", "\uFEFFé"),
            List.of("", "UTF-16", "é"));

    private static String indexes(int count) {
        return IntStream.range(0, count).mapToObj(String::valueOf).collect(Collectors.joining(", "));
    }

    @Test
    void aDeclaredOneIsHonoured() throws Exception {
        List<String> texts = new ArrayList<>();
        List<String> jsons = new ArrayList<>();
        for (int i = 0; i < DECLARED.size(); i++) {
            List<String> row = DECLARED.get(i);
            Charset charset = Charset.forName(row.get(1));
            String text = row.get(2).replace("\uFEFF", "");
            String mark = row.get(2).startsWith("\uFEFF") ? "\uFEFF" : "";
            String json = text.startsWith("[") ? text : "[\"" + text + "\"]";
            server.on("/t" + i, bytes("content-type: text/csv" + row.get(0) + "\r\n", (mark + text).getBytes(charset)));
            server.on("/j" + i, bytes("content-type: a/json" + row.get(0) + "\r\n", (mark + json).getBytes(charset)));
            texts.add(text);
            jsons.add(json);
        }
        String items = indexes(DECLARED.size());
        assertThat(run(items, "get: \"/t{item}\", body: text", "retries: 0").lines())
                .isEqualTo(texts);
        assertThat(run(items, "get: \"/j{item}\"", "retries: 0").lines()).isEqualTo(jsons);
    }

    @Test
    void theStepsOwnOneOverridesIt() throws Exception {
        server.on(
                "/wrong",
                bytes("content-type: text/plain; charset=utf-8\r\n", "é".getBytes(StandardCharsets.ISO_8859_1)));
        server.on("/none", bytes("", "é".getBytes(StandardCharsets.ISO_8859_1)));
        server.on(
                "/unknown",
                bytes("content-type: text/plain; charset=utf8mb4\r\n", "é".getBytes(StandardCharsets.ISO_8859_1)));
        server.on("/rows", bytes("", "[\"é\"]".getBytes(StandardCharsets.ISO_8859_1)), Reply.ok("[]"));
        assertThat(run("wrong, none, unknown", "get: \"/{item}\", body: text, charset: latin1", "retries: 0")
                        .lines())
                .containsExactly("é", "é", "é");
        assertThat(run("rows", "pages: \"/{item}\", next: {page: page}, charset: ISO-8859-1", "retries: 0")
                        .lines())
                .containsExactly("\"é\"");
    }

    @Test
    void bytesThatDoNotFitFailTheItem() throws Exception {
        String overrides = ", which the answer declares; `charset:` overrides it";
        List<List<String>> rows = List.of(
                List.of("", "the body is not UTF-8 at byte 9 (0xE9); name its charset with `charset:`"),
                List.of("utf-8", "the body is not UTF-8 at byte 9 (0xE9)" + overrides),
                List.of("us-ascii", "the body is not US-ASCII at byte 9 (0xE9)" + overrides),
                List.of("Shift_JIS", "the body is not Shift_JIS at byte 9 (0xE9)" + overrides),
                List.of(
                        "u8mb4",
                        "the answer declares the charset 'u8mb4', which is not known; name one with `charset:`"),
                List.of("b@d", "the answer declares the charset 'b@d', which is not known; name one with `charset:`"));
        byte[] body = "{\"name\": \u00E9\"Z\"}".getBytes(StandardCharsets.ISO_8859_1);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            String declared = rows.get(i).get(0);
            server.on(
                    "/" + i, bytes(declared.isEmpty() ? "" : "content-type: a/b; charset=" + declared + "\r\n", body));
            expected.add(i + ": ERROR - " + rows.get(i).get(1) + " (GET /" + i + ")");
        }
        String items = indexes(rows.size());
        for (String step :
                List.of("get: \"/{item}\", body: text", "get: \"/{item}\"", "pages: \"/{item}\", next: link")) {
            End end = run(items, step, "retries: 1");
            assertThat(end.lines()).isEqualTo(expected);
            assertThat(end.code()).isEqualTo(1);
        }
        assertThat(run(items, "get: \"/{item}\", body: discard", "retries: 1").lines())
                .hasSize(rows.size())
                .containsOnly("200");
    }

    @Test
    void aRefusalDoesNotFailForItsText() throws Exception {
        byte[] body = "{\"message\": \"\u00E9t\u00E9\"}".getBytes(StandardCharsets.ISO_8859_1);
        Reply.Raw answer = bytes("content-type: application/json; charset=klingon\r\n", body);
        server.on("/a", new Reply.Raw(answer.latin1().replace("200 OK", "401 No"), false));
        End end = run("a", "get: \"/{item}\"", "retries: 1");
        assertThat(end.code()).isEqualTo(4);
        assertThat(end.err()).contains("api: 401 ");
    }

    // ---- ends of connections

    @Test
    void theNextItemDoesNotPayForBytesAfterAnAnswer() throws Exception {
        server.on("/a", new Reply.Raw("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n1and more", false));
        server.on("/b", Reply.ok("2"));
        End end = run("a, b, a, b", "get: \"/{item}\"", "retries: 0");
        assertThat(end.lines()).containsExactly("1", "2", "1", "2");
        assertThat(server.connections()).hasSizeGreaterThan(1);
    }

    @Test
    void aPostThatMeetsTheEndOfItsConnectionIsNamedAndNotSentAgain() throws Exception {
        server.on("/a", Reply.ok("1"));
        server.on("/b", new Reply.HangUp());
        End end = run("a, b", "post: \"/{item}\"", "retries: 3");
        assertThat(end.lines().get(1))
                .startsWith("b: ERROR - connection closed while idle: 127.0.0.1:" + server.port())
                .doesNotContain("attempts");
        assertThat(end.err()).contains("1 × connection closed while idle b");
        assertThat(server.requests().stream().map(RecordedRequest::path)).containsExactly("/a", "/b");
    }

    @Test
    void whatAnHttp2ServerDidNotProcessIsSentAgainWithoutARetry() throws Exception {
        Certificates certificates = Certificates.in(folder);
        Vertx vertx = Vertx.vertx();
        Set<String> known = ConcurrentHashMap.newKeySet();
        AtomicInteger always = new AtomicInteger();
        try {
            int port = vertx.createHttpServer(new HttpServerOptions()
                            .setSsl(true)
                            .setUseAlpn(true)
                            .setKeyCertOptions(new PemKeyCertOptions()
                                    .setCertPath(certificates
                                            .certificate(Certificates.LOCALHOST)
                                            .toString())
                                    .setKeyPath(certificates
                                            .key(Certificates.LOCALHOST)
                                            .toString())))
                    .requestHandler(request -> {
                        if (request.path().equals("/always")) {
                            always.incrementAndGet();
                            request.response().reset(7);
                        } else if (known.add(request.path())) {
                            request.response().reset(7);
                        } else {
                            request.response().end("{\"path\": \"" + request.path() + "\"}");
                        }
                    })
                    .listen(0, "localhost")
                    .await(10, TimeUnit.SECONDS)
                    .actualPort();
            Path job = folder.resolve("h2.yaml");
            Files.writeString(job, """
                    job: h2
                    clients: {api: {url: "https://localhost:%d", ca: %s, http2: true}}
                    each: [one, two, three, always]
                    do: {post: "/{item}", json: {i: "{item}"}, pick: {path: path}}
                    print: "{path}"
                    limits: {retries: 1, backoff: 10ms, concurrency: 1}
                    """.formatted(port, certificates.authority()));
            End end = Command.run(Map.of(), job.toString());
            assertThat(end.lines().subList(0, 3)).as(end.err()).containsExactly("/one", "/two", "/three");
            assertThat(end.lines().get(3))
                    .isEqualTo("always: ERROR - localhost:" + port
                            + " refused the request each time without processing it (POST /always) (2 attempts)");
            assertThat(end.err()).contains("retried 1 ");
            assertThat(always).hasValue(22);
        } finally {
            vertx.close().await(10, TimeUnit.SECONDS);
        }
    }
}
