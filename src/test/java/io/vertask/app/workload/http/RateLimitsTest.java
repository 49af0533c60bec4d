package io.vertask.app.workload.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testkit.VirtualRun;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.impl.HttpResponseImpl;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RateLimitsTest {
    private static final Instant SERVER = Instant.parse("2020-01-01T10:00:00Z");
    private static final String DATE = DateTimeFormatter.RFC_1123_DATE_TIME.format(SERVER.atOffset(ZoneOffset.UTC));
    private static final String SECONDARY = "{\"message\": \"You have exceeded a secondary rate limit.\"}";

    private final GitHubLimits github = new GitHubLimits();

    /** A response of a server whose clock is years behind ours; {@code headers} are names and values in turn. */
    private static HttpResponse<Buffer> response(int status, String body, String... headers) {
        MultiMap all = MultiMap.caseInsensitiveMultiMap().set("Date", DATE);
        for (int i = 0; i < headers.length; i += 2) {
            all.set(headers[i], headers[i + 1]);
        }
        return new HttpResponseImpl<>(
                HttpVersion.HTTP_1_1,
                status,
                "",
                all,
                MultiMap.caseInsensitiveMultiMap(),
                List.of(),
                Buffer.buffer(body),
                List.of());
    }

    private static String reset(Duration in) {
        return Long.toString(SERVER.plus(in).getEpochSecond());
    }

    @Test
    void anyServerMayAskWithA429OrA503AndNothingElse() {
        assertThat(RateLimits.PLAIN.afterRefusal(response(429, "", "Retry-After", "7")))
                .contains(Duration.ofSeconds(7));
        assertThat(RateLimits.PLAIN.afterRefusal(response(503, "", "Retry-After", "Wed, 01 Jan 2020 10:01:00 GMT")))
                .contains(Duration.ofMinutes(1));
        assertThat(RateLimits.PLAIN.afterRefusal(response(404, "", "Retry-After", "7")))
                .isEmpty();
        assertThat(RateLimits.PLAIN.afterRefusal(response(429, ""))).isEmpty();
        assertThat(RateLimits.PLAIN.afterSuccess(response(200, "", "Retry-After", "7")))
                .isEmpty();
    }

    @Test
    void gitHubsPrimaryLimitLastsUntilItsResetByTheServersClock() {
        String[] used = {"x-ratelimit-remaining", "0", "x-ratelimit-reset", reset(Duration.ofMinutes(12))};
        for (int status : new int[] {403, 429}) {
            assertThat(github.afterRefusal(response(status, "", used))).contains(Duration.ofSeconds(12 * 60 + 1));
        }
        assertThat(github.afterSuccess(response(200, "{}", used))).contains(Duration.ofSeconds(12 * 60 + 1));
    }

    @Test
    void aGoodAnswerWithSomeLeftAndAForbiddenOneAreNoLimit() {
        String[] left = {"x-ratelimit-remaining", "1", "x-ratelimit-reset", reset(Duration.ofMinutes(12))};
        assertThat(github.afterSuccess(response(200, "{}", left))).isEmpty();
        assertThat(github.afterRefusal(response(403, "{\"message\": \"Forbidden\"}", left)))
                .isEmpty();
        assertThat(github.afterRefusal(response(404, "{}", left))).isEmpty();
    }

    @Test
    void nonsenseInTheHeadersIsBounded() {
        assertThat(github.afterSuccess(
                        response(200, "", "x-ratelimit-remaining", "0", "x-ratelimit-reset", "999999999999")))
                .contains(Duration.ofMinutes(61));
        assertThat(github.afterSuccess(response(200, "", "x-ratelimit-remaining", "0", "x-ratelimit-reset", "soon")))
                .isEmpty();
        assertThat(github.afterSuccess(response(200, "", "x-ratelimit-remaining", "0", "x-ratelimit-reset", "1")))
                .isEmpty();
    }

    @Test
    void gitHubsSecondaryLimitIsWhatItSaysOrAMinuteAndTwiceAsLongEachTime() {
        List<Optional<Duration>> waits = new ArrayList<>();
        VirtualRun.of(() -> {
            waits.add(github.afterRefusal(response(403, SECONDARY, "Retry-After", "30")));
            waits.add(github.afterRefusal(response(403, SECONDARY)));
            // the others that were in flight
            waits.add(github.afterRefusal(response(429, "")));
            return io.vertask.task.Tasks.sleep(Duration.ofMinutes(2)).compose(later -> {
                waits.add(github.afterRefusal(response(403, SECONDARY)));
                return io.vertask.task.Tasks.sleep(Duration.ofMinutes(3)).compose(again -> {
                    var unused = github.afterSuccess(response(200, "{}"));
                    waits.add(github.afterRefusal(response(403, SECONDARY)));
                    return Future.succeededFuture();
                });
            });
        });
        assertThat(waits)
                .extracting(Optional::orElseThrow)
                .containsExactly(
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(2),
                        Duration.ofMinutes(1));
    }
}
