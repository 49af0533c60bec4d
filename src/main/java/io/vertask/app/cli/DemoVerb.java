package io.vertask.app.cli;

import io.vertask.app.demo.DemoPostgres;
import io.vertask.app.demo.DemoServer;
import io.vertask.app.demo.DemoUnavailable;
import io.vertask.app.job.Job;
import io.vertask.app.ledger.StartMode;
import io.vertask.app.output.Output;
import io.vertask.app.run.StepKinds;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;

/**
 * The command {@code demo}: it runs three unchanged jobs of {@code conf/} against built-in servers.
 *
 * <p>The HTTP jobs run while Postgres starts, which takes a second or two.
 */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        headerHeading = "Examples:%n" + "  ./run.sh           the demo%n" + "  ./run.sh demo      the same%n" + "%n",
        header = "Runs three jobs of conf/ offline, against servers of its own.",
        description = "Runs three jobs of conf/ against a built-in GitHub-shaped server and an embedded Postgres: "
                + "no network, token or database needed.")
final class DemoVerb implements Callable<Integer> {
    private final Session session;

    DemoVerb(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        CompletableFuture<DemoPostgres> postgres = CompletableFuture.supplyAsync(DemoVerb::seeded);
        try {
            return session.run(open -> run(open, postgres)).code();
        } finally {
            postgres.thenAccept(DemoPostgres::close)
                    .exceptionally(never -> null)
                    .join();
        }
    }

    private static DemoPostgres seeded() {
        DemoPostgres started = DemoPostgres.start();
        try {
            started.seedUsers();
            return started;
        } catch (SQLException e) {
            started.close();
            throw new IllegalStateException(
                    "the demo's Postgres started, but its table could not be made: " + e.getMessage(), e);
        }
    }

    private static ExitCode run(Session session, CompletableFuture<DemoPostgres> postgres) {
        // the server has its own event loop, so that the measured times are those of the jobs
        Vertx servers = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        try {
            DemoServer server = DemoServer.start(servers)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            ExitCode api = step(
                    session,
                    "parallel_api",
                    "a GitHub-shaped server, four of its repositories misbehave",
                    Map.of(),
                    List.of(
                            "clients.github.url=" + server.url(),
                            "each=[" + String.join(", ", DemoServer.repositories()) + "]",
                            "limits.timeout=2s",
                            "limits.retries=1",
                            "limits.allow_failures=2"));
            ExitCode status = step(
                    session,
                    "url_status",
                    "twenty calls, never more than five at once",
                    Map.of(),
                    List.of("each.as=" + server.url() + "/delay/0.05?n={item}"));
            DemoPostgres database = postgres.join();
            ExitCode users = step(
                    session,
                    "db_users",
                    "an embedded Postgres, where users 7 and 13 don't exist",
                    Map.of("DATABASE_URL", database.uri()),
                    List.of());
            return worst(api, status, users);
        } catch (CompletionException e) {
            if (e.getCause() instanceof DemoUnavailable missing) {
                System.err.println(missing.getMessage());
                return ExitCode.NOT_STARTED;
            }
            throw e;
        } finally {
            servers.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private static ExitCode step(Session session, String job, String what, Map<String, String> env, List<String> sets) {
        if (session.isStopped()) {
            return ExitCode.INTERRUPTED;
        }
        System.err.println("── conf/" + job + ".yaml: " + what);
        Job read = StepKinds.BUILT_IN.reader().read("conf/" + job + ".yaml", text(job), env, sets);
        // unrecorded, so that a real run of the same job never skips the demo's items
        ExitCode code = session.run(read, Output.PLAIN, StartMode.of(StartMode.Kind.UNRECORDED));
        System.err.println();
        return code;
    }

    private static ExitCode worst(ExitCode... codes) {
        ExitCode worst = ExitCode.OK;
        for (ExitCode code : codes) {
            worst = code.code() > worst.code() ? code : worst;
        }
        return worst;
    }

    /** The text of the job file in the jar, a copy of the file in the folder conf. */
    private static String text(String job) {
        String name = "/conf/" + job + ".yaml";
        try (InputStream in = DemoVerb.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
