package io.vertask.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testing.Command;
import io.vertask.testing.Command.End;
import io.vertask.testing.Postgres;
import io.vertask.testing.RecordingHttpServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code check}, as a user runs it. */
class CheckIT {
    private static final String USERS = "conf/db_users.yaml";
    private static final String STATUS = "conf/url_status.yaml";

    @TempDir
    private Path folder;

    private String file(String text) throws IOException {
        return Files.writeString(folder.resolve("job.yaml"), text).toString();
    }

    @Test
    void goodFilesAreALineEachAndTheWorstFileDecidesTheExitCode() throws IOException, InterruptedException {
        End good = Command.run(Map.of(), "check", USERS, STATUS);
        assertThat(good.code()).isZero();
        assertThat(good.lines())
                .containsExactly(USERS + ": ok, job db-users, 20 items", STATUS + ": ok, job url-status, 20 items");
        assertThat(good.err()).contains("note: concurrency 20 but clients.db.pool.max 10");
        End bad = Command.run(Map.of(), "check", file("job: x\ndo: {gett: http://x/}\nlimits: {retrys: 1}\n"), STATUS);
        assertThat(bad.code()).isEqualTo(2);
        assertThat(bad.lines()).containsExactly(STATUS + ": ok, job url-status, 20 items");
        assertThat(bad.err()).contains("did you mean `get`?", "did you mean `retries`?", "2 mistakes");
    }

    @Test
    void pagesThatNothingRecordsAreSaidToBeginAgainOnResume() throws IOException, InterruptedException {
        String job = """
                job: x
                clients: {api: {url: "http://127.0.0.1:1"}, db: {postgres: ""}}
                do: {pages: /a, client: api, next: link}
                """;
        String note =
                "note: without `into`, pages have no checkpoints: on --resume an item that was not finished begins "
                        + "at its first page, and its rows come again";
        assertThat(Command.run(Map.of(), "check", file(job)).err()).contains(note);
        assertThat(Command.run(Map.of(), "check", file(job + "into: {postgres: db, table: t}\n"))
                        .err())
                .isEmpty();
    }

    @Test
    void theEffectiveJobSaysWhereEachValueCameFromAndHidesSecrets() throws IOException, InterruptedException {
        End end = Command.run(
                Map.of("GITHUB_TOKEN", "ghp_planted", "VERTASK_RETRIES", "7", "VERTASK_CONCURRENCY", "9"),
                "check",
                "--effective",
                "conf/parallel_api.yaml",
                "-c",
                "3",
                "--set",
                "limits.timeout=3s");
        assertThat(end.code()).isZero();
        assertThat(end.lines().stream().map(line -> line.replaceAll(" {2,}# ", " # ")))
                .contains(
                        "job: github-repo-stats # conf/parallel_api.yaml:2",
                        "    token: •••• # conf/parallel_api.yaml:7, GITHUB_TOKEN",
                        "  concurrency: 3 # -c",
                        "  timeout: 3s # --set",
                        "  retries: 7 # VERTASK_RETRIES",
                        "  backoff: 100ms # default",
                        "on_error: value # default");
        assertThat(end.out() + end.err()).doesNotContain("planted");
    }

    @Test
    void aMistakeInAFlagOrAVariableIsShownAsItWasWritten() throws IOException, InterruptedException {
        End end = Command.run(Map.of("VERTASK_RETRIES", "many"), STATUS, "-c", "0", "--set", "limits.foo=1");
        assertThat(end.code()).isEqualTo(2);
        assertThat(end.err())
                .contains("-c 0: limits.concurrency must be a whole number")
                .contains("VERTASK_RETRIES=many: limits.retries must be a whole number")
                .contains("--set limits.foo=1: unknown key `foo`")
                .contains("3 mistakes");
    }

    @Test
    void connectTriesEveryClientAndSendsNothing() throws IOException, InterruptedException, java.sql.SQLException {
        try (RecordingHttpServer server = RecordingHttpServer.start()) {
            String job = """
                    job: x
                    clients:
                      api: {url: "http://127.0.0.1:%d"}
                      db: {postgres: "%s"}
                    do: {get: /x, client: api}
                    """;
            String uri = Postgres.createDatabase("check_it");
            End good = Command.run(Map.of(), "check", "--connect", file(String.format(job, server.port(), uri)));
            assertThat(good.code()).as(good.err()).isZero();
            assertThat(good.lines())
                    .contains(
                            "clients.api: http://127.0.0.1:" + server.port() + ": connected", "clients.db: logged in");
            assertThat(server.requests()).isEmpty();
            End bad = Command.run(Map.of(), "check", "--connect", file(String.format(job, 1, uri + "_missing")));
            assertThat(bad.code()).isEqualTo(3);
            assertThat(bad.err())
                    .contains("clients.api: could not connect to 127.0.0.1:1")
                    .contains("clients.db: ")
                    .contains("check_it_missing")
                    .doesNotContain("\tat ");
        }
    }
}
