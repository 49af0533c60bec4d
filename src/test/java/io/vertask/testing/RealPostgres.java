package io.vertask.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A server of the PostgreSQL that is installed on this machine, with data and socket in a temporary folder, a free
 * loopback port and TLS; closing it deletes it.
 *
 * <p>Postgres refuses to run as root: for root it runs as the account {@code postgres}.
 */
public final class RealPostgres implements AutoCloseable {
    private static final Path INSTALLED = Path.of("/usr/lib/postgresql");
    private static final String ACCOUNT = "postgres";

    /**
     * {@code guarded} must give a password, {@code secret} must use TLS, and {@code localhost} must present a
     * certificate; all others are trusted.
     */
    private static final String ACCESS = """
            host all guarded 127.0.0.1/32 scram-sha-256
            hostnossl all secret 127.0.0.1/32 reject
            hostssl all localhost 127.0.0.1/32 cert
            host all all 127.0.0.1/32 trust
            local all guarded scram-sha-256
            local all all trust
            """;

    private final Path folder;
    private final int port;
    private final Process process;

    private RealPostgres(Path folder, int port, Process process) {
        this.folder = folder;
        this.port = port;
        this.process = process;
    }

    /** The folder of the newest installed PostgreSQL's programs; empty when none can be started here. */
    public static Optional<Path> find() throws IOException {
        if (!Files.isDirectory(INSTALLED) || (isRoot() && account(INSTALLED).isEmpty())) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(INSTALLED)) {
            return versions.filter(version -> version.getFileName().toString().matches("\\d+"))
                    .max(Comparator.comparing(
                            version -> Integer.valueOf(version.getFileName().toString())))
                    .map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")));
        }
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private static Optional<UserPrincipal> account(Path there) {
        try {
            return Optional.of(
                    there.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(ACCOUNT));
        } catch (IOException none) {
            return Optional.empty();
        }
    }

    /** Starts a new server with the certificate for {@code localhost}. */
    public static RealPostgres start(Path bin, Certificates certificates) throws Exception {
        Path folder = Files.createTempDirectory("vertask-real-postgres");
        try {
            own(folder, "rwx------");
            run(
                    List.of(
                            bin.resolve("initdb").toString(),
                            "-D",
                            data(folder),
                            "-U",
                            "postgres",
                            "-A",
                            "trust",
                            "-N"),
                    folder);
            place(folder.resolve("data/pg_hba.conf"), ACCESS);
            place(
                    folder.resolve("data/server.crt"),
                    Files.readString(certificates.certificate(Certificates.LOCALHOST)));
            place(folder.resolve("data/server.key"), Files.readString(certificates.key(Certificates.LOCALHOST)));
            place(folder.resolve("data/authority.crt"), Files.readString(certificates.authority()));
            int port = InstalledServer.freePort();
            List<String> line = List.of(
                    bin.resolve("postgres").toString(),
                    "-D",
                    data(folder),
                    "-p",
                    Integer.toString(port),
                    "-k",
                    folder.toString(),
                    "-c",
                    "listen_addresses=127.0.0.1",
                    "-c",
                    "ssl=on",
                    "-c",
                    "ssl_ca_file=authority.crt",
                    "-c",
                    "fsync=off");
            Process process = builder(line, folder).start();
            RealPostgres server = new RealPostgres(folder, port, process);
            try {
                Command.await(Duration.ofSeconds(60), "PostgreSQL takes connections", () -> {
                    if (!process.isAlive()) {
                        throw new AssertionError("PostgreSQL ended: " + log(folder));
                    }
                    return server.answers();
                });
            } catch (Exception | AssertionError failed) {
                server.stop();
                throw failed;
            }
            return server;
        } catch (Exception | AssertionError failed) {
            delete(folder);
            throw failed;
        }
    }

    private static String data(Path folder) {
        return folder.resolve("data").toString();
    }

    private static String log(Path folder) throws IOException {
        return Files.readString(folder.resolve("server.log"));
    }

    private static void run(List<String> line, Path folder) throws IOException, InterruptedException {
        Process process = builder(line, folder).start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new AssertionError(line.get(0) + " failed: " + log(folder));
        }
    }

    /** {@code setpriv} replaces itself with the program, so the process is the server's. */
    private static ProcessBuilder builder(List<String> program, Path folder) {
        List<String> line = new ArrayList<>();
        if (isRoot()) {
            line.addAll(List.of("setpriv", "--reuid=" + ACCOUNT, "--regid=" + ACCOUNT, "--clear-groups", "--"));
        }
        line.addAll(program);
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("server.log").toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("PG") || name.startsWith("LC_"));
        builder.environment().put("LANG", "C.UTF-8");
        return builder;
    }

    private static void place(Path file, String text) throws IOException {
        Files.writeString(file, text);
        own(file, "rw-------");
    }

    private static void own(Path file, String permissions) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        if (isRoot()) {
            Files.setOwner(file, account(file).orElseThrow());
        }
    }

    private boolean answers() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected() && log(folder).contains("ready to accept connections");
        } catch (java.net.ConnectException notYet) {
            return false;
        }
    }

    public int port() {
        return port;
    }

    /** The folder of its Unix socket. */
    public Path folder() {
        return folder;
    }

    /** The DSN of {@code database}, for the superuser. */
    public String uri(String database) {
        return "postgresql://postgres@localhost:" + port + "/" + database;
    }

    /** Runs statements in {@code database}. */
    public void execute(String database, String... statements) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The first column of a query's rows. */
    public List<String> query(String database, String sql) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                lines.add(rows.getString(1));
            }
        }
        return lines;
    }

    private Connection connect(String database) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/" + database, "postgres", "");
    }

    /** Stops the server by a fast shutdown, then by force, and deletes its folder. */
    @Override
    public void close() throws IOException {
        stop();
        delete(folder);
    }

    private void stop() throws IOException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start();
        try {
            process.onExit().get(10, TimeUnit.SECONDS);
        } catch (Exception still) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().onExit().join();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
