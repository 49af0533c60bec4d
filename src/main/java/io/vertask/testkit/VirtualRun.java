package io.vertask.testkit;

import io.vertask.task.CancelledException;
import io.vertask.task.Coroutine;
import io.vertask.task.Outcome;
import io.vertask.task.TaskTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The result of running a program on a virtual clock, in an order that a seed decides.
 *
 * <p>The same seed gives the same interleaving, and the same random numbers to the library.
 * {@link #cancelledAtEveryTurn} runs a program again and again, each time cancelled one turn later, so that a cancel
 * hits every point at which the program can be interrupted.
 *
 * <p><b>Failure.</b> A program that hangs, because it waits and nothing is left that could end the wait, ends the run
 * with an {@link AssertionError} that says which task waits for what.
 *
 * @param <T> the type of the program's value
 */
public final class VirtualRun<T> {
    private final Outcome<T> outcome;
    private final int turns;
    private final Duration elapsed;
    private final List<Throwable> unhandled;
    private final int pendingTimers;
    private volatile boolean outcomeRead;

    VirtualRun(Outcome<T> outcome, int turns, Duration elapsed, List<Throwable> unhandled, int pendingTimers) {
        this.outcome = outcome;
        this.turns = turns;
        this.elapsed = elapsed;
        this.unhandled = List.copyOf(unhandled);
        this.pendingTimers = pendingTimers;
    }

    /** Runs {@code main} with ready steps in first-in, first-out order. */
    public static <T> VirtualRun<T> of(Coroutine<T> main) {
        Objects.requireNonNull(main, "VirtualRun.of: main is null");
        return VirtualProgram.run(main, null, VirtualProgram.NEVER);
    }

    /** Runs {@code main} with ready steps in the order of {@code seed}. */
    public static <T> VirtualRun<T> seeded(long seed, Coroutine<T> main) {
        Objects.requireNonNull(main, "VirtualRun.seeded: main is null");
        return VirtualProgram.run(main, seed, VirtualProgram.NEVER);
    }

    /** Runs {@code main} first in, first out, with the main task cancelled before turn {@code turn}. */
    public static <T> VirtualRun<T> cancelledAt(int turn, Coroutine<T> main) {
        Objects.requireNonNull(main, "VirtualRun.cancelledAt: main is null");
        return VirtualProgram.run(main, null, turn);
    }

    /**
     * Runs a fresh program for each turn of an undisturbed run, cancelled there, and hands every run to {@code check}.
     *
     * @return the number of runs
     */
    public static <T> int cancelledAtEveryTurn(Supplier<Coroutine<T>> program, Check<T> check) {
        Objects.requireNonNull(program, "VirtualRun.cancelledAtEveryTurn: program is null");
        Objects.requireNonNull(check, "VirtualRun.cancelledAtEveryTurn: check is null");
        int turns = of(program.get()).turns();
        for (int turn = 0; turn <= turns; turn++) {
            check.check(turn, cancelledAt(turn, program.get()));
        }
        return turns + 1;
    }

    /** A check of each run. */
    @FunctionalInterface
    public interface Check<T> {
        /** Checks {@code run}, whose main task was cancelled before turn {@code turn}. */
        void check(int turn, VirtualRun<T> run);
    }

    /** The outcome of the main task. */
    public Outcome<T> outcome() {
        outcomeRead = true;
        return outcome;
    }

    /** The number of turns on the ready queue. */
    public int turns() {
        return turns;
    }

    /** The virtual time that passed. */
    public Duration elapsed() {
        return elapsed;
    }

    /** The errors that reached the context's exception handler. */
    public List<Throwable> unhandled() {
        return unhandled;
    }

    /** The number of timers left behind. */
    public int pendingTimers() {
        return pendingTimers;
    }

    /** The failure of the program, if nobody has read the outcome; a cancellation is none, but may hide one. */
    @Nullable
    Throwable unreadFailure() {
        Throwable error = outcomeRead ? null : outcome.errorOrNull();
        return outcome instanceof Outcome.Failure || hidesFailure(error) ? error : null;
    }

    private static boolean hidesFailure(@Nullable Throwable cancellation) {
        return cancellation != null
                && Arrays.stream(cancellation.getSuppressed())
                        .anyMatch(second ->
                                !(second instanceof CancelledException || second instanceof TaskTimeoutException)
                                        || hidesFailure(second));
    }

    @Override
    public String toString() {
        return "VirtualRun[outcome=" + outcome + ", turns=" + turns + ", elapsed=" + elapsed + ", unhandled="
                + unhandled + ", pendingTimers=" + pendingTimers + "]";
    }
}
