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
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An export that is killed again and again ends with every row once, and fetches no page that it has recorded. */
class PagesKilledIT {
    private static final String DATABASE = "pages_killed_it";
    private static final int ROWS = 1_500;
    private static final int PAGES = 2 * ROWS / 100;
    private static final int KILLS = 3;

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
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Map<String, String> env = Map.of("DATABASE_URL", Postgres.createDatabase(DATABASE));
        try (PagedServer server = PagedServer.start(ROWS, 30)) {
            Path file = folder.resolve("export.yaml");
            Files.writeString(
                    file,
                    "job: export\nclients: {db: {postgres: \"${DATABASE_URL}\"}, api: {url: \"" + server.url()
                            + "\"}}\neach: [a, b]\ndo: {pages: \"/link/{item}?per_page=100\", client: api, next: link, "
                            + "pick: {list: =item, number: number}}\n"
                            // without a key, so that a page that is recorded twice shows
                            + "into: {postgres: db, table: exported, create: true}\n");
            for (int kill = 0; kill < KILLS; kill++) {
                int until = fetches(server) + 2 + random.nextInt(6);
                String past = kill == 0 ? "--fresh" : "--resume";
                try (Command command = Command.start(folder, env, file.toString(), past)) {
                    Command.await(
                            Duration.ofSeconds(30),
                            until + " fetches, seed " + seed,
                            () -> fetches(server) >= until || !command.isAlive());
                    assertThat(command.isAlive()).as("seed %s", seed).isTrue();
                    command.signal("KILL");
                    command.end();
                }
            }
            End end = Command.run(folder, env, file.toString(), "--resume");
            assertThat(end.code()).as("seed %s: %s", seed, end.err()).isZero();
            assertThat(query("SELECT count(*) || ' ' || count(DISTINCT (list, number)) FROM exported"))
                    .as("seed %s", seed)
                    .isEqualTo(2 * ROWS + " " + 2 * ROWS);
            assertThat(fetches(server)).as("seed %s", seed).isBetween(PAGES, PAGES + KILLS * 2);
            assertThat(query("SELECT count(*) FROM vertask_checkpoints"))
                    .as("seed %s", seed)
                    .isEqualTo("0");
        }
    }
}
