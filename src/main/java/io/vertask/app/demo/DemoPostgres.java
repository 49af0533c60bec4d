package io.vertask.app.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A Postgres server for the demo, on a free loopback port and in a temporary directory; it ends with this process.
 *
 * <p>The binaries are unpacked once, below the temporary directory, and reused by later starts.
 *
 * <p><b>Failure.</b> {@link #start} throws {@link DemoUnavailable} when the jars are absent, when there are no binaries
 * for this platform, or when the server does not come up.
 *
 * <p><b>Cancellation.</b> However this JVM ends, the server is stopped and its directory deleted within seconds.
 *
 * <p><b>Threads.</b> Every method blocks except {@link #uri} and {@link #port}: call them from a worker thread. An
 * interrupt ends {@link #start}.
 */
public final class DemoPostgres implements AutoCloseable {
    private static final String INSTEAD = "build with ./run.sh or set DATABASE_URL";
    private static final Duration CLEANUP = Duration.ofSeconds(20);
    private static final int ATTEMPTS = 3;

    private final Path directory;
    private final Watchdog watchdog;
    private final EmbeddedServer server;

    private DemoPostgres(Path directory, Watchdog watchdog, EmbeddedServer server) {
        this.directory = directory;
        this.watchdog = watchdog;
        this.server = server;
    }

    /** Starts a server and waits until it answers: about a second, or a few at the first start on a machine. */
    public static DemoPostgres start() {
        String binaries = requireBinaries();
        DemoUnavailable last = null;
        // The port is chosen before the server binds it, so another process may take it in between.
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                return startOnce(binaries);
            } catch (PortLost lost) {
                last = unavailable("lost its port to another process", lost);
            }
        }
        throw last == null ? unavailable("did not start", null) : last;
    }

    private static DemoPostgres startOnce(String binaries) throws PortLost {
        Path directory;
        Watchdog watchdog;
        try {
            directory = Files.createTempDirectory("vertask-demo-postgres-");
            watchdog = Watchdog.over(directory);
        } catch (IOException e) {
            throw unavailable("cannot start: " + e.getMessage(), e);
        }
        boolean up = false;
        try {
            BinaryCache cache = BinaryCache.in(
                    Path.of(System.getProperty("java.io.tmpdir", "/tmp")),
                    System.getProperty("user.name", "user"),
                    binaries);
            Optional<Path> cached = cache.find(directory);
            Path unpacked = cached.orElse(directory.resolve("unpacked"));
            EmbeddedServer server = EmbeddedServer.startIn(directory, unpacked);
            if (Thread.currentThread().isInterrupted()) {
                throw unavailable("was interrupted while it started", null);
            }
            if (!Files.exists(directory.resolve("data").resolve("postmaster.pid"))) {
                throw new PortLost();
            }
            if (cached.isEmpty()) {
                cache.publish(unpacked);
            }
            up = true;
            return new DemoPostgres(directory, watchdog, server);
        } catch (NoClassDefFoundError e) {
            throw absent(e);
        } catch (IOException | RuntimeException | LinkageError e) {
            if (e instanceof DemoUnavailable known) {
                throw known;
            }
            String log = lastLogLine(directory);
            if (log.contains("Address already in use")) {
                throw new PortLost();
            }
            throw unavailable("did not start: " + (log.isEmpty() ? String.valueOf(e.getMessage()) : log), e);
        } finally {
            if (!up) {
                release(watchdog);
            }
        }
    }

    /** {@code postgresql://postgres@127.0.0.1:PORT/postgres}. */
    public String uri() {
        return "postgresql://" + EmbeddedServer.USER + "@" + EmbeddedServer.HOST + ":" + port() + "/postgres";
    }

    public int port() {
        return server.port();
    }

    /** The directory of all files that this server writes; deleted at {@link #close}. */
    Path directory() {
        return directory;
    }

    /** Opens a JDBC connection to {@code database} as the superuser. */
    public Connection connect(String database) throws SQLException {
        return server.connect(database);
    }

    /** Recreates the table {@code users(id, username)} with ids 1 to 20, except 7 and 13. */
    public void seedUsers() throws SQLException {
        try (Connection connection = connect("postgres");
                Statement ddl = connection.createStatement()) {
            connection.setAutoCommit(false);
            ddl.execute("DROP TABLE IF EXISTS users");
            ddl.execute("CREATE TABLE users (id int PRIMARY KEY, username text NOT NULL)");
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO users VALUES (?, ?)")) {
                for (DemoUser user : DemoUser.all()) {
                    insert.setInt(1, user.id());
                    insert.setString(2, user.username());
                    insert.addBatch();
                }
                insert.executeBatch();
            }
            connection.commit();
        }
    }

    /** Stops the server and deletes its directory; a second call does nothing. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (IOException e) {
            throw new UncheckedIOException("the demo's Postgres in " + directory + " did not stop", e);
        } finally {
            release(watchdog);
        }
    }

    private static void release(Watchdog watchdog) {
        // The directory must be deleted even when this thread is interrupted; the wait is bounded.
        boolean interrupted = Thread.interrupted();
        try {
            watchdog.release(CLEANUP);
        } catch (InterruptedException e) {
            // The watchdog cleans up by itself.
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The cache key of the binaries: their size, which differs between versions. */
    private static String requireBinaries() {
        String os = System.getProperty("os.name", "");
        String arch = System.getProperty("os.arch", "");
        if (!os.equals("Linux") || !List.of("amd64", "x86_64").contains(arch)) {
            throw unavailable("has binaries for Linux on amd64, and this is " + os + " on " + arch, null);
        }
        URL archive = DemoPostgres.class.getResource("/postgres-linux-x86_64.txz");
        if (archive == null) {
            throw absent(null);
        }
        try {
            return "postgres-" + archive.openConnection().getContentLengthLong();
        } catch (IOException e) {
            throw unavailable("has unreadable binaries: " + e.getMessage(), e);
        }
    }

    private static DemoUnavailable absent(@Nullable Throwable cause) {
        return new DemoUnavailable("the demo's Postgres is not beside the jar: " + INSTEAD, cause);
    }

    private static DemoUnavailable unavailable(String why, @Nullable Throwable cause) {
        return new DemoUnavailable("the demo's Postgres " + why + ". Set DATABASE_URL to use another.", cause);
    }

    private static String lastLogLine(Path directory) {
        try {
            List<String> lines = Files.readAllLines(directory.resolve("log"), StandardCharsets.UTF_8);
            return lines.stream()
                    .filter(line -> line.contains("error:") || line.contains("FATAL:") || line.contains("could not"))
                    .findFirst()
                    .orElse("");
        } catch (IOException unreadable) {
            return "";
        }
    }

    /** Another process took the port between the choice and the bind. */
    private static final class PortLost extends Exception {
        private static final long serialVersionUID = 1L;
    }
}
