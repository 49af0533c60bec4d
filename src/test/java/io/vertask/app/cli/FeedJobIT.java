package io.vertask.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testing.Command;
import io.vertask.testing.Command.End;
import io.vertask.testing.CountingServer;
import io.vertask.testing.Postgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where items come from and how fast they go out, as a user sees it. */
class FeedJobIT {
    @TempDir
    Path folder;

    private String job(String text) throws IOException {
        return Files.writeString(folder.resolve("job.yaml"), "job: it-" + folder.getFileName() + "\n" + text)
                .toString();
    }

    private static List<String> numbers(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(Integer::toString).collect(Collectors.toList());
    }

    @Test
    void linesOfStdinAreTheItems() throws Exception {
        String job = job("each: {stdin: lines}\ndo: {sleep: 1ms}\n");
        try (Command command = Command.start(Map.of(), job)) {
            command.stdin().write("one\n\n7\r\nthree".getBytes(StandardCharsets.UTF_8));
            command.stdin().close();
            End end = command.end();
            assertThat(end.code()).as(end.err()).isZero();
            assertThat(end.lines()).containsExactly("one", "7", "three");
        }
    }

    @Test
    void aJobFromStdinCannotHaveItsItemsThereToo() throws Exception {
        try (Command command = Command.start(Map.of(), "-")) {
            command.stdin().write("job: x\neach: {stdin: lines}\ndo: {sleep: 1ms}\n".getBytes(StandardCharsets.UTF_8));
            command.stdin().close();
            End end = command.end();
            assertThat(end.code()).isEqualTo(2);
            assertThat(end.err()).startsWith("the job itself is read from stdin, so its items can't be");
        }
    }

    @Test
    void aRunThatWaitsForStdinEndsWithCtrlC() throws Exception {
        try (CountingServer server = CountingServer.start(0);
                Command command = Command.start(
                        Map.of(), job("each: {stdin: lines}\ndo: {get: \"" + server.url() + "/{item}\"}\n"))) {
            command.stdin().write("one\n".getBytes(StandardCharsets.UTF_8));
            command.stdin().flush();
            Command.await(Duration.ofSeconds(30), "the first request", () -> server.count() > 0);
            command.signal("INT");
            End end = command.end();
            assertThat(end.code()).isEqualTo(130);
            assertThat(end.lines()).containsExactly("\"one\"");
        }
    }

    @Test
    void aFileThatCannotBeReadIsOneMessageAndExit3() throws Exception {
        try (CountingServer server = CountingServer.start(0)) {
            String job = job("each: {file: none.txt}\ndo: {get: \"" + server.url() + "/{item}\"}\n");
            End end = Command.run(Map.of(), job);
            assertThat(end.code()).isEqualTo(3);
            assertThat(end.out()).isEmpty();
            assertThat(end.err().lines())
                    .singleElement()
                    .asString()
                    .startsWith("each.file: there is no file none.txt in /");
            Path latin = Files.write(folder.resolve("latin.txt"), new byte[] {'a', '\n', (byte) 0xe4, '\n'});
            end = Command.run(Map.of(), job, "--set", "each.file=" + latin);
            assertThat(end.code()).isEqualTo(3);
            assertThat(end.err()).contains("latin.txt:2 is not UTF-8");
            end = Command.run(Map.of(), job, "--set", "each.file=" + folder);
            assertThat(end.code()).isEqualTo(3);
            assertThat(end.err()).contains("is a folder; for its files write glob: ");
            assertThat(server.count()).isZero();
        }
    }

    @Test
    void itemsOnTheCommandLineReplaceTheSource() throws Exception {
        End end = Command.run(Map.of(), job("each: {file: none.txt}\ndo: {sleep: 1ms}\n"), "a", "b");
        assertThat(end.lines()).containsExactly("a", "b");
        assertThat(end.code()).isZero();
    }

    @Test
    void rowsOfAQueryAreTheItemsWithMoreOfThemThanOneFetch() throws Exception {
        String uri = Postgres.createDatabase("feed_job_it");
        execute("CREATE TABLE t AS SELECT n AS id, 'name ' || n AS name FROM generate_series(1, 1500) n");
        String job = job("""
                clients: {db: {postgres: "${DATABASE_URL}"}}
                each: {sql: "SELECT id, name FROM t ORDER BY id", client: db, key: "{item.id}"}
                do: {sleep: 1ms}
                print: "{item.name}"
                limits: {concurrency: 100}
                """);
        End end = Command.run(Map.of("DATABASE_URL", uri), job);
        assertThat(end.code()).as(end.err()).isZero();
        assertThat(end.lines()).hasSize(1500).startsWith("name 1", "name 2").endsWith("name 1500");
        String one = job("""
                clients: {db: {postgres: "${DATABASE_URL}"}}
                each: {sql: "SELECT id FROM t WHERE id < 3 ORDER BY id", client: db}
                do: {sleep: 1ms}
                """);
        end = Command.run(Map.of("DATABASE_URL", uri), one);
        assertThat(end.lines()).as("one column is the value itself").containsExactly("1", "2");
        end = Command.run(Map.of("DATABASE_URL", uri), one, "--set", "each.sql=SELECT nothing FROM t");
        assertThat(end.code()).isEqualTo(3);
        assertThat(end.err()).startsWith("each.sql: ").contains("nothing").doesNotContain("\tat ");
        end = Command.run(Map.of("DATABASE_URL", "postgresql://postgres@127.0.0.1:1/none"), one);
        assertThat(end.code()).isEqualTo(3);
        assertThat(end.err()).startsWith("clients.db: ");
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = Postgres.connect("feed_job_it");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void soManyFailuresStopTheJobWithExit4() throws Exception {
        String job =
                job("each: {glob: \"" + folder + "/none*\"}\ndo: {call: io.vertask.app.step.Sha256, offload: io}\n");
        String[] args = {job, "-c", "1", "--stop-after", "2", "/none/a", "/none/b", "/none/c", "/none/d"};
        End end = Command.run(Map.of(), args);
        assertThat(end.code()).isEqualTo(4);
        assertThat(end.lines()).startsWith("/none/a: ERROR - there is no file /none/a");
        assertThat(end.err())
                .contains("stop_after 2: 2 of 2 items failed. Stopped: 2 done")
                .contains("2 not started");
    }

    @Test
    void theProducerAndItsConsumersAsTheyArePrinted() throws Exception {
        End end = Command.run(Map.of(), "conf/async_queue.yaml");
        assertThat(end.code()).as(end.err()).isZero();
        assertThat(end.lines()).isEqualTo(numbers(1, 100));
        assertThat(end.err()).contains("ok 100   failed 0").contains("in flight: peak 3 of 3");
    }
}
