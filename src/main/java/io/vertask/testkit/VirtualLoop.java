package io.vertask.testkit;

import io.vertask.task.Coroutine;
import io.vertask.task.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Runs a test's programs on a virtual clock, in the order and with the cancel of the current repetition.
 *
 * <p>It is a parameter of test methods with {@link Schedules}, {@link CancelAtEveryTurn} or {@link VirtualTest}. When
 * the method has ended, each of its runs must have left nothing behind.
 *
 * <p><b>Threads.</b> The test's own; a run blocks it.
 */
public final class VirtualLoop {
    private static final int NEVER = -1;

    private final @Nullable Long seed;
    private final int cancelAt;
    private final List<VirtualRun<?>> runs = new ArrayList<>();
    private boolean reportsAllowed;

    private VirtualLoop(@Nullable Long seed, int cancelAt) {
        this.seed = seed;
        this.cancelAt = cancelAt;
    }

    static VirtualLoop inOrder() {
        return new VirtualLoop(null, NEVER);
    }

    static VirtualLoop seeded(long seed) {
        return new VirtualLoop(seed, NEVER);
    }

    static VirtualLoop cancelledAt(int turn) {
        return new VirtualLoop(null, turn);
    }

    /** Runs {@code program} as a main task and waits for its end. */
    public <T> VirtualRun<T> run(Coroutine<T> program) {
        VirtualRun<T> run = VirtualRun.run(program, seed == null ? null : new Random(seed), cancelAt);
        runs.add(run);
        return run;
    }

    /**
     * Runs {@code program} and gives its value.
     *
     * <p><b>Failure.</b> The program's own exception, its cancellation included.
     */
    public <T> @Nullable T value(Coroutine<T> program) throws Exception {
        Outcome<T> outcome = run(program).outcome();
        if (outcome instanceof Outcome.Success<T> success) {
            return success.value();
        }
        if (outcome.errorOrNull() instanceof Error error) {
            throw error;
        }
        throw (Exception) outcome.errorOrNull();
    }

    /** Allows errors to reach the exception handler; the test checks {@link VirtualRun#unhandled} itself. */
    public VirtualLoop allowReports() {
        reportsAllowed = true;
        return this;
    }

    /** The seed of this repetition, if it has one. */
    public OptionalLong seed() {
        return seed == null ? OptionalLong.empty() : OptionalLong.of(seed);
    }

    /** The turn before which the main task is cancelled in this repetition, if it is. */
    public OptionalInt cancelledAt() {
        return cancelAt == NEVER ? OptionalInt.empty() : OptionalInt.of(cancelAt);
    }

    /** The number of turns of the longest run so far. */
    int turns() {
        return runs.stream().mapToInt(VirtualRun::turns).max().orElse(0);
    }

    /** Fails if a run left something behind. */
    void assertNothingLeftBehind() {
        for (VirtualRun<?> run : runs) {
            if (run.pendingTimers() > 0) {
                throw new AssertionError("left behind: " + run.pendingTimers() + " timers");
            }
            if (!reportsAllowed && !run.unhandled().isEmpty()) {
                throw new AssertionError(
                        "reached the exception handler: " + run.unhandled(),
                        run.unhandled().get(0));
            }
        }
    }
}
