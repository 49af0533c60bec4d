package io.vertask.app.workload.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.app.job.PostgresConfig;
import io.vertask.app.job.yaml.Secret;
import io.vertask.client.SqlUse;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a call that had to wait for a connection says. */
class SqlFailuresTest {
    private static final PostgresConfig DB =
            new PostgresConfig("db", Secret.NONE, 0, 10, Optional.empty(), 10_000_000, 600_000);
    private static final Duration LIMIT = Duration.ofSeconds(2);

    @Test
    void aWaitForAConnectionNamesTheQueryThatKeepsOneLongest() {
        SqlUse.Running oldest = new SqlUse.Running(
                "SELECT … FROM orders",
                System.nanoTime() - Duration.ofMillis(41_500).toNanos());
        assertThat(SqlFailures.queued(LIMIT, DB, new SqlUse(10, 10, 3, oldest)))
                .hasMessage("waited 2s for a connection: all 10 of `db` busy (oldest query 41s: SELECT … FROM orders)."
                        + " Raise pool.max or lower concurrency.");
    }

    @Test
    void allWereBusyAlsoWhenTheLastIsBackByNow() {
        assertThat(SqlFailures.queued(LIMIT, DB, new SqlUse(10, 0, 0, null)))
                .hasMessage("waited 2s for a connection: all 10 of `db` busy. Raise pool.max or lower concurrency.");
    }
}
