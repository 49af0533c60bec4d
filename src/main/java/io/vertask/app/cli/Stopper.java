package io.vertask.app.cli;

import io.vertask.app.journal.RunEvent;
import io.vertask.app.run.Run;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The reaction to signals during a run: the first signal drains the run, the second Ctrl-C cancels it.
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
    private OptionalLong due = OptionalLong.empty();

    /**
     * Makes a stopper for the runs of one command.
     *
     * @param grace the time that running attempts have to finish after the first signal
     * @param say takes lines for the person who pressed Ctrl-C
     */
    Stopper(Duration grace, Consumer<String> say) {
        this.grace = grace;
        this.say = say;
        this.sayHere = say;
    }

    /** Attaches {@code started}, which signals stop from now on; {@code console} takes the messages. */
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

    /** The exit code of the requested stop; null when none was requested. */
    synchronized @Nullable ExitCode code() {
        return code;
    }

    /** Whether a stop was requested. */
    synchronized boolean isAsked() {
        return code != null;
    }

    /**
     * The time, by {@link System#nanoTime}, from which on nothing may run any longer but the cleanup; empty when no
     * stop was requested.
     */
    synchronized OptionalLong due() {
        return due;
    }

    /** Handles Ctrl-C. Returns false when it was pressed so often that the process has to halt. */
    synchronized boolean interrupt() {
        interrupts++;
        ask(ExitCode.INTERRUPTED, interrupts == 1 ? grace : Duration.ZERO);
        if (interrupts == 1) {
            drain();
        } else if (interrupts == 2 && run != null) {
            run.cancel();
        }
        return interrupts <= 2;
    }

    /** Handles a signal that comes once: drains, and cancels when the grace period is over. */
    synchronized void terminate(ExitCode asked) {
        ask(asked, grace);
        drain();
    }

    private void ask(ExitCode asked, Duration left) {
        code = code == null ? asked : code;
        long end = System.nanoTime() + left.toNanos();
        due = OptionalLong.of(due.isEmpty() || end - due.getAsLong() < 0 ? end : due.getAsLong());
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
                console.accept("cancelled: the grace period of " + grace.toSeconds() + "s is over");
            }
        });
    }

    /** Reports the number of attempts that may still finish; a listener of the journal. */
    void listen(RunEvent event) {
        if (event instanceof RunEvent.Stopping stop && !stop.cancels() && stop.inFlight() > 0 && isAsked()) {
            String then = code() == ExitCode.INTERRUPTED ? "Ctrl-C again cancels them" : "then they are cancelled";
            sayHere()
                    .accept("stopping: " + stop.inFlight() + " in flight may finish within " + grace.toSeconds() + "s; "
                            + then);
        }
    }

    private synchronized Consumer<String> sayHere() {
        return sayHere;
    }
}
