package io.vertask.client;

import static io.vertask.client.HttpHouse.outcome;
import static io.vertask.client.HttpHouse.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.client.HttpContentException.Why;
import io.vertask.task.Coroutine;
import io.vertask.task.Task;
import io.vertask.testing.RecordingHttpServer;
import io.vertask.testing.Reply;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.streams.ReadStream;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.ext.web.codec.BodyCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A packed body is whole, or the call fails: with every coding, framing and way to read it. */
@Timeout(60)
class HttpContentTest {
    private static final String TEXT = "[{\"id\": 1}, {\"id\": 2}, {\"id\": 3}]";

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

    // ---- what servers send

    enum Coding {
        GZIP("gzip"),
        TWO_MEMBERS("gzip"),
        FULL_HEAD("x-gzip"),
        ZLIB("deflate"),
        RAW("deflate");

        private final String header;

        Coding(String header) {
            this.header = header;
        }

        byte[] pack(String text) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            int half = bytes.length / 2;
            return switch (this) {
                case GZIP -> gzip(bytes);
                case TWO_MEMBERS ->
                    joined(gzip(Arrays.copyOf(bytes, half)), gzip(Arrays.copyOfRange(bytes, half, bytes.length)));
                case FULL_HEAD -> withFullHead(gzip(bytes));
                case ZLIB -> deflate(bytes, false);
                case RAW -> deflate(bytes, true);
            };
        }

        /** Whether a body of this many bytes is whole. */
        boolean isWhole(String text, int length) throws IOException {
            int half = text.getBytes(StandardCharsets.UTF_8).length / 2;
            return length == pack(text).length
                    || (this == TWO_MEMBERS
                            && length == gzip(text.substring(0, half).getBytes(StandardCharsets.UTF_8)).length);
        }
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes);
        }
        return packed.toByteArray();
    }

    private static byte[] deflate(byte[] bytes, boolean raw) {
        Deflater deflater = new Deflater(9, raw);
        deflater.setInput(bytes);
        deflater.finish();
        byte[] packed = new byte[bytes.length + 100];
        int length = deflater.deflate(packed);
        deflater.end();
        return Arrays.copyOf(packed, length);
    }

    /** With an extra field, a name, a comment and a checksum of the head. */
    private static byte[] withFullHead(byte[] gzip) {
        byte[] fixed = Arrays.copyOf(gzip, 10);
        fixed[3] = 2 | 4 | 8 | 16;
        byte[] head = joined(fixed, latin1("\u0003\u0000abcname\u0000comment\u0000"));
        CRC32 crc = new CRC32();
        crc.update(head);
        byte[] check = {(byte) crc.getValue(), (byte) (crc.getValue() >> 8)};
        return joined(head, check, Arrays.copyOfRange(gzip, 10, gzip.length));
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    enum Framing {
        LENGTH,
        CHUNKED,
        CLOSED;

        Reply reply(String coding, byte[] body) {
            String bytes = new String(body, StandardCharsets.ISO_8859_1);
            String head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: " + coding + "\r\n";
            return switch (this) {
                case LENGTH -> new Reply.Raw(head + "content-length: " + body.length + "\r\n\r\n" + bytes, false);
                case CHUNKED -> new Reply.Raw(head + "transfer-encoding: chunked\r\n\r\n" + chunked(bytes), false);
                case CLOSED -> new Reply.Raw(head + "\r\n" + bytes, true);
            };
        }

        private static String chunked(String bytes) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < bytes.length(); i += 7) {
                String chunk = bytes.substring(i, Math.min(i + 7, bytes.length()));
                all.append(Integer.toHexString(chunk.length()))
                        .append("\r\n")
                        .append(chunk)
                        .append("\r\n");
            }
            return all.append("0\r\n\r\n").toString();
        }
    }

    // ---- how clients read

    enum Mode {
        BUFFER,
        STRING,
        JSON,
        DISCARD;

        /** The text of the answer; of a discarded one, the one that it should have had. */
        Future<String> read(HttpRequest<Buffer> request) {
            return switch (this) {
                case BUFFER -> request.send().map(HttpResponse::bodyAsString);
                case STRING -> request.as(BodyCodec.string()).send().map(HttpResponse::body);
                case JSON ->
                    request.as(BodyCodec.jsonArray())
                            .send()
                            .map(got -> got.body().size() == 3 ? TEXT : "");
                case DISCARD -> request.as(BodyCodec.none()).send().map(got -> TEXT);
            };
        }
    }

    private HttpRequest<Buffer> get(String path) {
        return house.http.web().getAbs(server.url() + path);
    }

    private Coroutine<String> stream(String path) {
        return () -> house.http.stream(get(path), (head, body) -> all(body).map(Buffer::toString));
    }

    private static Future<Buffer> all(ReadStream<Buffer> body) {
        Promise<Buffer> end = Promise.promise();
        Buffer all = Buffer.buffer();
        body.handler(all::appendBuffer).exceptionHandler(end::tryFail).endHandler(none -> end.tryComplete(all));
        return end.future();
    }

    private static HttpContentException failure(Task<?> call) throws Exception {
        Throwable error = outcome(call).errorOrNull();
        assertThat(error).isInstanceOf(HttpContentException.class);
        return (HttpContentException) Objects.requireNonNull(error);
    }

    private static Why why(Task<?> call) throws Exception {
        return failure(call).why();
    }

    private void theNextOneProceeds() throws Exception {
        assertThat(value(house.get(server.url() + "/next")).bodyAsString()).isEqualTo("next");
    }

    // ---- the tests

    @ParameterizedTest
    @EnumSource
    void wholeOrFailedWhereverItIsCut(Coding coding) throws Exception {
        byte[] packed = coding.pack(TEXT);
        for (Framing framing : Framing.values()) {
            for (int length = 0; length <= packed.length; length++) {
                server.on("/a", framing.reply(coding.header, Arrays.copyOf(packed, length)));
                boolean empty = length == 0 && framing != Framing.CLOSED;
                Task<String> call = house.start(stream("/a"));
                if (empty) {
                    assertThat(value(call)).isEmpty();
                } else if (length == packed.length) {
                    assertThat(value(call)).isEqualTo(TEXT);
                } else if (coding.isWhole(TEXT, length)) {
                    assertThat(value(call)).isEqualTo(TEXT.substring(0, TEXT.length() / 2));
                } else {
                    assertThat(why(call)).as("%s %d", framing, length).isEqualTo(Why.CUT_SHORT);
                    assertThat(outcome(call).errorOrNull())
                            .hasMessage("the " + (coding.header.equals("deflate") ? "deflate" : "gzip")
                                    + " body ended too soon, after " + length + (length == 1 ? " byte" : " bytes"));
                }
            }
        }
        theNextOneProceeds();
    }

    @ParameterizedTest
    @EnumSource
    void everyWayToReadItSees(Mode mode) throws Exception {
        for (Coding coding : Coding.values()) {
            for (Framing framing : Framing.values()) {
                byte[] packed = coding.pack(TEXT);
                server.on("/a", framing.reply(coding.header, packed));
                assertThat(value(house.start(() -> mode.read(get("/a"))))).isEqualTo(TEXT);
                server.on("/a", framing.reply(coding.header, Arrays.copyOf(packed, packed.length - 3)));
                assertThat(why(house.start(() -> mode.read(get("/a"))))).isEqualTo(Why.CUT_SHORT);
            }
        }
        theNextOneProceeds();
    }

    @ParameterizedTest
    @EnumSource
    void aFlippedBitIsDamageOrChangesNothing(Coding coding) throws Exception {
        byte[] packed = coding.pack(TEXT);
        for (int i = 0; i < packed.length; i++) {
            byte[] wrong = packed.clone();
            wrong[i] ^= 0x10;
            server.on("/a", Framing.LENGTH.reply(coding.header, wrong));
            Task<String> call = house.start(stream("/a"));
            if (outcome(call).isSuccess()) {
                // the time and the system in a head of gzip; deflate without a frame has no checksum
                assertThat(coding == Coding.RAW || value(call).equals(TEXT))
                        .as("byte %d", i)
                        .isTrue();
            } else {
                assertThat(why(call)).isIn(Why.DAMAGED, Why.CUT_SHORT);
            }
        }
        theNextOneProceeds();
    }

    @ParameterizedTest
    @EnumSource
    void bytesAfterTheEndAreDamage(Coding coding) throws Exception {
        for (String more : List.of("\u0000", "x", "\r\n", "more than that")) {
            server.on("/a", Framing.LENGTH.reply(coding.header, joined(coding.pack(TEXT), latin1(more))));
            Task<String> call = house.start(stream("/a"));
            assertThat(why(call)).isEqualTo(Why.DAMAGED);
            assertThat(outcome(call).errorOrNull()).hasMessageContaining("there are bytes after its end");
        }
        theNextOneProceeds();
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "zstd", "compress", "gzip, gzip", "gzip, br", "nonsense", "aws-chunked"})
    void aCodingThatNobodyAskedForIsNamed(String coding) throws Exception {
        server.on("/a", Framing.LENGTH.reply(coding, latin1("????")));
        Task<HttpResponse<Buffer>> call = house.get(server.url() + "/a");
        assertThat(why(call)).isEqualTo(Why.UNKNOWN_CODING);
        HttpContentException error = failure(call);
        assertThat(error).hasMessageContaining("the Content-Encoding " + coding + ", which was not asked for");
        assertThat(error.head().statusCode()).isEqualTo(200);
        theNextOneProceeds();
    }

    @Test
    void aCodingThatItsRequestAskedForComesAsItIs() throws Exception {
        server.on("/a", Framing.LENGTH.reply("br", latin1("\u008B\u0002\u0080")));
        HttpResponse<Buffer> answer = value(house.start(
                () -> get("/a").putHeader("accept-encoding", "gzip, BR;q=0.9").send()));
        assertThat(answer.getHeader("content-encoding")).isEqualTo("br");
        assertThat(answer.body().getBytes()).isEqualTo(latin1("\u008B\u0002\u0080"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"identity", "", "Identity, identity", " , "})
    void identityIsNoCoding(String coding) throws Exception {
        server.on("/a", Framing.LENGTH.reply(coding, latin1(TEXT)));
        assertThat(value(house.get(server.url() + "/a")).bodyAsString()).isEqualTo(TEXT);
    }

    @ParameterizedTest
    @CsvSource({"HEAD, 200 OK", "GET, 204 No Content", "GET, 304 Not Modified"})
    void anAnswerWithoutABodyHasNothingToUnpack(String method, String status) throws Exception {
        for (String coding : List.of("gzip", "br", "gzip, gzip")) {
            String head = "HTTP/1.1 " + status + "\r\ncontent-encoding: " + coding + "\r\n";
            server.on(
                    "/a", new Reply.Raw(head + (method.equals("HEAD") ? "content-length: 9\r\n\r\n" : "\r\n"), false));
            HttpResponse<Buffer> answer = value(house.start(() -> house.http
                    .web()
                    .requestAbs(HttpMethod.valueOf(method), server.url() + "/a")
                    .send()));
            assertThat(answer.statusCode()).isEqualTo(Integer.parseInt(status.substring(0, 3)));
        }
        theNextOneProceeds();
    }

    @Test
    void gzipAndDeflateAreAskedForButNotForARange() throws Exception {
        value(house.get(server.url() + "/next"));
        value(house.start(() -> get("/next").putHeader("range", "bytes=0-9").send()));
        value(house.start(
                () -> get("/next").putHeader("accept-encoding", "identity").send()));
        List<String> asked = new ArrayList<>();
        server.requests().forEach(request -> asked.add("" + request.headers().get("accept-encoding")));
        assertThat(asked).containsExactly("gzip, deflate", "null", "identity");
    }

    @Test
    void theHeadersSayWhatTheBodyIsNow() throws Exception {
        server.on("/a", Framing.LENGTH.reply("gzip", Coding.GZIP.pack(TEXT)));
        HttpResponse<Buffer> answer = value(house.get(server.url() + "/a"));
        assertThat(answer.headers().contains("content-encoding")).isFalse();
        assertThat(answer.headers().contains("content-length")).isFalse();
    }

    @Test
    void aBodyThatPacksToMoreThanTheLimitMayUnpackToLess() throws Exception {
        try (HttpHouse small = new HttpHouse(HttpCalls.Options.of(1).withMaxBodyBytes(5))) {
            server.on("/a", Framing.LENGTH.reply("gzip", Coding.GZIP.pack("12345")));
            assertThat(value(small.get(server.url() + "/a")).bodyAsString()).isEqualTo("12345");
            server.on("/a", Framing.LENGTH.reply("gzip", Coding.GZIP.pack("123456")));
            assertThat(outcome(small.get(server.url() + "/a")).errorOrNull())
                    .isInstanceOf(HttpBodyTooLargeException.class);
        }
    }

    @Test
    void aBombIsUnpackedPieceByPiece() throws Exception {
        server.on("/bomb", Reply.gzipBomb(50));
        long[] came = {0, 0};
        Task<Long> call = house.start(() -> house.http.stream(get("/bomb"), (head, body) -> {
            Promise<Long> end = Promise.promise();
            body.exceptionHandler(end::tryFail).endHandler(whole -> end.tryComplete(came[0]));
            body.handler(chunk -> {
                came[0] += chunk.length();
                came[1] = Math.max(came[1], chunk.length());
            });
            return end.future();
        }));
        assertThat(value(call)).isEqualTo(50L << 20);
        assertThat(came[1]).isLessThanOrEqualTo(64 * 1024);
    }

    @Test
    void http2HasTheSameRules() throws Exception {
        try (HttpHouse two = new HttpHouse(HttpCalls.Options.of(1)
                .withWeb(new WebClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setHttp2ClearTextUpgrade(false)))) {
            byte[] packed = Coding.GZIP.pack(TEXT);
            String url = "http://127.0.0.1:"
                    + two.vertx
                            .createHttpServer(new HttpServerOptions().setHttp2ClearTextEnabled(true))
                            .requestHandler(request -> {
                                int length = Integer.parseInt(request.getParam("length"));
                                request.response()
                                        .putHeader("content-encoding", request.getParam("coding"))
                                        .end(Buffer.buffer(Arrays.copyOf(packed, length)));
                            })
                            .listen(0, "127.0.0.1")
                            .await(5, TimeUnit.SECONDS)
                            .actualPort()
                    + "/?coding=";
            for (int length = 1; length < packed.length; length++) {
                assertThat(why(two.get(url + "gzip&length=" + length))).isEqualTo(Why.CUT_SHORT);
            }
            assertThat(why(two.get(url + "br&length=9"))).isEqualTo(Why.UNKNOWN_CODING);
            assertThat(value(two.get(url + "gzip&length=" + packed.length)).bodyAsString())
                    .isEqualTo(TEXT);
        }
    }
}
