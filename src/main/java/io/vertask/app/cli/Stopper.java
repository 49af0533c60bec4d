package io.vertask.app.cli;

import io.vertask.app.journal.RunEvent;
import io.vertask.app.run.Run;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How signals stop a run: the first one drains it, the second one cancels it.
 *
 * <p><b>Threads.</b> Any thread may call.
 */
final class Stopper {
    private final Duration grace;
    private final Consumer<String> say;
    private Consumer<String> sayHere;
    private @Nullable Run run;
    private @Nullable Vertx vertx;
    private int interrupts;
    private @Nullable ExitCode code;

    /**
     * For the runs of one command.
     *
     * @param grace how long attempts that run may go on after the first signal
     * @param say takes lines for the person who pressed Ctrl-C
     */
    Stopper(Duration grace, Consumer<String> say) {
        this.grace = grace;
        this.say = say;
        this.sayHere = say;
    }

    /** From now on signals stop {@code started}; {@code console} takes the lines. */
    synchronized void attach(Run started, Vertx runs, Consumer<String> console) {
        sayHere = console;
        run = started;
        vertx = runs;
        if (code != null) {
            drain();
        }
    }

    synchronized void detach() {
        sayHere = say;
        run = null;
    }

    /** How the process is to end; null when nobody has asked for it. */
    synchronized @Nullable ExitCode code() {
        return code;
    }

    /** Whether anybody has asked for the end. */
    synchronized boolean isAsked() {
        return code != null;
    }

    /** Ctrl-C. False when it was pressed too often for anything but to halt. */
    synchronized boolean interrupt() {
        interrupts++;
        code = code == null ? ExitCode.INTERRUPTED : code;
        if (interrupts == 1) {
            drain();
        } else if (interrupts == 2 && run != null) {
            run.cancel();
        }
        return interrupts <= 2;
    }

    /** SIGTERM: drains, and cancels when the grace is over. */
    synchronized void terminate() {
        code = code == null ? ExitCode.TERMINATED : code;
        drain();
    }

    private void drain() {
        Run running = run;
        if (running == null || vertx == null) {
            return;
        }
        Consumer<String> console = sayHere;
        running.drain();
        vertx.setTimer(grace.toMillis(), late -> {
            if (running.cancel()) {
                console.accept("cancelled: " + grace.toSeconds() + "s of grace are over");
            }
        });
    }

    /** Tells, as a listener of the journal, how many attempts may still finish. */
    void listen(RunEvent event) {
        if (event instanceof RunEvent.Stopping stop && !stop.cancels() && stop.inFlight() > 0 && isAsked()) {
            sayHere()
                    .accept("stopping: " + stop.inFlight() + " in flight may finish within " + grace.toSeconds()
                            + "s; Ctrl-C again cancels them");
        }
    }

    private synchronized Consumer<String> sayHere() {
        return sayHere;
    }
}
