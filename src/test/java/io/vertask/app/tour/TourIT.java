package io.vertask.app.tour;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.direct.Direct;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole tour, with a Postgres. */
@Tag("jdk")
class TourIT {
    /** About nine seconds; more than two of them for Postgres, and many more of them on a busy machine. */
    @Test
    @Timeout(90)
    void theWholeTourRunsInThePagesOrder() {
        Visit visit = Visit.to();

        assertThat(visit.exitCode()).as(visit.toString()).isZero();
        List<String> headings =
                visit.err().stream().filter(line -> line.startsWith("#")).toList();
        assertThat(headings)
                .containsExactly(
                        "# price: async def and await",
                        "# gather: run tasks in parallel",
                        "# gather-errors: errors as values",
                        "# task-group: structured concurrency",
                        "# timeout: timeout and wait_for",
                        "# cancel: cancellation",
                        "# direct: cancellation, in straight-line code",
                        "# context-manager: async context managers",
                        "# generator: async generators",
                        "# executor: sync code in an executor",
                        "# parallel-api: parallel API calls",
                        "# db-pool: database connection pool",
                        "# semaphore: limit concurrency",
                        "# queue: producers and workers");
        assertThat(visit.lines())
                .startsWith("AAPL: $182.5")
                .containsSequence(
                        "django/django: 82491 stars, 358 open issues",
                        // ids 1 to 20; nobody has 7 and 13
                        "ada",
                        "alan",
                        "barbara",
                        "carl",
                        "dennis",
                        "edsger",
                        "frances",
                        "grace",
                        "hedy",
                        "ivan",
                        "john",
                        "katherine",
                        "leslie",
                        "margaret",
                        "niklaus",
                        "radia",
                        "sophie",
                        "tony")
                .contains("Done, never more than 4 in the queue")
                .hasSize(Direct.isAvailable() ? 69 : 63);
    }
}
