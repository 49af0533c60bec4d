package io.vertask.app.tour;

import io.vertask.task.Task;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One program of the page: a verticle whose root task is {@link #main}.
 *
 * <p>Deploying it starts main, as {@code asyncio.run(main())} does; undeploying it cancels main and waits for its
 * cleanup.
 */
abstract class Program extends VerticleBase {
    private final Printer printer;
    private @Nullable Task<?> task;

    Program(Printer printer) {
        this.printer = printer;
    }

    /** What the page has in its {@code main}. */
    abstract Future<?> main() throws Exception;

    /** {@code print}: one line of the result. */
    final void print(Object line) {
        printer.out(line.toString());
    }

    /** One line about the result, and not of it. */
    final void note(String line) {
        printer.err(line);
    }

    @Override
    public final Future<?> start() throws Exception {
        task = Tasks.start("main", this::main);
        return super.start();
    }

    /** The end of main, once this is deployed: with its value or its error. */
    final Future<?> ended() {
        return Objects.requireNonNull(task, "not deployed").future();
    }
}
