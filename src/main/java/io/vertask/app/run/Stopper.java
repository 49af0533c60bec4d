package io.vertask.app.run;

import io.vertask.task.CancelReason;
import io.vertask.task.Task;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a run is stopped from outside: first it drains, then it is cancelled.
 *
 * <p><b>Threads.</b> {@link #interrupt} and {@link #terminate} from any thread (a signal's); the rest on the run's
 * event loop.
 */
public final class Stopper {
    private final Duration grace;
    private final Consumer<String> say;
    private Consumer<String> sayHere;
    private @Nullable JobRun run;
    private @Nullable Task<?> main;
    private io.vertx.core.@Nullable Context loop;
    private int interrupts;
    private @Nullable ExitCode code;

    /** {@code grace}: how long a drain lets what is in flight go on; {@code say}: for the person who pressed Ctrl-C. */
    public Stopper(Duration grace, Consumer<String> say) {
        this.grace = grace;
        this.say = say;
        this.sayHere = say;
    }

    /** From now on there is something to stop; {@code console} takes what is to be said. */
    synchronized void attach(JobRun started, Task<?> task, io.vertx.core.Context context, Consumer<String> console) {
        sayHere = console;
        run = started;
        main = task;
        loop = context;
        if (code != null) {
            drain();
        }
    }

    synchronized void detach() {
        sayHere = say;
        run = null;
        main = null;
        loop = null;
    }

    /** How the process is to end; null when nobody asked. */
    synchronized @Nullable ExitCode code() {
        return code;
    }

    /** Whether anybody asked. */
    public synchronized boolean isAsked() {
        return code != null;
    }

    /** Ctrl-C: the first one drains, the second one cancels. False when there is nothing left to do but to halt. */
    public synchronized boolean interrupt() {
        interrupts++;
        code = code == null ? ExitCode.INTERRUPTED : code;
        if (interrupts == 1) {
            drain();
        } else if (interrupts == 2) {
            cancel();
        }
        return interrupts <= 2;
    }

    /** SIGTERM: drains, then cancels. */
    public synchronized void terminate() {
        code = code == null ? ExitCode.TERMINATED : code;
        drain();
    }

    /** Nobody reads the output any more. */
    synchronized void outputGone() {
        code = code == null ? ExitCode.STOPPED_EARLY : code;
        cancel();
    }

    private void drain() {
        JobRun draining = run;
        if (draining == null || loop == null) {
            return;
        }
        Consumer<String> console = sayHere;
        loop.runOnContext(here -> {
            if (draining.isDraining()) {
                return;
            }
            draining.drain();
            int inFlight = draining.tally.inFlight();
            if (inFlight > 0) {
                console.accept("stopping: " + inFlight + " in flight may finish within " + grace.toSeconds()
                        + "s; Ctrl-C again cancels them");
            }
        });
        // unref'd with the run: cancelling a task that is over does nothing
        Task<?> task = main;
        loop.owner().setTimer(grace.toMillis(), late -> {
            if (task != null && task.cancel(CancelReason.SHUTDOWN)) {
                console.accept("cancelled: " + grace.toSeconds() + "s of grace are over");
            }
        });
    }

    private void cancel() {
        if (main != null) {
            main.cancel(CancelReason.SHUTDOWN);
        }
    }
}
