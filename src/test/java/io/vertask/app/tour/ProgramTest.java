package io.vertask.app.tour;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertask.app.demo.DemoServer;
import io.vertask.task.CancelReason;
import io.vertask.task.CancelledException;
import io.vertask.task.Outcome;
import io.vertask.task.Tasks;
import io.vertask.testing.Joined;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ProgramTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /** Prints into {@link #out} and {@link #err}, which are complete when this returns. */
    private <T> T printing(Function<Printer, T> body) {
        try (Printer printer = new Printer(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8))) {
            return body.apply(printer);
        }
    }

    @Test
    void theSemaphoreLetsFiveRequestsOfTwentyThroughAtATime() {
        DemoServer.Stats stats = printing(printer -> {
            Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
            try {
                DemoServer server = done(DemoServer.start(vertx));
                Program program = new SemaphoreProgram(printer, server.url());
                done(vertx.deployVerticle(program));
                done(program.ended());
                return server.stats();
            } finally {
                done(vertx.close());
            }
        });
        assertThat(stats.requests()).isEqualTo(20);
        assertThat(stats.answered()).isEqualTo(20);
        assertThat(stats.peakOpen()).isEqualTo(5);
    }

    @Test
    void undeployingAProgramCancelsItAndWaitsForItsCleanup() {
        Outcome<Void> end = printing(printer -> Tasks.run(() -> {
            Vertx vertx = Vertx.currentContext().owner();
            Program program = new CancelProgram(printer);
            return vertx.deployVerticle(program)
                    .compose(id -> untilPrinted("background: starting").map(id))
                    .compose(id -> Tasks.settle(() -> program.ended().mapEmpty(), () -> vertx.undeploy(id)))
                    .map(ends -> ends.get(0));
        }));
        assertThat(end.errorOrNull())
                .isInstanceOfSatisfying(
                        CancelledException.class,
                        cancelled -> assertThat(cancelled.reason().kind()).isEqualTo(CancelReason.Kind.SHUTDOWN));
        assertThat(out.toString(UTF_8).lines())
                .containsExactly("background: starting", "background: cancelled, cleaning up", "background: done");
    }

    @Test
    void aProgramThatFailsIsReportedAndTheOthersStillRun() {
        List<TourStop> stops = List.of(
                stop("broken", printer -> new Broken(printer, new IllegalStateException("no luck"))),
                stop("unhappy", printer -> new Broken(printer, new NullPointerException())),
                TourStop.named("price"));
        int exitCode = printing(printer -> Tour.of(stops, printer));
        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString(UTF_8).lines())
                .containsExactly(
                        "# broken: for this test",
                        "broken: ERROR - no luck",
                        "# unhappy: for this test",
                        "unhappy: ERROR - java.lang.NullPointerException",
                        "# price: async def and await");
        assertThat(out.toString(UTF_8).lines()).containsExactly("AAPL: $182.5");
    }

    private static <T> T done(Future<T> future) {
        return Joined.within(10, future);
    }

    /** The printer prints on a thread of its own. */
    private Future<Void> untilPrinted(String line) {
        return Tasks.timeout(
                Duration.ofSeconds(5),
                () -> Tasks.loopWhile(() -> Tasks.sleep(Duration.ofMillis(5))
                        .map(slept -> !out.toString(UTF_8).contains(line))));
    }

    private static TourStop stop(String name, Function<Printer, Program> program) {
        return new TourStop(
                name, "for this test", services -> Future.succeededFuture(program.apply(services.printer())));
    }

    private static final class Broken extends Program {
        private final RuntimeException error;

        Broken(Printer printer, RuntimeException error) {
            super(printer);
            this.error = error;
        }

        @Override
        Future<?> main() {
            throw error;
        }
    }
}
