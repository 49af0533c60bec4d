package io.vertask.app.output;

import io.vertask.app.job.yaml.MessageText;
import io.vertask.app.journal.RunEvent;
import io.vertask.app.journal.RunEvent.AttemptEnded;
import io.vertask.app.journal.RunEvent.Paused;
import io.vertask.app.journal.RunEvent.Stalled;
import io.vertask.app.workload.CallFailure;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * A listener of the journal that writes lines to stderr: for stalls of the event loop and, with {@code -v}, for each
 * failed attempt and each pause.
 */
public final class EventLines implements Consumer<RunEvent> {
    /** The number of stalls that are shown; further ones are only counted. */
    private static final int STALLS_SHOWN = 3;

    private static final Pattern THREAD = Pattern.compile("^.*-(\\d+)$");

    private final Console console;
    private final boolean quiet;
    private final boolean verbose;
    private int stalls;

    /** Makes a listener that writes the lines that {@code output} asks for to {@code console}. */
    public EventLines(Console console, Output output) {
        this.console = console;
        this.quiet = output.quiet();
        this.verbose = output.verbose();
    }

    @Override
    public void accept(RunEvent event) {
        if (verbose && event instanceof AttemptEnded attempt) {
            attempt.failure()
                    .ifPresent(why ->
                            tell(attempt.key() + ": attempt " + attempt.attempt() + " failed: " + why.message()));
        } else if (verbose && event instanceof Paused pause) {
            tell(pause.key() + ": its server asks for a pause of " + CallFailure.pauseWords(pause.length()));
        } else if (!quiet && event instanceof Stalled stall) {
            stall.step().ifPresent(step -> stalled(stall));
        }
    }

    /** The words for an event loop that does not come back, without the effect of that. */
    public static String blocked(Stalled stall) {
        return MessageText.oneLine(
                loop(stall) + " has been blocked for " + stall.took().toSeconds() + "s by " + code(stall));
    }

    private void tell(String line) {
        console.tell(MessageText.oneLine(line));
    }

    private static String loop(Stalled stall) {
        return THREAD.matcher(stall.loop()).replaceFirst("loop-$1");
    }

    /** The step, the item and the line that block the loop. */
    private static String code(Stalled stall) {
        return stall.step().map(step -> "step `" + step + "`").orElse("Vertask itself")
                + stall.key().map(key -> ", item " + key).orElse("")
                + stall.line().map(line -> " (" + line + ")").orElse("");
    }

    private void stalled(Stalled stall) {
        stalls++;
        if (stalls <= STALLS_SHOWN) {
            int others = stall.others();
            tell(loop(stall) + " was blocked " + stall.took().toMillis() + " ms by " + code(stall) + ". "
                    + (others == 0 ? "" : others + (others == 1 ? " task" : " tasks") + " waited. ")
                    + "Add `offload: io`."
                    + (stalls == STALLS_SHOWN ? " Further stalls are only counted." : ""));
        }
    }
}
