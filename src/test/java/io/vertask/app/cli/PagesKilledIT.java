package io.vertask.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.testing.Command;
import io.vertask.testing.Command.End;
import io.vertask.testing.PagedServer;
import io.vertask.testing.Postgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An export that is killed again and again ends with every row once, and fetches no page that it has recorded. */
class PagesKilledIT {
    private static final String DATABASE = "pages_killed_it";
    private static final List<String> LISTS = List.of("a", "b");
    private static final int SIZE = 100;

    @TempDir
    private Path folder;

    private static String query(String sql) throws SQLException {
        try (Connection connection = Postgres.connect(DATABASE);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static int fetches(PagedServer server) {
        return server.fetches().values().stream().mapToInt(times -> times).sum();
    }

    @Test
    void everyRowIsThereOnceAndNoRecordedPageIsFetchedAgain() throws Exception {
        export(1_500, 3, 30, System.nanoTime());
    }

    @Test
    @Tag("stress")
    @Timeout(600)
    void everyRowIsThereOnceAfterTwentyKills() throws Exception {
        export(5_000, 20, 30, Long.getLong("vertask.seed", System.nanoTime()));
    }

    /**
     * Two lists of {@code rows} each, killed {@code kills} times at random moments between the first page and the last.
     */
    private void export(int rows, int kills, int delayMillis, long seed) throws Exception {
        Random random = new Random(seed);
        int pages = LISTS.size() * rows / SIZE;
        Map<String, String> env = Map.of("DATABASE_URL", Postgres.createDatabase(DATABASE));
        Map<String, Integer> recorded = new HashMap<>();
        try (PagedServer server = PagedServer.start(rows, delayMillis)) {
            Path file = folder.resolve("export.yaml");
            Files.writeString(
                    file,
                    "job: export\nclients: {db: {postgres: \"${DATABASE_URL}\"}, api: {url: \"" + server.url()
                            + "\"}}\neach: [a, b]\ndo: {pages: \"/link/{item}?per_page=" + SIZE
                            + "\", client: api, next: link, pick: {list: =item, number: number}}\n"
                            // without a key, so that a page that is recorded twice shows
                            + "into: {postgres: db, table: exported, create: true}\n");
            for (int kill = 0; kill < kills; kill++) {
                int left = pages - recorded.size();
                int until = fetches(server) + 1 + random.nextInt(Math.max(1, 2 * left / (kills - kill + 2)));
                int then = random.nextInt(delayMillis);
                String past = kill == 0 ? "--fresh" : "--resume";
                try (Command command = Command.start(folder, env, file.toString(), past)) {
                    Command.await(
                            Duration.ofSeconds(60),
                            until + " fetches, seed " + seed,
                            () -> fetches(server) >= until || !command.isAlive());
                    // somewhere between two answers: the moment is what is drawn here
                    TimeUnit.MILLISECONDS.sleep(then);
                    assertThat(command.isAlive())
                            .as("seed %s, kill %s", seed, kill)
                            .isTrue();
                    command.signal("KILL");
                    command.end();
                }
                checkRecorded(server, recorded, "seed " + seed + ", kill " + kill);
            }
            End end = Command.run(folder, env, file.toString(), "--resume");
            assertThat(end.code()).as("seed %s: %s", seed, end.err()).isZero();
            checkRecorded(server, recorded, "seed " + seed + ", the end");
            assertThat(recorded).as("seed %s", seed).hasSize(pages);
            assertThat(
                            query(
                                    "SELECT count(*) || ' ' || count(DISTINCT (list, number)) || ' ' || sum(number) FROM exported"))
                    .as("seed %s", seed)
                    .isEqualTo(2 * rows + " " + 2 * rows + " " + (long) rows * (rows + 1));
            assertThat(query("SELECT count(*) FROM vertask_checkpoints"))
                    .as("seed %s", seed)
                    .isEqualTo("0");
        }
    }

    /** Adds the pages that the table has now; those it had before have not been fetched since. */
    private static void checkRecorded(PagedServer server, Map<String, Integer> recorded, String when) throws Exception {
        // what the killed one had sent is still being done
        Command.await(
                Duration.ofSeconds(30),
                "its sessions have ended, " + when,
                () -> query("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'vertask/%'")
                        .equals("0"));
        recorded.forEach((url, times) ->
                assertThat(server.fetches()).as("%s: a recorded page", when).containsEntry(url, times));
        if (query("SELECT to_regclass('exported') IS NULL").equals("t")) {
            return;
        }
        for (String list : LISTS) {
            int rows = Integer.parseInt(query("SELECT count(*) FROM exported WHERE list = '" + list + "'"));
            assertThat(rows % SIZE).as("%s: half a page of %s", when, list).isZero();
            for (int page = 1; page <= rows / SIZE; page++) {
                String url = "/link/" + list + "?per_page=" + SIZE + (page == 1 ? "" : "&page=" + page);
                recorded.putIfAbsent(url, server.fetches().getOrDefault(url, 0));
            }
        }
    }
}
