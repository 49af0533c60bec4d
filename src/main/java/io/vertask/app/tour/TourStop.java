package io.vertask.app.tour;

import io.vertx.core.Future;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * One stop of the tour.
 *
 * @param name what it is asked for by
 * @param heading what it is about, in the page's words
 * @param program makes it, with what it needs of the stage
 */
record TourStop(String name, String heading, Function<TourServices, Future<? extends Program>> program) {

    /** All of them, in the page's order. */
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
        return new TourStop(name, heading, stage -> Future.succeededFuture(program.apply(stage.printer())));
    }

    /** A program that is told where to find a service. */
    private static TourStop with(
            String name,
            String heading,
            Function<TourServices, Future<String>> service,
            BiFunction<Printer, String, Program> program) {
        return new TourStop(
                name, heading, stage -> service.apply(stage).map(url -> program.apply(stage.printer(), url)));
    }

    static TourStop named(String name) {
        return ALL.stream().filter(stop -> stop.name.equals(name)).findFirst().orElseThrow();
    }
}
