package io.vertask.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testing.Command;
import io.vertask.testing.Command.End;
import io.vertask.testing.CountingServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** GitHub's rate limits, as a run with {@code profile: github} meets them. */
class GitHubLimitsIT {
    private static final String SECONDARY = "{\"message\": \"You have exceeded a secondary rate limit.\"}";

    @TempDir
    private Path folder;

    /** How the server says that it is enough for now, and for how long. */
    enum Limit {
        PRIMARY_403(2, 403),
        PRIMARY_429(2, 429),
        SECONDARY_403(1, 403),
        SECONDARY_429(1, 429);

        private final int seconds;
        private final int status;

        Limit(int seconds, int status) {
            this.seconds = seconds;
            this.status = status;
        }

        private void answer(HttpServerResponse response) {
            response.setStatusCode(status);
            if (this == PRIMARY_403 || this == PRIMARY_429) {
                primary(response).end();
            } else {
                response.putHeader("retry-after", "1").end(SECONDARY);
            }
        }

        /** By its own clock, which is wrong, the reset is a second away; a second more, for it is rounded. */
        private static HttpServerResponse primary(HttpServerResponse response) {
            Instant now = Instant.parse("2031-05-06T07:08:09Z");
            return response.putHeader("date", DateTimeFormatter.RFC_1123_DATE_TIME.format(now.atOffset(ZoneOffset.UTC)))
                    .putHeader("x-ratelimit-remaining", "0")
                    .putHeader("x-ratelimit-reset", Long.toString(now.getEpochSecond() + 1));
        }
    }

    private End run(CountingServer server, String step) throws IOException, InterruptedException {
        Files.writeString(folder.resolve("job.yaml"), """
                job: limits
                clients: {github: {url: "%s", profile: github}}
                each: [a, b, c, d]
                do: {%s, client: github}
                limits: {concurrency: 1}
                """.formatted(server.url(), step));
        return Command.run(folder, Map.of(), "job.yaml");
    }

    /** Answers the second request as {@code limit} does, all others well. */
    private static Consumer<HttpServerRequest> secondRefused(Limit limit) {
        AtomicInteger requests = new AtomicInteger();
        return request -> {
            if (requests.incrementAndGet() == 2) {
                limit.answer(request.response());
            } else {
                request.response().end("[\"" + request.path().substring(1) + "\"]");
            }
        };
    }

    private static void assertPausedAfter(CountingServer server, int request, int seconds) {
        List<Long> arrivals = server.arrivals();
        assertThat(Duration.ofNanos(arrivals.get(request) - arrivals.get(request - 1)))
                .isGreaterThanOrEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @EnumSource
    void aLimitPausesTheWholeClientAndThenItGoesOn(Limit limit) throws Exception {
        try (CountingServer server = CountingServer.start(0, secondRefused(limit))) {
            End end = run(server, "get: \"/{item}\"");
            assertThat(end.code()).as(end.err()).isZero();
            assertThat(end.lines()).containsExactly("[\"a\"]", "[\"b\"]", "[\"c\"]", "[\"d\"]");
            assertThat(end.err())
                    .contains("ok 4   failed 0   retried 1")
                    .contains("paused once: b said Retry-After " + limit.seconds + "s, honoured for all of `github`");
            assertThat(server.count()).isEqualTo(5);
            assertPausedAfter(server, 2, limit.seconds);
        }
    }

    @Test
    void pagesHearOfItToo() throws Exception {
        try (CountingServer server = CountingServer.start(0, secondRefused(Limit.SECONDARY_429))) {
            End end = run(server, "pages: \"/{item}\", next: link");
            assertThat(end.code()).as(end.err()).isZero();
            assertThat(end.lines()).containsExactly("\"a\"", "\"b\"", "\"c\"", "\"d\"");
            assertThat(end.err()).contains("paused once: b said Retry-After 1s, honoured for all of `github`");
            assertPausedAfter(server, 2, 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"get: \"/{item}\"", "pages: \"/{item}\", next: link"})
    void theLastGoodAnswerBeforeALimitPausesBeforeAnythingIsRefused(String step) throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (CountingServer server = CountingServer.start(0, request -> {
            HttpServerResponse response = request.response();
            (requests.incrementAndGet() == 1 ? Limit.primary(response) : response).end("[1]");
        })) {
            End end = run(server, step);
            assertThat(end.code()).as(end.err()).isZero();
            assertThat(end.err()).contains("ok 4   failed 0   retried 0").contains("paused once: a said ");
            assertThat(server.count()).isEqualTo(4);
            assertPausedAfter(server, 1, 2);
        }
    }

    @Test
    void a403ThatIsNoLimitFailsItsItemAtOnce() throws Exception {
        try (CountingServer server = CountingServer.start(
                0,
                request -> request.response()
                        .setStatusCode(403)
                        .putHeader("x-ratelimit-remaining", "4999")
                        .end("{\"message\": \"Resource not accessible\"}"))) {
            End end = run(server, "get: \"/{item}\"");
            assertThat(end.code()).isEqualTo(1);
            assertThat(end.err()).contains("failed: 4 × 403").doesNotContain("paused");
            assertThat(server.count()).isEqualTo(4);
        }
    }
}
