package io.vertask.app.tour;

import io.vertask.app.demo.DemoPostgres;
import io.vertask.app.demo.DemoServer;
import io.vertask.offload.Offload;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The printer and the servers that the programs of one tour share; each server is started at its first use.
 *
 * <p><b>Threads.</b> The event loop of the tour.
 */
final class TourServices {
    private final Printer printer;
    private @Nullable DemoServer server;
    private @Nullable DemoPostgres postgres;

    TourServices(Printer printer) {
        this.printer = printer;
    }

    Printer printer() {
        return printer;
    }

    /** The URL of a server that answers like GitHub and httpbin. */
    Future<String> server() {
        if (server != null) {
            return Future.succeededFuture(server.url());
        }
        Vertx vertx = Vertx.currentContext().owner();
        // opening the first server socket of a JVM reads files
        return offload("starting the server", () -> DemoServer.start(vertx))
                .compose(starting -> starting)
                .onSuccess(started -> server = started)
                .map(DemoServer::url);
    }

    /**
     * The URI of a database with a table of users.
     *
     * <p><b>Failure.</b> {@link io.vertask.app.demo.DemoUnavailable} where there is no Postgres to start.
     */
    Future<String> database() {
        if (postgres != null) {
            return Future.succeededFuture(postgres.uri());
        }
        return offload("starting Postgres", TourServices::postgresWithUsers)
                .onSuccess(started -> postgres = started)
                .map(DemoPostgres::uri);
    }

    /** Stops the servers that were started. */
    Future<Void> close() {
        DemoServer openServer = server;
        DemoPostgres openPostgres = postgres;
        return Future.join(
                        openServer == null ? Future.succeededFuture() : openServer.close(),
                        openPostgres == null
                                ? Future.succeededFuture()
                                : offload("stopping Postgres", () -> stopped(openPostgres)))
                .mapEmpty();
    }

    private static <T> Future<T> offload(String what, Callable<T> body) {
        return Offload.blocking(Vertx.currentContext().owner(), "tour", 1).call(what, body);
    }

    private static DemoPostgres stopped(DemoPostgres postgres) {
        postgres.close();
        return postgres;
    }

    private static DemoPostgres postgresWithUsers() throws Exception {
        DemoPostgres started = DemoPostgres.start();
        try {
            started.seedUsers();
            return started;
        } catch (Exception unseeded) {
            started.close();
            throw unseeded;
        }
    }
}
