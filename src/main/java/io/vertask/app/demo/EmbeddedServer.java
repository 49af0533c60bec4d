package io.vertask.app.demo;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The Postgres process: the only class that links the classes of the embedded Postgres and of its JDBC driver, which
 * may be absent at run time.
 */
final class EmbeddedServer {
    static final String HOST = "127.0.0.1";
    static final String USER = "postgres";

    private final EmbeddedPostgres postgres;

    private EmbeddedServer(EmbeddedPostgres postgres) {
        this.postgres = postgres;
    }

    /**
     * Starts a server with its data and log in {@code directory}; it is set for speed and loses its data in a crash.
     *
     * @param binaries the directory with the binaries, or to unpack them into
     */
    static EmbeddedServer startIn(Path directory, Path binaries) throws IOException {
        ProcessBuilder.Redirect log =
                ProcessBuilder.Redirect.appendTo(directory.resolve("log").toFile());
        return new EmbeddedServer(EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(binaries.toFile())
                // The location of binaries is cached per resolver for the life of the JVM: use a new one each time.
                .setPgBinaryResolver(new Binaries())
                .setDataDirectory(directory.resolve("data"))
                .setCleanDataDirectory(true)
                .setRegisterShutdownHook(false)
                .setOutputRedirector(log)
                .setErrorRedirector(log)
                .setPGStartupWait(Duration.ofSeconds(30))
                // The environment may name a locale that is not installed.
                .setLocaleConfig("locale", "C")
                .setServerConfig("listen_addresses", HOST)
                .setServerConfig("unix_socket_directories", "")
                .setServerConfig("max_connections", "120")
                .setServerConfig("shared_buffers", "16MB")
                .setServerConfig("fsync", "off")
                .setServerConfig("synchronous_commit", "off")
                .setServerConfig("full_page_writes", "off")
                .setServerConfig("wal_level", "minimal")
                .setServerConfig("max_wal_senders", "0")
                .setServerConfig("autovacuum", "off")
                // Without the errors of statements, the log stays short however long the server runs.
                .setServerConfig("log_min_messages", "log")
                .setServerConfig("log_checkpoints", "off")
                .start());
    }

    int port() {
        return postgres.getPort();
    }

    Connection connect(String database) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {HOST});
        source.setPortNumbers(new int[] {port()});
        source.setDatabaseName(database);
        source.setUser(USER);
        return source.getConnection();
    }

    void stop() throws IOException {
        postgres.close();
    }

    private static final class Binaries implements PgBinaryResolver {
        @Override
        public InputStream getPgBinary(String system, String architecture) throws IOException {
            return DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, architecture);
        }
    }
}
