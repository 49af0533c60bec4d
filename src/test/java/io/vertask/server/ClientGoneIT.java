package io.vertask.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.client.HttpCalls;
import io.vertask.client.Reached;
import io.vertask.client.SqlCalls;
import io.vertask.client.SqlLimits;
import io.vertask.client.libpq.PgConnect;
import io.vertask.task.CancelReason.Kind;
import io.vertask.task.Outcome;
import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertask.testing.Postgres;
import io.vertask.testing.RecordedConnection;
import io.vertask.testing.RecordingHttpServer;
import io.vertask.testing.Reply;
import io.vertask.testing.Transport;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.client.WebClient;
import io.vertx.sqlclient.Tuple;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** From one end to the other: a client hangs up, and what its request waits for stops. */
@Timeout(120)
@Tag("semantics-162")
class ClientGoneIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final BlockingQueue<Task<?>> tasks = new LinkedTransferQueue<>();
    private final Reached reached = new Reached();

    private static long sleeping() throws Exception {
        try (Connection jdbc = Postgres.connect("postgres");
                Statement statement = jdbc.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM pg_stat_activity"
                        + " WHERE state = 'active' AND query = 'SELECT pg_sleep(61)'")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static void untilSleeping(long count) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (sleeping() != count) {
            assertThat(System.nanoTime()).as("%d statements sleep", count).isLessThan(end);
            LockSupport.parkNanos(5_000_000);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theStatementAndTheCallOfAClientThatHangsUpAreStopped(Transport transport) throws Exception {
        Vertx vertx = Vertx.vertx();
        try (RecordingHttpServer upstream = RecordingHttpServer.start().on("/slow", new Reply.Silence())) {
            HttpCalls http = HttpCalls.create(vertx, HttpCalls.Options.of(1).withDeadlineHeader(), reached);
            SqlCalls sql =
                    SqlCalls.create(vertx, PgConnect.options(Postgres.uri(), Map.of()), SqlLimits.of(0, 1), reached);
            int port = vertx.createHttpServer(transport.server())
                    .requestHandler(request -> tasks.add(serve(request, http, sql, upstream.url())))
                    .listen(0, "localhost")
                    .await(15, TimeUnit.SECONDS)
                    .actualPort();
            WebClient client = WebClient.create(vertx, transport.client());
            var unused = client.getAbs(transport.url(port) + "/both")
                    .putHeader(DeadlineHeader.HEADER, "60000")
                    .send();
            RecordedConnection call = upstream.awaitRequests(1, PATIENCE);
            untilSleeping(1);
            assertThat(Long.parseLong(upstream.requests().get(0).headers().get(DeadlineHeader.HEADER)))
                    .as("what is left goes on to the next server")
                    .isBetween(30_000L, 60_000L);

            client.close();

            Task<?> task = tasks.poll(15, TimeUnit.SECONDS);
            assertThat(task).isNotNull();
            assertThat(task.settled().await(15, TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(
                            Outcome.Cancelled.class,
                            end -> assertThat(end.cause().reason().kind()).isEqualTo(Kind.CLIENT_GONE));
            call.awaitClosedByPeer(PATIENCE);
            untilSleeping(0);
            assertThat(reached.snapshot()).hasToString("1 socket closed, 1 statement cancelled");
            assertThat(sql.use().taken()).isZero();
        } finally {
            vertx.close().await(20, TimeUnit.SECONDS);
        }
    }

    private static Task<?> serve(HttpServerRequest request, HttpCalls http, SqlCalls sql, String upstream) {
        return Requests.serve(
                request,
                () -> Tasks.<Void>gather(
                        () -> sql.query("SELECT pg_sleep(61)", Tuple.tuple()).mapEmpty(),
                        () -> http.web().getAbs(upstream + "/slow").send().mapEmpty()));
    }

    @ParameterizedTest
    @EnumSource
    void anIncomingDeadlineEndsThemToo(Transport transport) throws Exception {
        Vertx vertx = Vertx.vertx();
        try (RecordingHttpServer upstream = RecordingHttpServer.start().on("/slow", new Reply.Silence())) {
            HttpCalls http = HttpCalls.create(vertx, HttpCalls.Options.of(1), reached);
            SqlCalls sql =
                    SqlCalls.create(vertx, PgConnect.options(Postgres.uri(), Map.of()), SqlLimits.of(0, 1), reached);
            int port = vertx.createHttpServer(transport.server())
                    .requestHandler(request -> tasks.add(serve(request, http, sql, upstream.url())))
                    .listen(0, "localhost")
                    .await(15, TimeUnit.SECONDS)
                    .actualPort();
            int status = WebClient.create(vertx, transport.client())
                    .getAbs(transport.url(port) + "/both")
                    .putHeader(DeadlineHeader.HEADER, "3000")
                    .send()
                    .await(30, TimeUnit.SECONDS)
                    .statusCode();
            assertThat(status).isEqualTo(504);
            untilSleeping(0);
            assertThat(upstream.requests().get(0).headers())
                    .as("off by default")
                    .doesNotContainKey(DeadlineHeader.HEADER);
        } finally {
            vertx.close().await(20, TimeUnit.SECONDS);
        }
    }
}
