package io.vertask.testkit;

import io.vertask.task.Coroutine;
import io.vertask.task.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
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
    private final @Nullable Long seed;
    private final int cancelAt;
    private final List<VirtualRun<?>> runs = new ArrayList<>();
    private boolean reportsAllowed;

    private VirtualLoop(@Nullable Long seed, int cancelAt) {
        this.seed = seed;
        this.cancelAt = cancelAt;
    }

    static VirtualLoop inOrder() {
        return new VirtualLoop(null, VirtualProgram.NEVER);
    }

    static VirtualLoop seeded(long seed) {
        return new VirtualLoop(seed, VirtualProgram.NEVER);
    }

    static VirtualLoop cancelledAt(int turn) {
        return new VirtualLoop(null, turn);
    }

    /**
     * Runs {@code program} as a main task and waits for its end.
     *
     * <p><b>Failure.</b> When {@code program} fails and the test does not read {@link VirtualRun#outcome}, the test
     * fails at its end. A cancellation is no failure, so {@link CancelAtEveryTurn} needs no check of the outcome.
     */
    public <T> VirtualRun<T> run(Coroutine<T> program) {
        Objects.requireNonNull(program, "VirtualLoop.run: program is null");
        VirtualRun<T> run = VirtualProgram.run(program, seed, cancelAt);
        runs.add(run);
        return run;
    }

    /**
     * Runs {@code program} and gives its value.
     *
     * <p><b>Failure.</b> The program's own exception, its cancellation included.
     */
    public <T> @Nullable T value(Coroutine<T> program) throws Exception {
        Objects.requireNonNull(program, "VirtualLoop.value: program is null");
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
        return cancelAt == VirtualProgram.NEVER ? OptionalInt.empty() : OptionalInt.of(cancelAt);
    }

    /** The number of turns of the longest run so far. */
    int turns() {
        return runs.stream().mapToInt(VirtualRun::turns).max().orElse(0);
    }

    /** The failures of programs whose outcome the test has not read. */
    List<Throwable> unreadFailures() {
        return runs.stream()
                .map(VirtualRun::unreadFailure)
                .filter(Objects::nonNull)
                .<Throwable>map(Objects::requireNonNull)
                .toList();
    }

    /** Fails if a program has failed and the test did not look, or if a run left something behind. */
    void assertNothingLeftBehind() {
        for (Throwable failure : unreadFailures()) {
            throw new AssertionError(
                    "the program failed, and the test did not read the outcome of its run: " + failure, failure);
        }
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
