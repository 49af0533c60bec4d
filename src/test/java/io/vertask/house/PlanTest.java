package io.vertask.house;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanTest {

    @ParameterizedTest
    @CsvSource({
        "io.vertask.task, task",
        "io.vertask.task.inner, task",
        "io.vertask.client, client",
        "io.vertask.client.libpq, client.libpq",
        "io.vertask.app, app",
        "io.vertask.app.run.inner, app.run",
        "io.vertask.app.workload, app.workload",
        "io.vertask.app.job.yaml, app.job.yaml",
        "io.vertask.app.job.yaml.inner, app.job.yaml",
        "io.vertask.app.workload.http.inner, app.workload.http",
    })
    void aPackageInsideARoomIsPartOfIt(String packageName, String room) {
        assertThat(Plan.room(packageName)).isEqualTo(room);
    }

    @ParameterizedTest
    @CsvSource({
        "sync, task, true",
        "task, sync, false",
        "sync, queue, false",
        "client, sync, true",
        "client, client.libpq, false",
        "client, app.run, false",
        "app.tour, client, true",
        "app.cli, app.run, true",
        "app.run, app.cli, false",
        "app.run, app.workload.http, true",
        "app.workload.http, app.workload, true",
        "app.workload.http, app.workload.http, true",
        "app.workload.http, app.workload.sql, false",
        "app.workload, app.workload.http, false",
        "app.job, app.job.yaml, true",
        "app.job.template, app.job.yaml, true",
        "app.job.yaml, app.job.template, false",
        "app.job.template, app.job, false",
    })
    void aDoorOpensOneWay(String from, String to, boolean open) {
        assertThat(Plan.mayUse(from, to)).isEqualTo(open);
    }

    @Test
    void everyDoorLeadsToARoom() {
        assertThat(Plan.LIBRARY.values()).allSatisfy(doors -> assertThat(doors).allMatch(Plan::knows));
        assertThat(Plan.APPLICATION.values())
                .allSatisfy(doors -> assertThat(doors).allMatch(Plan::knows));
        assertThat(Plan.knows("attic")).isFalse();
    }
}
