package io.vertask.app.tour;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** What each program prints is what the page's Python program prints, line by line. */
class TourTest {
    private static final Pattern DONE = Pattern.compile("Done in (\\d\\.\\d\\d)s");

    @Test
    void price() {
        assertThat(Visit.to("price").lines()).containsExactly("AAPL: $182.5");
    }

    @Test
    void gatherTakesAsLongAsItsSlowestNotTheSum() {
        assertThat(Visit.to("gather").lines())
                .startsWith("AAPL: $182.5", "GOOG: $175.3", "MSFT: $415.1", "TSLA: $245.0")
                .hasSize(5)
                .last()
                .satisfies(done -> {
                    Matcher seconds = DONE.matcher(done);
                    assertThat(seconds.matches()).as(done).isTrue();
                    assertThat(Double.parseDouble(seconds.group(1))).isBetween(0.3, 0.7);
                });
    }

    @Test
    void gatherErrors() {
        assertThat(Visit.to("gather-errors").lines()).containsExactly("OK: 10", "Error: Bad number: 2", "OK: 30");
    }

    @Test
    void taskGroup() {
        assertThat(Visit.to("task-group").lines())
                .containsExactly(
                        "[{\"id\":1,\"name\":\"User 1\"}, {\"id\":2,\"name\":\"User 2\"}, "
                                + "{\"id\":3,\"name\":\"User 3\"}, {\"id\":4,\"name\":\"User 4\"}, {\"id\":5,\"name\":\"User 5\"}]");
    }

    @Test
    void timeout() {
        assertThat(Visit.to("timeout").lines()).containsExactly("Operation timed out after 1s", "Timed out");
    }

    @Test
    void cancel() {
        assertThat(Visit.to("cancel").lines())
                .containsExactly(
                        "background: starting",
                        "background: tick",
                        "background: tick",
                        "background: tick",
                        "background: cancelled, cleaning up",
                        "background: done");
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "straight-line code needs virtual threads")
    void direct() {
        assertThat(Visit.to("direct").lines())
                .containsExactly(
                        "background: starting",
                        "background: tick",
                        "background: tick",
                        "background: tick",
                        "background: cancelled, cleaning up",
                        "background: done");
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_20, disabledReason = "this JDK has virtual threads")
    void onAnOldJdkDirectSaysInALineWhyItIsSkipped() {
        Visit visit = Visit.to("direct");
        assertThat(visit.lines()).isEmpty();
        assertThat(visit.err())
                .containsExactly(
                        "# direct: cancellation, in straight-line code",
                        "direct: skipped, it needs JDK 21 or later and this is " + System.getProperty("java.version"));
        assertThat(visit.exitCode()).isZero();
    }

    @Test
    void contextManager() {
        assertThat(Visit.to("context-manager").lines())
                .containsExactly(
                        "Connecting to db.example.com",
                        "Using connection: {\"host\":\"db.example.com\",\"alive\":true}",
                        "Disconnected from db.example.com");
    }

    @Test
    void generator() {
        assertThat(Visit.to("generator").lines())
                .containsExactly(
                        "Received 5 items, total so far: 5",
                        "Received 5 items, total so far: 10",
                        "Received 5 items, total so far: 15",
                        "Received 5 items, total so far: 20");
    }

    @Test
    void executor() {
        assertThat(Visit.to("executor").lines())
                .containsExactly(
                        "[contents of file1.txt, contents of file2.txt, contents of file3.txt]",
                        "[333332833333500000, 2666664666667000000]");
    }

    @Test
    void parallelApi() {
        assertThat(Visit.to("parallel-api").lines())
                .containsExactly(
                        "python/cpython: 66214 stars, 9120 open issues",
                        "pallets/flask: 68977 stars, 7 open issues",
                        "tiangolo/fastapi: 81236 stars, 264 open issues",
                        "django/django: 82491 stars, 358 open issues");
    }

    @Test
    void semaphore() {
        assertThat(Visit.to("semaphore").lines())
                .containsExactly(Collections.nCopies(20, 200).toString());
    }

    @Test
    void queue() {
        List<String> lines = Visit.to("queue").lines();
        // who does what is a matter of moments; three work at a time, so all of them get something to do
        assertThat(lines.subList(0, 12)).allMatch(line -> line.matches("worker-[123]: (shop|web)-[1-6]"));
        assertThat(lines.subList(0, 12).stream().map(line -> line.replaceFirst(": .*", "")))
                .contains("worker-1", "worker-2", "worker-3");
        assertThat(lines.subList(0, 12).stream().map(line -> line.replaceFirst(".*: ", "")))
                .containsExactlyInAnyOrder(
                        "shop-1", "shop-2", "shop-3", "shop-4", "shop-5", "shop-6", //
                        "web-1", "web-2", "web-3", "web-4", "web-5", "web-6");
        assertThat(lines).hasSize(13).last().isEqualTo("Done, never more than 4 in the queue");
    }

    @Test
    void everyProgramHasItsHeading() {
        Visit visit = Visit.to("gather-errors", "price");
        assertThat(visit.err()).containsExactly("# gather-errors: errors as values", "# price: async def and await");
        assertThat(visit.exitCode()).isZero();
    }

    @Test
    void anUnknownNameIsReportedBeforeAnythingRuns() {
        Visit visit = Visit.to("price", "gahter", "knitting");
        assertThat(visit.exitCode()).isEqualTo(2);
        assertThat(visit.lines()).isEmpty();
        assertThat(visit.err())
                .startsWith("no program `gahter`: did you mean `gather`?", "no program `knitting`")
                .last()
                .asString()
                .startsWith("the tour has: price gather gather-errors task-group timeout cancel direct");
    }
}
