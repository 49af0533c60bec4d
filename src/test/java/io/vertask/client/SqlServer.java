package io.vertask.client;

import io.vertask.task.Tasks;
import io.vertask.testing.Joined;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The real Postgres of these tests, started once, and a second way in (JDBC) to see what it is doing. */
final class SqlServer {
    /** By which {@code pg_stat_activity} tells the sessions under test from others. */
    static final String APPLICATION = "under test";

    private static final EmbeddedPostgres POSTGRES = start();

    private SqlServer() {}

    private static EmbeddedPostgres start() {
        try {
            return EmbeddedPostgres.builder().start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static PgConnectOptions options() {
        return new PgConnectOptions()
                .setHost("127.0.0.1")
                .setPort(POSTGRES.getPort())
                .setUser("postgres")
                .setDatabase("postgres")
                .setProperties(Map.of("application_name", APPLICATION));
    }

    static SqlLimits limits(int max) {
        return SqlLimits.of(0, max);
    }

    /** Runs {@code program} as a task with a client that is closed afterwards. */
    static <T> @Nullable T with(SqlLimits limits, Reached reached, Function<SqlCalls, Future<T>> program) {
        Vertx vertx = Vertx.vertx();
        try {
            return Tasks.run(
                    vertx,
                    () -> SqlCalls.open(vertx, options(), limits, reached)
                            .compose(sql -> Tasks.finallyDo(() -> program.apply(sql), sql::close)));
        } finally {
            close(vertx);
        }
    }

    static void close(Vertx vertx) {
        Joined.within(10, vertx.close());
    }

    /** One number, asked for past the client under test; blocks. */
    static long ask(String sql) {
        try (Connection jdbc = POSTGRES.getPostgresDatabase().getConnection();
                Statement statement = jdbc.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static void execute(String sql) {
        try (Connection jdbc = POSTGRES.getPostgresDatabase().getConnection();
                Statement statement = jdbc.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@link #ask}, in a task: the question blocks another thread. */
    static Future<Long> asked(String sql) {
        return offLoop(() -> ask(sql));
    }

    static <T> Future<T> offLoop(Callable<T> work) {
        Context here = Vertx.currentContext();
        return here.executeBlocking(work, false);
    }

    static Future<Long> sessions() {
        return asked("SELECT count(*) FROM pg_stat_activity WHERE application_name = '" + APPLICATION + "'");
    }

    static Future<Long> running() {
        return asked("SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND application_name = '"
                + APPLICATION + "'");
    }

    /**
     * Waits in a task until the server sees {@code count} statements in their {@code pg_sleep}: a BEGIN or a PREPARE on
     * the way there is active too, and is not meant. The server has no event to wait for.
     */
    static Future<Void> untilRunning(long count) {
        long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        return Tasks.loopWhile(() -> sleeping().compose(now -> {
            if (now == count) {
                return Future.succeededFuture(false);
            }
            if (System.nanoTime() > deadline) {
                return Future.failedFuture("the server never had " + count + " statements running, but " + now);
            }
            return Tasks.sleep(Duration.ofMillis(5)).map(true);
        }));
    }

    private static Future<Long> sleeping() {
        return asked("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND application_name = '"
                + APPLICATION + "'");
    }

    /** Lets {@code user} in with {@code password} only; the others need none. */
    static void createUserWithPassword(String user, String password) {
        execute("CREATE USER " + user + " PASSWORD '" + password + "'");
        try (Connection jdbc = POSTGRES.getPostgresDatabase().getConnection();
                Statement statement = jdbc.createStatement();
                ResultSet rows = statement.executeQuery("SHOW hba_file")) {
            rows.next();
            Path hba = Path.of(rows.getString(1));
            Files.writeString(hba, "host all " + user + " 127.0.0.1/32 scram-sha-256\n" + Files.readString(hba));
        } catch (SQLException | IOException e) {
            throw new IllegalStateException(e);
        }
        ask("SELECT pg_reload_conf()::int");
    }

    /** Lets the server speak TLS too, with a certificate made for the purpose. */
    static void switchTlsOn(Path directory) {
        try {
            Path store = directory.resolve("server.p12");
            char[] word = "for-this-test".toCharArray();
            Process keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-keyalg",
                            "RSA",
                            "-alias",
                            "server",
                            "-dname",
                            "CN=localhost",
                            "-storetype",
                            "PKCS12",
                            "-storepass",
                            new String(word),
                            "-keystore",
                            store.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("keytool.log").toFile())
                    .start();
            if (!keytool.waitFor(30, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
                throw new IllegalStateException("keytool made no certificate");
            }
            KeyStore keys = KeyStore.getInstance(store.toFile(), word);
            Path certificate =
                    pem(directory, "CERTIFICATE", keys.getCertificate("server").getEncoded());
            Path key = pem(directory, "PRIVATE KEY", keys.getKey("server", word).getEncoded());
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
            execute("ALTER SYSTEM SET ssl_cert_file = '" + certificate + "'");
            execute("ALTER SYSTEM SET ssl_key_file = '" + key + "'");
            execute("ALTER SYSTEM SET ssl = on");
            ask("SELECT pg_reload_conf()::int");
        } catch (IOException | GeneralSecurityException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path pem(Path directory, String what, byte[] content) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return Files.writeString(
                directory.resolve(what.replace(' ', '-') + ".pem"),
                "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
    }
}
