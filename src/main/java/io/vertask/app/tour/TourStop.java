package io.vertask.app.tour;

import io.vertx.core.Future;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * One stop of the tour.
 *
 * @param name its name on the command line
 * @param heading its subject, in the page's words
 * @param program makes the program, with the services that it needs
 */
record TourStop(String name, String heading, Function<TourServices, Future<? extends Program>> program) {

    /** All stops, in the page's order. */
    static final List<TourStop> ALL = List.of(
            alone("price", "async def and await", PriceProgram::new),
            alone("gather", "run tasks in parallel", GatherProgram::new),
            alone("gather-errors", "errors as values", GatherErrorsProgram::new),
            alone("task-group", "structured concurrency", TaskGroupProgram::new),
            alone("timeout", "timeout and wait_for", TimeoutProgram::new),
            alone("cancel", "cancellation", CancelProgram::new),
            alone("direct", "cancellation, in straight-line code", DirectProgram::new),
            alone("context-manager", "async context managers", ContextManagerProgram::new),
            alone("generator", "async generators", GeneratorProgram::new),
            alone("executor", "sync code in an executor", ExecutorProgram::new),
            with("parallel-api", "parallel API calls", TourServices::server, ParallelApiProgram::new),
            with("db-pool", "database connection pool", TourServices::database, DbPoolProgram::new),
            with("semaphore", "limit concurrency", TourServices::server, SemaphoreProgram::new),
            alone("queue", "producers and workers", QueueProgram::new));

    private static TourStop alone(String name, String heading, Function<Printer, Program> program) {
        return new TourStop(name, heading, services -> Future.succeededFuture(program.apply(services.printer())));
    }

    /** A program that gets the address of a service. */
    private static TourStop with(
            String name,
            String heading,
            Function<TourServices, Future<String>> service,
            BiFunction<Printer, String, Program> program) {
        return new TourStop(
                name, heading, services -> service.apply(services).map(url -> program.apply(services.printer(), url)));
    }

    static TourStop named(String name) {
        return ALL.stream().filter(stop -> stop.name.equals(name)).findFirst().orElseThrow();
    }
}
