package io.vertask.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.client.libpq.PgConnect;
import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The verifying sslmodes against a server whose certificate is for {@code localhost}. */
@Tag("jdk")
@Timeout(60)
class SqlTlsIT {
    private static final Tuple NONE = Tuple.tuple();

    @TempDir
    static Path directory;

    private static Path root;
    private static Path stranger;

    @BeforeAll
    static void switchTlsOn() throws Exception {
        // two certificates: the first one is replaced by the one that the server then has
        Path first = Files.createDirectory(directory.resolve("first"));
        Path second = Files.createDirectory(directory.resolve("second"));
        SqlServer.switchTlsOn(first);
        SqlServer.switchTlsOn(second);
        stranger = first.resolve("CERTIFICATE.pem");
        root = second.resolve("CERTIFICATE.pem");
    }

    private static PgConnectOptions options(String host, String mode, Path trusted) {
        return PgConnect.options(
                "postgresql://postgres@" + host + ":" + SqlServer.options().getPort() + "/postgres?sslmode=" + mode
                        + "&application_name=" + SqlServer.APPLICATION.replace(" ", "%20"),
                Map.of("PGSSLROOTCERT", trusted.toString()));
    }

    private static @Nullable Throwable refused(PgConnectOptions options) {
        Vertx vertx = Vertx.vertx();
        try {
            return Tasks.run(vertx, () -> {
                SqlCalls sql = SqlCalls.create(vertx, options, SqlLimits.of(0, 1));
                return Tasks.finallyDo(
                        () -> sql.query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()", NONE)
                                .transform(end -> {
                                    if (end.succeeded()) {
                                        assertThat(end.result()
                                                        .iterator()
                                                        .next()
                                                        .getBoolean("ssl"))
                                                .isTrue();
                                    }
                                    return io.vertx.core.Future.succeededFuture(end.cause());
                                }),
                        sql::close);
            });
        } finally {
            SqlServer.close(vertx);
        }
    }

    @Test
    void verifyFullWantsTheNameAndTheRoot() {
        assertThat(refused(options("localhost", "verify-full", root))).isNull();
        assertThat(refused(options("127.0.0.1", "verify-full", root))).isInstanceOf(SqlConnectException.class);
        assertThat(refused(options("localhost", "verify-full", stranger))).isInstanceOf(SqlConnectException.class);
    }

    @Test
    void verifyCaWantsTheRootAlone() {
        assertThat(refused(options("127.0.0.1", "verify-ca", root))).isNull();
        assertThat(refused(options("127.0.0.1", "verify-ca", stranger))).isInstanceOf(SqlConnectException.class);
    }

    @Test
    void aVerifiedSessionIsCancelledOverAVerifiedSocket() {
        Vertx vertx = Vertx.vertx();
        Reached reached = new Reached();
        try {
            Outcome<RowSet<Row>> end = Tasks.run(vertx, () -> {
                SqlCalls sql =
                        SqlCalls.create(vertx, options("localhost", "verify-full", root), SqlLimits.of(0, 1), reached);
                Task<RowSet<Row>> victim = Tasks.start(() -> sql.query("SELECT pg_sleep(60)", NONE));
                return SqlServer.untilRunning(1)
                        .compose(running -> victim.cancelAndJoin())
                        .compose(over -> sql.close().map(over));
            });
            assertThat(end).isInstanceOf(Outcome.Cancelled.class);
        } finally {
            SqlServer.close(vertx);
        }
        assertThat(reached.snapshot()).hasToString("1 statement cancelled");
    }
}
