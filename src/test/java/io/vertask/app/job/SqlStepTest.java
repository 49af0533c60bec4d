package io.vertask.app.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertask.app.job.yaml.JobErrors;
import io.vertask.testing.Jobs;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlStepTest {
    private static Job job(String sql, String print) {
        return Jobs.read(
                "x.yaml",
                "job: x\nclients: {db: {postgres: \"\"}}\ndo: {sql: '" + sql + "'}\nprint: \"" + print + "\"\n",
                Map.of(),
                List.of());
    }

    @Test
    void theColumnsAfterReturningAreKnownBeforeAnythingIsSent() {
        Job job = job("INSERT INTO t VALUES (1) RETURNING Id,\n name;", "{id} {name} {item}");
        assertThat(job.step().fields()).containsExactly("id", "name");
        assertThatThrownBy(() -> job("INSERT INTO t VALUES (1) returning id, name", "{nme}"))
                .isInstanceOf(JobErrors.class)
                .hasMessageContaining("unknown name `nme`")
                .hasMessageContaining("did you mean `name`?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1",
                "INSERT INTO t VALUES (1) RETURNING *",
                "INSERT INTO t VALUES (1) RETURNING id AS n",
                "WITH a AS (INSERT INTO t VALUES (1) RETURNING id) SELECT * FROM a",
                "SELECT n -- RETURNING id"
            })
    void otherColumnsAreNotGuessed(String sql) {
        assertThat(job(sql, "{anything}").step().fields()).isEmpty();
    }
}
