package io.vertask.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testing.Command;
import io.vertask.testing.Command.End;
import io.vertask.testing.CountingServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A list of URLs at several sites, of which one asks for a pause. */
class SitePauseIT {
    @TempDir
    private Path folder;

    @Test
    void aSiteThatAsksForAPauseHoldsUpNoOther() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (CountingServer busy = CountingServer.start(0, request -> {
                    int status = requests.incrementAndGet() == 1 ? 429 : 200;
                    request.response()
                            .setStatusCode(status)
                            .putHeader("Retry-After", "3")
                            .end();
                });
                CountingServer other = CountingServer.start(0)) {
            Files.write(
                    folder.resolve("urls.txt"),
                    List.of(busy.url() + "/1", busy.url() + "/2", other.url() + "/3", other.url() + "/4"));
            Files.writeString(folder.resolve("job.yaml"), """
                    job: urls
                    each: {file: urls.txt}
                    do: {get: "{+item}", body: discard}
                    print: "{status} {item}"
                    limits: {concurrency: 1}
                    """);
            End end = Command.run(folder, Map.of(), "job.yaml");
            assertThat(end.code()).as(end.err()).isZero();
            assertThat(end.lines())
                    .containsExactly(
                            "200 " + busy.url() + "/1",
                            "200 " + busy.url() + "/2",
                            "200 " + other.url() + "/3",
                            "200 " + other.url() + "/4");
            assertThat(end.err()).contains("/1 said Retry-After 3s, honoured for all of `" + busy.url() + "`");
            List<Long> waited = busy.arrivals();
            assertThat(waited).hasSize(3);
            assertThat(Duration.ofNanos(waited.get(1) - waited.get(0))).isGreaterThanOrEqualTo(Duration.ofSeconds(3));
            assertThat(other.arrivals())
                    .hasSize(2)
                    .allSatisfy(arrival -> assertThat(arrival).isLessThan(waited.get(1)));
        }
    }
}
