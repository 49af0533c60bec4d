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
 * <p>Deploying it starts main, like {@code asyncio.run(main())}; undeploying it cancels main and waits for its cleanup.
 */
abstract class Program extends VerticleBase {
    private final Printer printer;
    private @Nullable Task<?> task;

    Program(Printer printer) {
        this.printer = printer;
    }

    /** The program's {@code main} on the page. */
    abstract Future<?> main() throws Exception;

    /** {@code print}: prints one line of the result. */
    final void print(Object line) {
        printer.out(line.toString());
    }

    /** Prints one line that is not part of the result. */
    final void note(String line) {
        printer.err(line);
    }

    @Override
    public final Future<?> start() throws Exception {
        task = Tasks.start("main", this::main);
        return super.start();
    }

    /** The end of main, with its value or its error; only after the deployment. */
    final Future<?> ended() {
        return Objects.requireNonNull(task, "not deployed").future();
    }
}
