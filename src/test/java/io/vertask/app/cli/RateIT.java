package io.vertask.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testing.Command;
import io.vertask.testing.Command.End;
import io.vertask.testing.CountingServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A rate as its server sees it.
 *
 * <p>What is promised is when requests are sent; a server sees when they come, and one that was long on its way is
 * closer to those after it. So long a way is allowed for: the first ones have their connections to make, and of the
 * others {@link #LATE}. A machine that stood still for longer would look like a burst; it does not do so three times.
 */
class RateIT {
    private static final Duration LATE = Duration.ofMillis(80);
    private static final int TRIES = 3;
    private static final int AT_ONCE = 5;

    @TempDir
    private Path folder;

    private End run(String job, String... flags) throws IOException, InterruptedException {
        Files.writeString(folder.resolve("job.yaml"), "job: rate\n" + job);
        String[] line = new String[flags.length + 1];
        line[0] = "job.yaml";
        System.arraycopy(flags, 0, line, 1, flags.length);
        return Command.run(folder, Map.of(), line);
    }

    /** {@code arrivals[i + apart]} came so long after {@code arrivals[i]}, but for what the way took; the worst. */
    private static Duration closest(List<Long> arrivals, int apart) {
        return Duration.ofNanos(IntStream.range(AT_ONCE, arrivals.size() - apart)
                .mapToLong(i -> arrivals.get(i + apart) - arrivals.get(i))
                .min()
                .orElseThrow());
    }

    @Test
    void neverASixthIsInFlightAndFiftyASecondComeOneEachTwentyMilliseconds() throws Exception {
        String worst = "";
        for (int tries = 0; tries < TRIES; tries++) {
            try (CountingServer server = CountingServer.start(60)) {
                End end = run(
                        "each: {range: 1..125}\ndo: {get: \"" + server.url() + "/{item}\"}\n",
                        "-c",
                        "5",
                        "--rate",
                        "50/s");
                assertThat(end.code()).as(end.err()).isZero();
                assertThat(end.lines()).hasSize(125);
                assertThat(end.err()).contains("rate limit ");
                assertThat(server.peak()).isLessThanOrEqualTo(AT_ONCE);
                List<Long> arrivals = server.arrivals();
                assertThat(arrivals).hasSize(125);
                Duration second = closest(arrivals, 50);
                Duration burst = closest(arrivals, 10);
                long close = IntStream.range(1, arrivals.size())
                        .filter(i -> arrivals.get(i) - arrivals.get(i - 1) < 10_000_000)
                        .count();
                if (second.compareTo(Duration.ofSeconds(1).minus(LATE)) >= 0
                        && burst.compareTo(Duration.ofMillis(200).minus(LATE)) >= 0
                        && close < 12) {
                    return;
                }
                worst += "51 within " + second + ", 11 within " + burst + ", " + close + " twice as fast; ";
            }
        }
        throw new AssertionError(worst);
    }

    /** So many requests at 20 a second take no less than that, however long each was on its way but the first. */
    private static void assertPaced(CountingServer server, int requests) {
        List<Long> arrivals = server.arrivals();
        assertThat(arrivals).hasSize(requests);
        assertThat(Duration.ofNanos(arrivals.get(requests - 1) - arrivals.get(0)))
                .isGreaterThan(
                        Duration.ofMillis(50L * (requests - 1)).multipliedBy(3).dividedBy(4));
    }

    @Test
    void eachRetryIsARequest() throws Exception {
        Set<String> seen = new HashSet<>();
        try (CountingServer server = CountingServer.start(0, request -> failFirst(request, seen))) {
            End end = run("each: {range: 1..20}\ndo: {get: \"" + server.url() + "/{item}\"}\n"
                    + "limits: {concurrency: 20, retries: 1, backoff: 1ms, rate: 20/s}\n");
            assertThat(end.code()).as(end.err()).isZero();
            assertThat(end.err()).contains("retried 20");
            assertPaced(server, 40);
        }
    }

    /** On the server's event loop. */
    private static void failFirst(HttpServerRequest request, Set<String> seen) {
        boolean isFirst = seen.add(request.path());
        request.response().setStatusCode(isFirst ? 503 : 200).end("{}");
    }

    @Test
    void eachPageIsARequest() throws Exception {
        try (CountingServer server = CountingServer.start(0, RateIT::page)) {
            End end = run("each: [a, b, c, d]\n"
                    + "do: {pages: \"" + server.url() + "/{item}\", next: {page: page}}\n"
                    + "limits: {concurrency: 4, rate: 20/s}\n");
            assertThat(end.code()).as(end.err()).isZero();
            assertThat(end.lines()).hasSize(4 * 9);
            assertPaced(server, 4 * 10);
        }
    }

    private static void page(HttpServerRequest request) {
        String page = request.getParam("page", "1");
        request.response().end(page.equals("10") ? "[]" : "[" + page + "]");
    }
}
