package io.vertask.app.tour;

import io.vertask.app.job.yaml.Nearest;
import io.vertask.task.CancelledException;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/**
 * Runs the programs of the page one after another, each deployed as a verticle on one event loop.
 *
 * <p>Their output goes to {@code out}, a heading for each to {@code err}.
 */
public final class Tour {
    /**
     * Every program ends within three seconds, plus the first start of Postgres; one that hangs must not block the
     * others forever.
     */
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final Printer printer;
    private final TourServices services;
    private boolean failed;

    private Tour(Printer printer) {
        this.printer = printer;
        this.services = new TourServices(printer);
    }

    /** The names of all programs, in the page's order. */
    public static List<String> names() {
        return TourStop.ALL.stream().map(TourStop::name).toList();
    }

    /**
     * Runs the programs called {@code names}, or all of them when none is named.
     *
     * <p><b>Failure.</b> A program that fails is reported on {@code err}; the others still run.
     *
     * <p><b>Cancellation.</b> Interrupting the thread cancels the running program and waits for its cleanup; then this
     * throws {@link CancelledException}.
     *
     * <p><b>Threads.</b> Blocks: for a plain thread.
     *
     * @return the exit code: 0; 1 when a program failed; 2 when a name is unknown, in which case nothing was run
     */
    public static int run(List<String> names, PrintStream out, PrintStream err) {
        List<String> unknown =
                names.stream().filter(Predicate.not(names()::contains)).toList();
        if (!unknown.isEmpty()) {
            unknown.forEach(name -> err.println(unknown(name)));
            err.println("the tour has: " + String.join(" ", names()));
            return 2;
        }
        List<TourStop> stops = names.isEmpty()
                ? TourStop.ALL
                : names.stream().map(TourStop::named).toList();
        try (Printer printer = new Printer(out, err)) {
            return of(stops, printer);
        }
    }

    static int of(List<TourStop> stops, Printer printer) {
        Tour tour = new Tour(printer);
        Tasks.run(() -> Tasks.finallyDo(() -> Tasks.forEach(stops, tour::visit), LIMIT, tour.services::close));
        return tour.failed ? 1 : 0;
    }

    private static String unknown(String name) {
        String meant = Nearest.to(name, names());
        return "no program `" + name + "`" + (meant == null ? "" : ": did you mean `" + meant + "`?");
    }

    private Future<?> visit(TourStop stop) {
        printer.err("# " + stop.name() + ": " + stop.heading());
        return Tasks.timeout(LIMIT, () -> stop.program().apply(services).compose(Tour::deployed))
                .recover(error -> {
                    failed = true;
                    printer.err(stop.name() + ": ERROR - " + (error.getMessage() == null ? error : error.getMessage()));
                    return Future.succeededFuture();
                });
    }

    /** Deploys {@code program}, waits for its end, and undeploys it. */
    private static Future<Object> deployed(Program program) {
        Vertx vertx = Vertx.currentContext().owner();
        return vertx.deployVerticle(program)
                .compose(id -> Tasks.finallyDo(() -> program.ended().mapEmpty(), () -> vertx.undeploy(id)));
    }
}
